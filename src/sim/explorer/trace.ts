// A path through a model as people read it, and as a scenario file: a command for each transition, and below it what
// followed. A file is replayed by its commands: in each state no two transitions have the same words.
import { formatAddress } from "../../base/address.ts";
import { known } from "../../base/invariant.ts";
import { formatRpc, formatTree } from "../../base/tree-text.ts";
import type { RouterAction } from "../../core/events.ts";
import type { Message } from "../../core/messages.ts";
import type { Notice } from "../../core/notices.ts";
import type { TimerEvent } from "../../core/timers.ts";
import { treeOfKey } from "../../core/tree-id.ts";
import { formatTranscript, type Transcript } from "../../scenario/transcript.ts";
import { Enabled } from "./enabled.ts";
import type { Violation } from "./explore.ts";
import { judge } from "./judge.ts";
import { type Act, Broken } from "./model.ts";
import type { Network } from "./network.ts";

/** A message in a few words. */
function messageText(message: Message): string {
  switch (message.kind) {
    case "hello":
      return `Hello(BT ${message.bootTime}, CheckpointSN ${message.options.checkpointSn})`;
    case "sync": {
      const { bootTime, mySsn, neighborSsn, neighborBootTime, leader, syncSn, part } = message;
      const flags = `${leader ? "M" : "-"}${part.more ? "m" : "-"}`;
      const trees = part.more ? `, ${part.entries.length} trees` : "";
      return `Sync(BT ${bootTime}, SSN ${mySsn}, of BT ${neighborBootTime} SSN ${neighborSsn}, ${flags} ${syncSn}${trees})`;
    }
    case "iamUpstream":
      return `IamUpstream(SN ${message.sn}, RPC ${formatRpc(message.rpc)})`;
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
      return `${formatTree(notice)} ${notice.from} -> ${notice.to}`;
    default:
      return null;
  }
}

function timerText(timer: TimerEvent): string {
  const parts: string[] = [timer.kind];
  if ("interface" in timer) parts.push(`on if${timer.interface}`);
  if ("neighbor" in timer) parts.push(`of ${formatAddress(timer.neighbor)}`);
  if ("tree" in timer) parts.push(`of ${formatTree(treeOfKey(timer.tree))}`);
  if (timer.kind === "retransmission" && timer.destination !== null) {
    parts.push(`to ${formatAddress(timer.destination)}`);
  }
  return parts.join(" ");
}

/** The message at a place of a channel, and its way. */
function onTheWay(network: Network, vector: Uint32Array, number: number, place: number): string {
  const { from, to, receiver } = known(network.channels[number], "channel of a message");
  const act = network.steps.act(network.actAt(vector, number, place));
  const isMessage = act.kind === "event" && act.event.kind === "message";
  const text = isMessage ? messageText(act.event.message) : act.kind;
  return `R${to} ${receiver.name} <- ${text} from R${from}`;
}

const actText = (act: Act): string => (act.kind === "expire" ? timerText(act.timer) : act.kind);

/** A transition of this state in words. */
export function transitionText(network: Network, vector: Uint32Array, number: number): string {
  const transition = network.transition(number);
  switch (transition.kind) {
    case "choice": {
      const { incident, choice } = network.option(transition.option);
      return `${known(network.model.incidents[incident], "incident of a choice").name}: ${choice.name}`;
    }
    case "deliver": {
      const { channel, place } = transition;
      const ahead = place === 0 ? "" : `, ahead of ${place}`;
      return onTheWay(network, vector, channel, place) + ahead;
    }
    case "lose":
      return `${onTheWay(network, vector, transition.channel, 0)}, lost`;
    case "double":
      return `${onTheWay(network, vector, transition.channel, 0)}, and once more`;
    case "fire": {
      const act = known(
        network.dueAt(vector, transition.router)[transition.timer],
        "act of a timer",
      );
      return `R${transition.router}: ${actText(network.steps.act(act))} runs out`;
    }
    case "pass":
      return `${known(network.span(vector), "time to pass") / 1000} s pass`;
    case "hellos":
      return "all say Hello";
  }
}

const noticesOf = (actions: readonly RouterAction[]): readonly string[] =>
  actions
    .map((action) => (action.kind === "notice" ? noticeText(action.notice) : null))
    .filter((text) => text !== null);

/** Changes the vector as a transition does, and tells what followed. */
export function takeInWords(network: Network, vector: Uint32Array, number: number): string[] {
  const lines: string[] = [];
  network.witness = (router, local, act) => {
    const { actions } = network.steps.perform(router, local, act);
    lines.push(...noticesOf(actions).map((text) => `R${router}: ${text}`));
  };
  try {
    network.apply(vector, number);
  } catch (error) {
    if (error instanceof Broken) return [...lines, `broken step: ${error.lines.join("; ")}`];
    return [...lines, `error of the core: ${String(error)}`];
  } finally {
    network.witness = null;
  }
  const { isAtRest, defect } = judge(network, new Enabled(network), vector);
  if (defect !== null) return [...lines, `${defect.kind}: ${defect.lines.join("; ")}`];
  return isAtRest ? [...lines, "at rest"] : lines;
}

/** A path from the beginning as a scenario file. */
export function traceOf(network: Network, title: string, path: readonly number[]): Transcript {
  const vector = network.initial();
  const steps = path.map((number) => {
    const command = transitionText(network, vector, number);
    return { above: [], line: 0, command, expected: takeInWords(network, vector, number) };
  });
  const head = `title: ${JSON.stringify(title)}\nmodel: ${network.model.name}`;
  return { head, steps, below: [] };
}

/** The steps that lead to a violation, as the text of a scenario file. */
export function violationText(network: Network, violation: Violation): string {
  const { kind, lines, path } = violation;
  return formatTranscript(traceOf(network, `${kind}: ${lines.join("; ")}`, path));
}
