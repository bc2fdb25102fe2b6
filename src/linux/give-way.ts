// Gives way to other processes. Where routers share processors, as in a lab, the next router of a flow that has just been let
// on is among those that wait for one, and nothing that is left to do here keeps a packet waiting; or, before that, those who
// have something to say about it.
import type { Millis } from "../base/units.ts";

/** Not more often: a process that never rests may keep the processor for milliseconds each time. */
const INTERVAL_MS = 5;

/**
 * Nor before so many times what it took the last time. Where others have work without end it takes long, and the kernel
 * counts it as time that was used (EEVDF): a router that gave way all the same would hardly run.
 */
const REST = 20;
/** But after so long it does again: it was suspended meanwhile. */
const LONGEST_REST_MS = 1_000;

/** What giving way takes. */
export interface GiveWayOptions {
  readonly now: () => Millis;
  /** Has the processes that wait for this processor go first. */
  readonly yieldProcessor: () => void;
}

/** Decides when a router gives way. */
export class GiveWay {
  readonly #options: GiveWayOptions;
  #notBefore = 0;

  constructor(options: GiveWayOptions) {
    this.#options = options;
  }

  /** Those who wait for this processor go first, unless they did a moment ago. */
  toOthers(): void {
    const { now, yieldProcessor } = this.#options;
    const began = now();
    if (began < this.#notBefore) return;
    yieldProcessor();
    const ended = now();
    const rest = Math.min(LONGEST_REST_MS, REST * (ended - began));
    this.#notBefore = ended + Math.max(INTERVAL_MS, rest);
  }
}
