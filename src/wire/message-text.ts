// A message of HPIM-DM as fields for programs and as words for people: the same wherever one is shown.
import { formatAddress } from "../base/address.ts";
import { formatRpc, formatTree } from "../base/tree-text.ts";
import type { HelloOptions, Message } from "../core/messages.ts";

/** The types by the names that the protocol gives them (§2.1). */
export const TYPE_NAMES: Readonly<Record<Message["kind"], string>> = {
  hello: "Hello",
  sync: "Sync",
  iamUpstream: "IamUpstream",
  iamNoLongerUpstream: "IamNoLongerUpstream",
  interest: "Interest",
  noInterest: "NoInterest",
  ack: "Ack",
};

type Fields = Readonly<Record<string, unknown>>;

/** JSON leaves out what is undefined. */
const optionsFields = (options: HelloOptions): Fields => ({
  holdTime: options.holdTimeSeconds,
  checkpointSn: options.checkpointSn,
  holdTimeMillis: options.holdTimeMillis,
});

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
      ...(!message.part.more && optionsFields(message.part.options)),
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

/** The fields of a message but for the trees of a Sync. docs/captures.md explains them. */
export const messageFields = (message: Message): Fields => ({
  type: TYPE_NAMES[message.kind],
  bootTime: message.bootTime,
  ...bodyFields(message),
});

function optionWords({
  holdTimeSeconds,
  checkpointSn,
  holdTimeMillis,
}: HelloOptions): readonly string[] {
  return [
    ...(holdTimeSeconds === undefined ? [] : [`HoldTime ${holdTimeSeconds} s`]),
    ...(holdTimeSeconds === 0 ? ["goodbye"] : []),
    ...(checkpointSn === undefined ? [] : [`CheckpointSN ${checkpointSn}`]),
    ...(holdTimeMillis === undefined ? [] : [`HoldTimeMillis ${holdTimeMillis}`]),
  ];
}

function bodyWords(message: Message): readonly string[] {
  switch (message.kind) {
    case "hello":
      return optionWords(message.options);
    case "sync":
      return [
        `SyncSN ${message.syncSn}`,
        message.leader ? "leader" : "not leader",
        ...(message.part.more
          ? [`trees: ${message.part.entries.length}`]
          : ["no more trees", ...optionWords(message.part.options)]),
        `MySSN ${message.mySsn}`,
        `NeighborSSN ${message.neighborSsn}`,
        `NeighborBootTime ${message.neighborBootTime}`,
      ];
    case "iamUpstream":
      return [formatTree(message), `RPC ${formatRpc(message.rpc)}`, `SN ${message.sn}`];
    case "iamNoLongerUpstream":
    case "interest":
    case "noInterest":
      return [formatTree(message), `SN ${message.sn}`];
    case "ack":
      return [
        formatTree(message),
        `NeighborSN ${message.neighborSn}`,
        `NeighborBootTime ${message.neighborBootTime}`,
        `MySSN ${message.mySsn}`,
        `NeighborSSN ${message.neighborSsn}`,
      ];
  }
}

/** The words of a message behind its type; of the trees of a Sync their number. */
export const messageWords = (message: Message): readonly string[] => [
  ...bodyWords(message),
  `BootTime ${message.bootTime}`,
];
