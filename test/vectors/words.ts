// Messages in words, without what is the sender's own choice: its sequence numbers and BootTimes.
import { type Address, formatAddress } from "../../src/base/address.ts";
import type { Ack, HelloOptions, Message, Rpc, Sync, TreeId } from "../../src/core/messages.ts";

const treeWords = ({ source, group }: TreeId): string =>
  `(${formatAddress(source)},${formatAddress(group)})`;

const rpcWords = ({ preference, metric }: Rpc): string => `${preference}/${metric}`;

function optionWords({ holdTimeSeconds, checkpointSn }: HelloOptions): string {
  const holdTime = holdTimeSeconds === undefined ? "" : ` HoldTime ${holdTimeSeconds}`;
  return `${holdTime}${checkpointSn === undefined ? "" : " CheckpointSN"}`;
}

/** The neighbor's side of a synchronisation, once it is known. */
const pairWords = ({ neighborSsn, neighborBootTime }: Sync | Ack): string =>
  neighborSsn === 0 ? "" : ` BootTime ${neighborBootTime} SSN ${neighborSsn}`;

function syncWords(sync: Sync): string {
  const { leader, syncSn, part } = sync;
  const body = part.more
    ? ` more:${part.entries.map((entry) => ` ${treeWords(entry)} ${rpcWords(entry.rpc)}`).join()}`
    : optionWords(part.options);
  return `Sync ${syncSn}${leader ? " leader" : ""}${pairWords(sync)}${body}`;
}

/** What the message says, and to whom if not to all; with the numbers of the neighbor that it quotes. */
export function words(message: Message, destination: Address): string {
  const to = ` to ${formatAddress(destination)}`;
  switch (message.kind) {
    case "hello":
      return `Hello${optionWords(message.options)}`;
    case "sync":
      return `${syncWords(message)}${to}`;
    case "iamUpstream":
      return `IamUpstream ${treeWords(message)} ${rpcWords(message.rpc)}`;
    case "iamNoLongerUpstream":
      return `IamNoLongerUpstream ${treeWords(message)}`;
    case "interest":
      return `Interest ${treeWords(message)}${to}`;
    case "noInterest":
      return `NoInterest ${treeWords(message)}${to}`;
    case "ack":
      return `Ack ${treeWords(message)}${pairWords(message)} SN ${message.neighborSn}${to}`;
  }
}

/** Messages of one sender on one link are compared in their order within such a stream. */
export function streamOf(message: Message, destination: Address): string {
  switch (message.kind) {
    case "hello":
      return "Hello";
    case "sync":
      return `Sync ${destination}`;
    case "ack":
      return `Ack ${destination}`;
    default:
      return `tree ${message.source}${message.group}`;
  }
}
