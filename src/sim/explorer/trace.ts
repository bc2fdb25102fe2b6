// A path through a model as people read it: one line for each step.
import { formatAddress } from "../../base/address.ts";
import { known } from "../../base/invariant.ts";
import type { RouterAction } from "../../core/events.ts";
import type { Message, TreeId } from "../../core/messages.ts";
import type { Notice } from "../../core/notices.ts";
import type { Violation } from "./explore.ts";
import type { Network } from "./network.ts";

const treeText = ({ source, group }: TreeId): string =>
  `(${formatAddress(source)}, ${formatAddress(group)})`;

/** A message in a few words. */
function messageText(message: Message): string {
  switch (message.kind) {
    case "hello":
      return `Hello(BT ${message.bootTime})`;
    case "sync": {
      const { bootTime, mySsn, neighborSsn, neighborBootTime, leader, syncSn, part } = message;
      const flags = `${leader ? "M" : "-"}${part.more ? "m" : "-"}`;
      const trees = part.more ? `, ${part.entries.length} trees` : "";
      return `Sync(BT ${bootTime}, SSN ${mySsn}, of BT ${neighborBootTime} SSN ${neighborSsn}, ${flags} ${syncSn}${trees})`;
    }
    case "iamUpstream":
      return `IamUpstream(SN ${message.sn}, RPC ${message.rpc.preference}/${message.rpc.metric})`;
    case "iamNoLongerUpstream":
      return `IamNoLongerUpstream(SN ${message.sn})`;
    case "interest":
      return `Interest(SN ${message.sn})`;
    case "noInterest":
      return `NoInterest(SN ${message.sn})`;
    case "ack":
      return `Ack(SN ${message.neighborSn}, SSNs ${message.mySsn}/${message.neighborSsn})`;
  }
}

function noticeText(notice: Notice): string | null {
  switch (notice.kind) {
    case "neighborState":
      return `${formatAddress(notice.neighbor)} ${notice.from} -> ${notice.to}`;
    case "neighborFailed":
      return `${formatAddress(notice.neighbor)} failed: ${notice.why}`;
    case "treeState":
      return `${treeText(notice)} ${notice.from} -> ${notice.to}`;
    default:
      return null;
  }
}

function changesText(actions: readonly RouterAction[]): string {
  const texts = actions.map((action) =>
    action.kind === "notice" ? noticeText(action.notice) : null,
  );
  const told = texts.filter((text) => text !== null);
  return told.length === 0 ? "" : ` [${told.join("; ")}]`;
}

function stepText(network: Network, vector: Uint32Array, number: number): string {
  const transition = network.transition(number);
  if (transition.kind === "choice") return network.option(transition.option).choice.name;
  if (transition.kind !== "deliver") return transition.kind;
  const channel = known(network.channels[transition.channel], "channel");
  const { steps } = network;
  const act = steps.act(network.actAt(vector, transition.channel, transition.place));
  if (act.kind !== "event" || act.event.kind !== "message") return act.kind;
  const text = `R${channel.to} <- ${messageText(act.event.message)} from R${channel.from}`;
  try {
    const local = vector[channel.to] as number;
    return text + changesText(steps.perform(channel.to, local, act).actions);
  } catch {
    return text;
  }
}

/** A path from the beginning, a line each step. */
export function traceOf(network: Network, path: readonly number[]): readonly string[] {
  const vector = network.initial();
  return path.map((transition, i) => {
    const text = `${i + 1}. ${stepText(network, vector, transition)}`;
    if (i < path.length - 1) network.apply(vector, transition);
    return text;
  });
}

/** The steps that lead to a violation, and what is wrong there. */
export const violationText = (network: Network, violation: Violation): string =>
  [...traceOf(network, violation.path), `${violation.kind}: ${violation.lines.join("; ")}`].join(
    "\n",
  );
