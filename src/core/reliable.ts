// Reliable transmission (§8): the messages of one tree on one interface that still await an Ack.
import type { Address } from "../base/address.ts";
import type { SequenceNumber } from "../base/units.ts";
import type { TreeMessage } from "./messages.ts";

/** A message that is not acknowledged by all. */
export interface Outstanding {
  readonly message: TreeMessage;
  /** null: multicast to all neighbors. */
  readonly destination: Address | null;
  /** Neighbors that owe an Ack, ascending; never empty. */
  readonly owing: readonly Address[];
  /** Whether it has been sent: if not, it waits for its turn (§8.6). */
  readonly sent: boolean;
  /** RetransmissionTimes that have passed since the first copy: the misses of each that still owes (§8.3). */
  readonly expiries: number;
}

/** The outstanding messages of a tree on an interface: at most one multicast, at most one a destination (§8.1). */
export type OutstandingMessages = readonly Outstanding[];

/** A message that is to be sent. */
const unsent = (
  message: TreeMessage,
  destination: Address | null,
  owing: readonly Address[],
): Outstanding => ({ message, destination, owing, sent: false, expiries: 0 });

function withoutOwing(
  outstanding: OutstandingMessages,
  isPaid: (message: Outstanding, neighbor: Address) => boolean,
): OutstandingMessages {
  const next: Outstanding[] = [];
  let changed = false;
  for (const before of outstanding) {
    const owing = before.owing.filter((neighbor) => !isPaid(before, neighbor));
    if (owing.length === before.owing.length) {
      next.push(before);
      continue;
    }
    changed = true;
    const { message, destination, sent, expiries } = before;
    if (owing.length > 0) next.push({ message, destination, owing, sent, expiries });
  }
  return changed ? next : outstanding;
}

/** §8.1, §8.2: a new multicast message cancels all others, and is owed by every current neighbor. */
export const stepMulticast = (
  message: TreeMessage,
  neighbors: readonly Address[],
): OutstandingMessages => (neighbors.length === 0 ? [] : [unsent(message, null, neighbors)]);

/** §8.1: a new unicast message cancels the one to the same destination, and counts as its Ack of the multicast one. */
export function stepUnicast(
  outstanding: OutstandingMessages,
  message: TreeMessage,
  destination: Address,
): OutstandingMessages {
  const others = withoutOwing(outstanding, (_, neighbor) => neighbor === destination);
  return [...others, unsent(message, destination, [destination])];
}

/** §8.2: an Ack of `neighbor` for SN `sn` acknowledges all that it owes up to it. */
export const stepAck = (
  outstanding: OutstandingMessages,
  neighbor: Address,
  sn: SequenceNumber,
): OutstandingMessages =>
  withoutOwing(outstanding, (o, owing) => owing === neighbor && o.message.sn <= sn);

/** §5.5, §8.5: `neighbor` has failed; nothing is awaited of it. */
export const stepNeighborGone = (
  outstanding: OutstandingMessages,
  neighbor: Address,
): OutstandingMessages => withoutOwing(outstanding, (_, owing) => owing === neighbor);

/** A copy of it leaves, for the first time or after one more RetransmissionTime. */
const sentAfter = (
  { message, destination, owing }: Outstanding,
  expiries: number,
): Outstanding => ({ message, destination, owing, sent: true, expiries });

/** §8.6: the message to `destination` is sent for the first time. */
export const stepSent = (
  outstanding: OutstandingMessages,
  destination: Address | null,
): OutstandingMessages =>
  outstanding.map((o) => (o.destination === destination ? sentAfter(o, o.expiries) : o));

/** §8.3: a RetransmissionTime of the message to `destination` has passed. */
export const stepExpiry = (
  outstanding: OutstandingMessages,
  destination: Address | null,
): OutstandingMessages =>
  outstanding.map((o) => (o.destination === destination ? sentAfter(o, o.expiries + 1) : o));

/** The outstanding message to `destination`. */
export const findOutstanding = (
  outstanding: OutstandingMessages,
  destination: Address | null,
): Outstanding | undefined => outstanding.find((o) => o.destination === destination);
