// What leaves an interface: sequence numbers (§4), Hellos (§5), Acks (§7.4), and reliable messages (§8).
import type { Address } from "../base/address.ts";
import { known } from "../base/invariant.ts";
import { compare, orderedEntries, orderedKeys } from "../base/ordered.ts";
import type { SequenceNumber } from "../base/units.ts";
import type { Announcement } from "./announce.ts";
import { checkpointSn } from "./checkpoint.ts";
import { helloMessage, holdTimeOptions } from "./hello.ts";
import { settingsOf, startTimer } from "./interface-timers.ts";
import type { Message, TreeId, TreeMessage } from "./messages.ts";
import { allRouters } from "./messages.ts";
import { hasRoom, stepAcked, stepMissed, stepUnderWay } from "./pacing.ts";
import type { OutstandingMessages } from "./reliable.ts";
import {
  findOutstanding,
  stepAck,
  stepExpiry,
  stepMulticast,
  stepNeighborGone,
  stepSent,
  stepUnicast,
} from "./reliable.ts";
import { nextSn } from "./sequence.ts";
import type { RouterState, Running, RunningInterface, Tree } from "./state.ts";
import type { SyncState } from "./sync.ts";
import { lastSync } from "./sync.ts";
import type { TimerEvent } from "./timers.ts";
import type { TreeKey } from "./tree-id.ts";
import type { Turn } from "./turn.ts";

/** Where a message goes to: one neighbor, or, `destination` null, all. `again`: it was not answered in time. */
interface Way {
  readonly destination: Address | null;
  readonly again: boolean;
}

/** As many parts of TriggeredHelloDelay can be drawn. */
const DRAWS = 2 ** 32;

const TO_ALL: Way = { destination: null, again: false };

function send(
  turn: Turn,
  at: RunningInterface,
  { destination, again }: Way,
  message: Message,
): void {
  turn.actions.push({
    kind: "send",
    interface: at.facts.index,
    source: at.running.address,
    destination: destination ?? allRouters(turn.state.family),
    message,
    again,
  });
}

/** §4: takes the next sequence number; null: they are used up, and the interface is renewed before the turn ends. */
export function takeSn(turn: Turn, at: RunningInterface): SequenceNumber | null {
  const sn = nextSn(at.running.interfaceSn, turn.state.settings.sequenceNumberLimit);
  if (sn !== null) at.running.interfaceSn = sn;
  else if (!turn.usedUp.includes(at)) turn.usedUp.push(at);
  return sn;
}

/** §15: our CheckpointSN on the interface. */
export const ourCheckpointSn = ({ running }: RunningInterface): SequenceNumber =>
  checkpointSn(running.outstanding.values(), running.interfaceSn);

/** §5.1, §5.2: a Hello, and the timer of the next one. `early`: it was one that leaves before HelloPeriod has passed (§16). */
export function sendHello(
  turn: Turn,
  at: RunningInterface,
  early: Extract<TimerEvent, { kind: "earlyHello" }> | null = null,
): void {
  send(turn, at, TO_ALL, helloMessage(at.running.bootTime, settingsOf(at), ourCheckpointSn(at)));
  const isLast = early === null || early.left === 0;
  const hello = { kind: "hello", interface: at.facts.index } as const;
  startTimer(turn, at, isLast ? hello : { ...early, left: early.left - 1 });
}

/** §5.1: the last word under this BootTime. */
export function sendGoodbye(turn: Turn, at: RunningInterface): void {
  send(turn, at, TO_ALL, helloMessage(at.running.bootTime, null, ourCheckpointSn(at)));
}

/** §6.3, §6.5: the last Sync of a synchronisation, for the first time or again. */
export function sendSync(
  turn: Turn,
  at: RunningInterface,
  to: { readonly address: Address; readonly sync: SyncState },
  { again }: { readonly again: boolean },
): void {
  const options = holdTimeOptions(settingsOf(at));
  const way = { destination: to.address, again };
  send(turn, at, way, lastSync(to.sync, at.running.bootTime, options));
}

/** §7.4: acknowledges a message of a neighbor. */
export function sendAck(
  turn: Turn,
  at: RunningInterface,
  to: { readonly address: Address; readonly sync: SyncState },
  message: TreeMessage,
): void {
  send(
    turn,
    at,
    { destination: to.address, again: false },
    {
      kind: "ack",
      bootTime: at.running.bootTime,
      source: message.source,
      group: message.group,
      neighborBootTime: to.sync.bootTime,
      neighborSsn: to.sync.neighborSsn,
      mySsn: to.sync.mySsn,
      neighborSn: message.sn,
    },
  );
}

/** §8.6: so many messages more, or less, are under way to those who owe their Acks. */
function countUnderWay(at: RunningInterface, messages: OutstandingMessages, change: number): void {
  for (const { sent, owing } of messages) {
    if (!sent) continue;
    for (const address of owing) {
      const neighbor = at.running.neighbors.get(address);
      if (neighbor !== undefined) neighbor.pace = stepUnderWay(neighbor.pace, change);
    }
  }
}

function setOutstanding(
  turn: Turn,
  at: RunningInterface,
  tree: TreeKey,
  next: OutstandingMessages,
): void {
  const { outstanding } = at.running;
  const before = outstanding.get(tree) ?? [];
  for (const { destination, sent, message } of before) {
    if (findOutstanding(next, destination)?.message === message) continue;
    if (sent)
      turn.cancelTimer({ kind: "retransmission", interface: at.facts.index, tree, destination });
    else endWaiting(at, tree, destination);
  }
  countUnderWay(at, before, -1);
  countUnderWay(at, next, 1);
  if (next.length === 0) outstanding.delete(tree);
  else outstanding.set(tree, next);
}

function beginWaiting(at: RunningInterface, tree: TreeKey, destination: Address | null): void {
  const { waiting } = at.running;
  const trees = waiting.get(destination) ?? new Set();
  trees.add(tree);
  waiting.set(destination, trees);
}

function endWaiting(at: RunningInterface, tree: TreeKey, destination: Address | null): void {
  const trees = at.running.waiting.get(destination);
  trees?.delete(tree);
  if (trees?.size === 0) at.running.waiting.delete(destination);
}

/** §8.6: whether a message may be sent that these neighbors owe an Ack of. One that has stalled keeps nothing from the others. */
function haveRoom(
  { settings }: RouterState,
  { running }: RunningInterface,
  addresses: readonly Address[],
): boolean {
  let [areAllStalled, haveAllRoom, haveGoingRoom] = [true, true, true];
  for (const address of addresses) {
    const { pace } = known(running.neighbors.get(address), "neighbor");
    const room = hasRoom(pace, settings.windowLimit);
    haveAllRoom &&= room;
    if (pace.stalled) continue;
    areAllStalled = false;
    haveGoingRoom &&= room;
  }
  return areAllStalled ? haveAllRoom : haveGoingRoom;
}

/** To whom something waits: all first, then each neighbor in the order of their addresses. */
function destinationsInOrder({ waiting }: Running): readonly (Address | null)[] {
  const destinations = [...waiting.keys()];
  if (destinations.length > 1) destinations.sort((a, b) => compare(a ?? "", b ?? ""));
  return destinations;
}

/** §8.6: sends the message of a tree to `destination` for the first time, if there is room. Returns whether it did. */
function sendFirst(
  turn: Turn,
  at: RunningInterface,
  tree: TreeKey,
  destination: Address | null,
): boolean {
  const before = known(at.running.outstanding.get(tree), "messages of which one is to be sent");
  const { owing, message } = known(findOutstanding(before, destination), "message to be sent");
  if (!haveRoom(turn.state, at, owing)) return false;
  setOutstanding(turn, at, tree, stepSent(before, destination));
  send(turn, at, { destination, again: false }, message);
  startRetransmission(turn, at, tree, destination);
  return true;
}

/** §8.6: sends what waits, as far as there is room. */
function sendWaiting(turn: Turn, at: RunningInterface): void {
  const { waiting } = at.running;
  for (const destination of destinationsInOrder(at.running)) {
    for (const tree of known(waiting.get(destination), "trees whose messages wait")) {
      if (!sendFirst(turn, at, tree, destination)) break;
      endWaiting(at, tree, destination);
    }
  }
}

/** §8.3: starts the RetransmissionTime of a message. */
function startRetransmission(
  turn: Turn,
  at: RunningInterface,
  tree: TreeKey,
  destination: Address | null,
): void {
  startTimer(turn, at, {
    kind: "retransmission",
    interface: at.facts.index,
    tree,
    destination,
  });
}

function messageOf(
  announcement: Announcement,
  { source, group }: TreeId,
  { bootTime, sn }: { readonly bootTime: TreeMessage["bootTime"]; readonly sn: SequenceNumber },
): TreeMessage {
  const { kind } = announcement;
  return kind === "iamUpstream"
    ? { kind, bootTime, source, group, sn, rpc: announcement.rpc }
    : { kind, bootTime, source, group, sn };
}

/** §8, §10: sends what is to be said of a tree. Where the sequence numbers are used up nothing is sent (§4). */
export function announce(
  turn: Turn,
  at: RunningInterface,
  tree: Tree,
  announcement: Announcement,
): void {
  const sn = takeSn(turn, at);
  if (sn === null) return;
  const message = messageOf(announcement, tree.id, { bootTime: at.running.bootTime, sn });
  const destination = "neighbor" in announcement ? announcement.neighbor : null;
  const before = at.running.outstanding.get(tree.key) ?? [];
  const next =
    destination === null
      ? stepMulticast(message, orderedKeys(at.running.neighbors))
      : stepUnicast(before, message, destination);
  setOutstanding(turn, at, tree.key, next);
  if (findOutstanding(next, destination) === undefined) send(turn, at, TO_ALL, message);
  else {
    const isNext = at.running.waiting.size === 0;
    if (isNext && sendFirst(turn, at, tree.key, destination)) return;
    beginWaiting(at, tree.key, destination);
  }
  sendWaiting(turn, at);
}

/** §8.2: an Ack of `neighbor`. Returns whether it acknowledged anything. */
export function acknowledge(
  turn: Turn,
  at: RunningInterface,
  tree: TreeKey,
  ack: { readonly neighbor: Address; readonly sn: SequenceNumber },
): boolean {
  const before = at.running.outstanding.get(tree) ?? [];
  const next = stepAck(before, ack.neighbor, ack.sn);
  if (next === before) return false;
  const neighbor = known(at.running.neighbors.get(ack.neighbor), "neighbor that owes an Ack");
  neighbor.pace = stepAcked(neighbor.pace, turn.state.settings.windowLimit);
  setOutstanding(turn, at, tree, next);
  sendWaiting(turn, at);
  return true;
}

/** §6.1, §8.5: nothing that was sent so far is awaited of `neighbor` any more. */
export function awaitNothingOf(turn: Turn, at: RunningInterface, neighbor: Address): void {
  for (const [tree, before] of orderedEntries(at.running.outstanding)) {
    const next = stepNeighborGone(before, neighbor);
    if (next !== before) setOutstanding(turn, at, tree, next);
  }
  sendWaiting(turn, at);
}

/** §8.5: all messages of the interface end. */
export function endMessages(turn: Turn, at: RunningInterface): void {
  for (const tree of orderedKeys(at.running.outstanding)) setOutstanding(turn, at, tree, []);
}

/**
 * §8.3: a RetransmissionTime of a message has passed: it is sent again.
 * Returns the neighbors that have owed its Ack for too long (§5.5).
 */
export function retransmit(
  turn: Turn,
  at: RunningInterface,
  tree: TreeKey,
  destination: Address | null,
): readonly Address[] {
  const before = known(at.running.outstanding.get(tree), "messages to be retransmitted");
  const late = known(findOutstanding(before, destination), "message to be retransmitted");
  const next = stepExpiry(before, destination);
  at.running.outstanding.set(tree, next);
  for (const address of late.owing) {
    const neighbor = known(at.running.neighbors.get(address), "neighbor that owes an Ack");
    neighbor.pace = stepMissed(neighbor.pace);
  }
  send(turn, at, { destination, again: true }, late.message);
  startRetransmission(turn, at, tree, destination);
  sendWaiting(turn, at);
  return late.expiries + 1 > settingsOf(at).ackFailureThreshold ? late.owing : [];
}

/** §5.1: a random span up to TriggeredHelloDelay. */
export function startHellos(turn: Turn, at: RunningInterface): void {
  const drawn = turn.state.random.below(DRAWS) / DRAWS;
  startTimer(turn, at, { kind: "firstHello", interface: at.facts.index, drawn });
}
