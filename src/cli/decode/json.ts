// A frame of HPIM-DM as a line of JSON, for programs.
import type { Address } from "../../base/address.ts";
import { formatAddress } from "../../base/address.ts";
import { messageFields } from "../../wire/message-text.ts";
import type { Relation } from "./acknowledgements.ts";
import type { Decoded, Message } from "./decoded.ts";
import { secondsOf } from "./time.ts";

type Fields = Readonly<Record<string, unknown>>;

const addressOrNull = (address: Address | null): string | null =>
  address === null ? null : formatAddress(address);

/** The trees of a Sync. */
const treesFields = (message: Message): Fields =>
  message.kind === "sync" && message.part.more
    ? {
        trees: message.part.entries.map(({ source, group, rpc }) => ({
          source: formatAddress(source),
          group: formatAddress(group),
          ...rpc,
        })),
      }
    : {};

function contentFields({ content }: Decoded, { repeats, acknowledges }: Relation): Fields {
  if (content.kind === "malformed") return { malformed: content.reason };
  const { message, security } = content;
  return {
    ...messageFields(message),
    ...treesFields(message),
    securityIdentifier: security.identifier,
    securityLength: security.lengthBytes,
    securityValid: security.isRight,
    ...(repeats !== null && { repeats }),
    ...(message.kind === "ack" && { acknowledges }),
  };
}

/** The line. Its `time` has all digits that the capture has: more than a reader keeps that takes numbers for doubles. */
export function jsonLine(decoded: Decoded, relation: Relation): string {
  const { frame, nanos, source, destination } = decoded;
  const rest = JSON.stringify({
    source: addressOrNull(source),
    destination: addressOrNull(destination),
    ...contentFields(decoded, relation),
  });
  const time = nanos === null ? null : secondsOf(nanos);
  return `{"frame":${frame},"time":${time},${rest.slice(1)}`;
}
