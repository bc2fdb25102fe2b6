// What became of a flow: packets lost, doubled and late, out of what was sent and what a receiver logged.
import type { Delivery } from "./delivery-log.ts";

/** A flow as it was sent: sequence numbers 1 to `count`. */
export interface SentFlow {
  readonly flow: number;
  readonly count: number;
}

/** Sequence numbers from `first` to `last`, both included. */
export interface SequenceRange {
  readonly first: number;
  readonly last: number;
}

/** What became of a flow at one receiver. */
export interface DeliveryReport {
  readonly sent: number;
  /** Different packets that arrived. */
  readonly received: number;
  readonly lost: number;
  /** Arrivals of packets that had arrived before. */
  readonly duplicated: number;
  /** First arrivals after that of a packet with a greater sequence number. */
  readonly outOfOrder: number;
  /** Longest time between two first arrivals, one after the other; 0 if fewer than two packets came. */
  readonly longestGapMillis: number;
  /** The lost packets, in order. */
  readonly lossBySequenceRange: readonly SequenceRange[];
}

const NANOS_PER_MILLI = 1e6;

function missingRanges(count: number, arrived: ReadonlySet<number>): readonly SequenceRange[] {
  const ranges: SequenceRange[] = [];
  let first = 0;
  for (let sequence = 1; sequence <= count + 1; sequence++) {
    const isMissing = sequence <= count && !arrived.has(sequence);
    if (isMissing && first === 0) first = sequence;
    if (!isMissing && first !== 0) {
      ranges.push({ first, last: sequence - 1 });
      first = 0;
    }
  }
  return ranges;
}

/** What became of the flow `sent`, by the log of one receiver in order of arrival; other flows in it do not count. */
export function analyseDelivery(sent: SentFlow, log: readonly Delivery[]): DeliveryReport {
  const arrived = new Set<number>();
  let duplicated = 0;
  let outOfOrder = 0;
  let greatest = 0;
  let longestGap = 0n;
  let previous: bigint | undefined;
  for (const { flow, sequence, receivedNanos } of log) {
    if (flow !== sent.flow) continue;
    if (arrived.has(sequence)) {
      duplicated++;
      continue;
    }
    arrived.add(sequence);
    if (sequence < greatest) outOfOrder++;
    greatest = Math.max(greatest, sequence);
    const gap = receivedNanos - (previous ?? receivedNanos);
    if (gap > longestGap) longestGap = gap;
    previous = receivedNanos;
  }
  const lossBySequenceRange = missingRanges(sent.count, arrived);
  const lost = lossBySequenceRange.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return {
    sent: sent.count,
    received: arrived.size,
    lost,
    duplicated,
    outOfOrder,
    longestGapMillis: Number(longestGap) / NANOS_PER_MILLI,
    lossBySequenceRange,
  };
}
