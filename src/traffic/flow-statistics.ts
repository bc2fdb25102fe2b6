// What became of a flow of numbered packets, as far as a receiver can tell; in memory that does not grow.

/** So far behind the greatest number a packet may come and still be told from one that has come before. */
const WINDOW = 65_536;
const NANOS_PER_MILLI = 1e6;
/** RFC 3550 §6.4.1: the gain of the jitter's mean. */
const JITTER_GAIN = 1 / 16;

/** A packet of a flow as it arrived. */
export interface FlowArrival {
  readonly sequence: number;
  /** CLOCK_MONOTONIC of the sender, which need not be ours. */
  readonly sentNanos: bigint;
  /** CLOCK_MONOTONIC. */
  readonly receivedNanos: bigint;
  /** By the times of day of both machines; null: the packet does not say. */
  readonly delayNanos: bigint | null;
  /** Payload. */
  readonly bytes: number;
}

/** Of all packets that said when they were sent, in milliseconds. */
export interface Delays {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
  /** Of the last packet. */
  readonly latest: number;
}

/** What became of a flow so far. */
export interface FlowSummary {
  /** The least and the greatest number that arrived. */
  readonly first: number;
  readonly last: number;
  /** Different packets. */
  readonly received: number;
  /** Numbers between first and last that did not arrive. */
  readonly lost: number;
  /** Arrivals of packets that had arrived before. */
  readonly duplicates: number;
  /** First arrivals after that of a greater number. */
  readonly reordered: number;
  /** Arrivals so late that nothing is known of them but that. */
  readonly stale: number;
  /** Payload of all arrivals. */
  readonly bytes: number;
  /** Between the first and the last first arrival. */
  readonly seconds: number;
  /** Longest time between two first arrivals. */
  readonly longestGapMillis: number;
  /** null: no packet said when it was sent. */
  readonly delayMillis: Delays | null;
  /** How much the delay varies (RFC 3550 §6.4.1): no clock needs to be right for it. */
  readonly jitterMillis: number;
}

/** Counts the packets of one flow. */
export class FlowStatistics {
  readonly #seen = new Uint8Array(WINDOW);
  #first: number;
  #last: number;
  #received = 0;
  #duplicates = 0;
  #reordered = 0;
  #stale = 0;
  #bytes = 0;
  readonly #beganNanos: bigint;
  #latestNanos: bigint;
  #longestGapNanos = 0n;
  #transitNanos: number;
  #jitterNanos = 0;
  readonly #delays = {
    count: 0,
    sum: 0,
    least: Number.POSITIVE_INFINITY,
    most: Number.NEGATIVE_INFINITY,
    latest: 0,
  };

  /** Counts from `first` on, which is yet to be taken. */
  constructor({ sequence, sentNanos, receivedNanos }: FlowArrival) {
    this.#first = sequence;
    this.#last = sequence - 1;
    this.#beganNanos = receivedNanos;
    this.#latestNanos = receivedNanos;
    this.#transitNanos = Number(receivedNanos - sentNanos);
  }

  /** A packet has arrived. */
  take(arrival: FlowArrival): void {
    const { sequence, bytes } = arrival;
    this.#bytes += bytes;
    if (sequence > this.#last) this.#moveTo(sequence);
    else if (sequence <= this.#last - WINDOW) {
      this.#stale++;
      return;
    } else if (this.#seen[sequence % WINDOW] === 1) {
      this.#duplicates++;
      return;
    } else this.#reordered++;
    this.#seen[sequence % WINDOW] = 1;
    this.#first = Math.min(this.#first, sequence);
    this.#received++;
    this.#time(arrival);
  }

  #moveTo(sequence: number): void {
    const from = Math.max(this.#last + 1, sequence - WINDOW + 1);
    for (let passed = from; passed < sequence; passed++) this.#seen[passed % WINDOW] = 0;
    this.#last = sequence;
  }

  #time({ sentNanos, receivedNanos, delayNanos }: FlowArrival): void {
    const gap = receivedNanos - this.#latestNanos;
    if (gap > this.#longestGapNanos) this.#longestGapNanos = gap;
    this.#latestNanos = receivedNanos;
    const transit = Number(receivedNanos - sentNanos);
    this.#jitterNanos += (Math.abs(transit - this.#transitNanos) - this.#jitterNanos) * JITTER_GAIN;
    this.#transitNanos = transit;
    if (delayNanos === null) return;
    const delay = Number(delayNanos);
    const delays = this.#delays;
    delays.latest = delay;
    delays.count++;
    delays.sum += delay;
    delays.least = Math.min(delays.least, delay);
    delays.most = Math.max(delays.most, delay);
  }

  /** What became of the flow so far. */
  summary(): FlowSummary {
    const { count, sum, least, most, latest } = this.#delays;
    const millis = (nanos: number): number => nanos / NANOS_PER_MILLI;
    return {
      first: this.#first,
      last: this.#last,
      received: this.#received,
      lost: this.#last - this.#first + 1 - this.#received,
      duplicates: this.#duplicates,
      reordered: this.#reordered,
      stale: this.#stale,
      bytes: this.#bytes,
      seconds: Number(this.#latestNanos - this.#beganNanos) / 1e9,
      longestGapMillis: millis(Number(this.#longestGapNanos)),
      delayMillis:
        count === 0
          ? null
          : {
              least: millis(least),
              mean: millis(sum / count),
              most: millis(most),
              latest: millis(latest),
            },
      jitterMillis: millis(this.#jitterNanos),
    };
  }
}
