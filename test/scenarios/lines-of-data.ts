// How often data packets were carried by links and received by hosts, as lines.
import type { Address } from "../../src/base/address.ts";

/** A data packet that was seen on a link. */
export interface Packet {
  /** Milliseconds, on the clock of what is seen. */
  readonly at: number;
  readonly source: Address;
  readonly group: Address;
  readonly number: number;
}

/** What tells a packet from others of its source. */
export type PacketId = Pick<Packet, "group" | "number">;

const keyOf = ({ group, number }: PacketId): string => `${group} ${number}`;

function countsOf(packets: readonly PacketId[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const packet of packets) counts.set(keyOf(packet), (counts.get(keyOf(packet)) ?? 0) + 1);
  return counts;
}

/** How often each of the packets that were sent is among those that were seen. */
export function copiesText(sent: readonly PacketId[], seen: readonly PacketId[]): string {
  const counts = countsOf(seen);
  const copies = sent.map((packet) => counts.get(keyOf(packet)) ?? 0);
  const several = copies.filter((count) => count > 1).length;
  const missing = copies.filter((count) => count === 0).length;
  if (several === 0 && missing === 0) return "each packet once";
  if (missing === copies.length) return "nothing";
  return `of ${copies.length} packets ${missing} not, ${several} more than once`;
}

/** How many packets there were at all, and how often. */
export function totalText(seen: readonly PacketId[]): string {
  const counts = [...countsOf(seen).values()];
  if (counts.length === 0) return "nothing";
  const several = counts.filter((count) => count > 1);
  const packets = `${counts.length} ${counts.length === 1 ? "packet" : "packets"}`;
  if (several.length === 0) return `${packets}, each once`;
  return `${packets}, ${several.length} of them up to ${Math.max(...several)} times`;
}

const packetCount = (count: number): string =>
  count === 0 ? "none" : `${count} ${count === 1 ? "packet" : "packets"}`;

/** How many packets between the first and the last of these numbers are missing. */
export function lostText(numbers: readonly number[]): string {
  if (numbers.length === 0) return "nothing received";
  const span = Math.max(...numbers) - Math.min(...numbers) + 1;
  return packetCount(span - new Set(numbers).size);
}

/** How many packets are more than once among these numbers. */
export const doubledText = (numbers: readonly number[]): string =>
  packetCount(numbers.length - new Set(numbers).size);
