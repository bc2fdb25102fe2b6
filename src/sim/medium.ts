// Links in memory: every frame that one end sends reaches the other ends, unless a fault is set.
import type { Random } from "../base/random.ts";
import type { Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type { Scheduler } from "./scheduler.ts";

/** One end of a link. */
export interface End {
  /** "R4.eth1": node and device. */
  readonly name: string;
  readonly isRouter: boolean;
  /** Takes a whole IP datagram. */
  readonly receive: (datagram: Uint8Array) => void;
}

/** A frame that was sent onto a link. */
export interface Frame {
  readonly at: Millis;
  readonly link: string;
  /** Name of the end that sent it. */
  readonly from: string;
  /** A whole IP datagram. */
  readonly datagram: Uint8Array;
}

/** What a link does to frames: chances in thousandths, per frame and receiver. */
export interface Faults {
  readonly lost: number;
  readonly duplicated: number;
  /** Delayed by up to `delay` more than others. */
  readonly delayed: number;
  readonly delay: Millis;
}

/** A link without faults. */
export const NO_FAULTS: Faults = { lost: 0, duplicated: 0, delayed: 0, delay: millis(0) };

/** Time that a frame takes, unless told otherwise. */
const LATENCY = millis(0.05);

/** A link. */
export class Medium {
  readonly name: string;
  /** What happens to a frame on its way; nothing does unless this is replaced. */
  faults: (frame: Frame) => Faults = () => NO_FAULTS;
  /** Time that a frame takes. */
  latency: Millis = LATENCY;
  /** Whether a frame may reach a receiver at all; everything may unless this is replaced. */
  passes: (frame: Frame, receiver: End) => boolean = () => true;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #record: (frame: Frame) => void;
  readonly #ends: End[] = [];

  /** `record` sees every frame that is sent. */
  constructor(
    name: string,
    surroundings: {
      readonly scheduler: Scheduler;
      readonly random: Random;
      readonly record: (frame: Frame) => void;
    },
  ) {
    this.name = name;
    this.#scheduler = surroundings.scheduler;
    this.#random = surroundings.random;
    this.#record = surroundings.record;
  }

  attach(end: End): void {
    this.#ends.push(end);
  }

  /** Sends a datagram from one end to all others. */
  send(from: End, datagram: Uint8Array): void {
    const frame = { at: this.#scheduler.now, link: this.name, from: from.name, datagram };
    this.#record(frame);
    const faults = this.faults(frame);
    for (const end of this.#ends) {
      if (end === from || !this.passes(frame, end) || this.#happens(faults.lost)) continue;
      this.#deliver(end, datagram, faults);
      if (this.#happens(faults.duplicated)) this.#deliver(end, datagram, faults);
    }
  }

  #deliver(end: End, datagram: Uint8Array, faults: Faults): void {
    const extra = this.#happens(faults.delayed) ? this.#random.below(faults.delay) : 0;
    this.#scheduler.in(millis(this.latency + extra), () => end.receive(datagram));
  }

  #happens(thousandths: number): boolean {
    return thousandths > 0 && this.#random.below(1000) < thousandths;
  }
}
