// A frame of HPIM-DM as a line of JSON, for programs.
import type { Address } from "../../base/address.ts";
import { formatAddress } from "../../base/address.ts";
import type { Relation } from "./acknowledgements.ts";
import type { Decoded, Message } from "./decoded.ts";
import { secondsOf } from "./time.ts";
import { TYPE_NAMES } from "./type-names.ts";

type Options = Extract<Message, { readonly kind: "hello" }>["options"];
type Sync = Extract<Message, { readonly kind: "sync" }>;
type Fields = Readonly<Record<string, unknown>>;

const addressOrNull = (address: Address | null): string | null =>
  address === null ? null : formatAddress(address);

/** JSON leaves out what is undefined. */
const optionsFields = (options: Partial<Options>): Fields => ({
  holdTime: options.holdTimeSeconds,
  checkpointSn: options.checkpointSn,
  holdTimeMillis: options.holdTimeMillis,
});

const partFields = (part: Sync["part"]): Fields =>
  part.more
    ? {
        trees: part.entries.map(({ source, group, rpc }) => ({
          source: formatAddress(source),
          group: formatAddress(group),
          ...rpc,
        })),
      }
    : optionsFields(part.options);

/** The fields of a body (§2.2). */
function bodyFields(message: Message): Fields {
  if (message.kind === "hello") return optionsFields(message.options);
  if (message.kind === "sync") {
    return {
      mySnapshotSn: message.mySsn,
      neighborSnapshotSn: message.neighborSsn,
      neighborBootTime: message.neighborBootTime,
      master: message.leader,
      more: message.part.more,
      syncSn: message.syncSn,
      ...partFields(message.part),
    };
  }
  const tree = {
    treeSource: formatAddress(message.source),
    treeGroup: formatAddress(message.group),
  };
  if (message.kind === "ack") {
    return {
      ...tree,
      neighborBootTime: message.neighborBootTime,
      neighborSnapshotSn: message.neighborSsn,
      mySnapshotSn: message.mySsn,
      sn: message.neighborSn,
    };
  }
  return { ...tree, sn: message.sn, ...(message.kind === "iamUpstream" && message.rpc) };
}

function contentFields({ content }: Decoded, { repeats, acknowledges }: Relation): Fields {
  if (content.kind === "malformed") return { malformed: content.reason };
  const { message, security } = content;
  return {
    type: TYPE_NAMES[message.kind],
    bootTime: message.bootTime,
    securityIdentifier: security.identifier,
    securityLength: security.lengthBytes,
    securityValid: security.isRight,
    ...bodyFields(message),
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
