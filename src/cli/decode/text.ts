// A frame of HPIM-DM as lines for people.
import { formatAddress } from "../../base/address.ts";
import type { Relation } from "./acknowledgements.ts";
import type { Decoded, Message, Security } from "./decoded.ts";
import { instantOf } from "./time.ts";
import { TYPE_NAMES } from "./type-names.ts";

type Options = Partial<Extract<Message, { readonly kind: "hello" }>["options"]>;
type Tree = Pick<Extract<Message, { readonly kind: "ack" }>, "source" | "group">;

const FRAME_WIDTH = 6;
const TYPE_WIDTH = "IamNoLongerUpstream".length;
/** Of most IPv4 addresses of a link and a group; longer ones push what follows to the right. */
const ENDS_WIDTH = "10.10.10.10 > 224.0.0.13".length;

const treeText = ({ source, group }: Tree): string =>
  `(${formatAddress(source)}, ${formatAddress(group)})`;

function optionTexts({
  holdTimeSeconds,
  checkpointSn,
  holdTimeMillis,
}: Options): readonly string[] {
  return [
    ...(holdTimeSeconds === undefined ? [] : [`HoldTime ${holdTimeSeconds} s`]),
    ...(holdTimeSeconds === 0 ? ["goodbye"] : []),
    ...(checkpointSn === undefined ? [] : [`CheckpointSN ${checkpointSn}`]),
    ...(holdTimeMillis === undefined ? [] : [`HoldTimeMillis ${holdTimeMillis}`]),
  ];
}

/** The fields of a body (§2.2), without the trees of a Sync. */
function bodyTexts(message: Message): readonly string[] {
  switch (message.kind) {
    case "hello":
      return optionTexts(message.options);
    case "sync":
      return [
        `SyncSN ${message.syncSn}`,
        message.leader ? "leader" : "not leader",
        ...(message.part.more
          ? [`trees: ${message.part.entries.length}`]
          : ["no more trees", ...optionTexts(message.part.options)]),
        `MySSN ${message.mySsn}`,
        `NeighborSSN ${message.neighborSsn}`,
        `NeighborBootTime ${message.neighborBootTime}`,
      ];
    case "iamUpstream":
      return [
        treeText(message),
        `RPC ${message.rpc.preference}/${message.rpc.metric}`,
        `SN ${message.sn}`,
      ];
    case "iamNoLongerUpstream":
    case "interest":
    case "noInterest":
      return [treeText(message), `SN ${message.sn}`];
    case "ack":
      return [
        treeText(message),
        `NeighborSN ${message.neighborSn}`,
        `NeighborBootTime ${message.neighborBootTime}`,
        `MySSN ${message.mySsn}`,
        `NeighborSSN ${message.neighborSsn}`,
      ];
  }
}

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
    yield `${"".padStart(FRAME_WIDTH)}    ${treeText(tree)}, RPC ${rpc.preference}/${rpc.metric}`;
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
    ...bodyTexts(message),
    `BootTime ${message.bootTime}`,
    ...signatureTexts(security),
  ];
  yield `${headOf(decoded)}  ${TYPE_NAMES[message.kind].padEnd(TYPE_WIDTH)}  ${texts.join(", ")}`;
  yield* treeLines(message);
}
