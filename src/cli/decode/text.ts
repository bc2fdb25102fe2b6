// A frame of HPIM-DM as lines for people.
import { formatAddress } from "../../base/address.ts";
import { formatRpc, formatTree } from "../../base/tree-text.ts";
import { messageWords, TYPE_NAMES } from "../../wire/message-text.ts";
import type { Relation } from "./acknowledgements.ts";
import type { Decoded, Message, Security } from "./decoded.ts";
import { instantOf } from "./time.ts";

const FRAME_WIDTH = 6;
const TYPE_WIDTH = "IamNoLongerUpstream".length;
/** Of most IPv4 addresses of a link and a group; longer ones push what follows to the right. */
const ENDS_WIDTH = "10.10.10.10 > 224.0.0.13".length;

function signatureTexts({ identifier, lengthBytes, isRight }: Security): readonly string[] {
  if (lengthBytes === 0) return [];
  if (isRight === null) return [`signature not checked (key ${identifier})`];
  return [`signature ${isRight ? "right" : "wrong"} (key ${identifier})`];
}

const relationTexts = (
  message: Message,
  { repeats, acknowledges }: Relation,
): readonly string[] => [
  ...(repeats === null ? [] : [`again what frame ${repeats} says`]),
  ...(acknowledges === null ? [] : [`acknowledges frame ${acknowledges}`]),
  ...(message.kind === "ack" && acknowledges === null ? ["acknowledges nothing captured"] : []),
];

function headOf({ frame, nanos, source, destination }: Decoded): string {
  const ends = [source, destination].map((one) => (one === null ? "?" : formatAddress(one)));
  const time = nanos === null ? "(no time)" : instantOf(nanos);
  return `${String(frame).padStart(FRAME_WIDTH)}  ${time}  ${ends.join(" > ").padEnd(ENDS_WIDTH)}`;
}

function* treeLines(message: Message): Generator<string> {
  if (message.kind !== "sync" || !message.part.more) return;
  for (const { rpc, ...tree } of message.part.entries) {
    yield `${"".padStart(FRAME_WIDTH)}    ${formatTree(tree)}, RPC ${formatRpc(rpc)}`;
  }
}

/** The lines of a frame: one, and one for each tree of a Sync. */
export function* textLines(decoded: Decoded, relation: Relation): Generator<string> {
  const { content } = decoded;
  if (content.kind === "malformed") {
    yield `${headOf(decoded)}  malformed: ${content.reason}`;
    return;
  }
  const { message, security } = content;
  const texts = [
    ...relationTexts(message, relation),
    ...messageWords(message),
    ...signatureTexts(security),
  ];
  yield `${headOf(decoded)}  ${TYPE_NAMES[message.kind].padEnd(TYPE_WIDTH)}  ${texts.join(", ")}`;
  yield* treeLines(message);
}
