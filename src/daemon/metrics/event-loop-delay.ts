// How late the event loop comes to what is due, as cumulative counts: monitorEventLoopDelay of node:perf_hooks has quantiles
// since its last reset, so that each of two readers would take from the other, and rates cannot be made of them.
import type { Families, Sample } from "./exposition.ts";

/** Whatever takes the event loop longer is always seen, what is shorter as often as it is long. */
const PERIOD_MS = 100;
const BOUNDS_MS = [2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] as const;
const SECOND_MS = 1_000;

/** Looks how late a timer is, from the first time on that somebody asks. */
export class EventLoopDelay {
  /** How many were this late and not later, by bound; behind the last bound the others. */
  readonly #counts = new Float64Array(BOUNDS_MS.length + 1);
  #sumMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #last = 0;

  #tick(): void {
    const now = performance.now();
    const late = Math.max(0, now - this.#last - PERIOD_MS);
    this.#last = now;
    this.#sumMs += late;
    let place = 0;
    while (place < BOUNDS_MS.length && late > (BOUNDS_MS[place] ?? 0)) place++;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }

  #begin(): void {
    this.#last = performance.now();
    this.#timer = setInterval(() => this.#tick(), PERIOD_MS).unref();
  }

  *#samples(): Generator<Sample> {
    let count = 0;
    for (const [place, bound] of [...BOUNDS_MS, Number.POSITIVE_INFINITY].entries()) {
      count += this.#counts[place] ?? 0;
      const le = bound === Number.POSITIVE_INFINITY ? "+Inf" : String(bound / SECOND_MS);
      yield { labels: { le }, value: count, part: "bucket" };
    }
    yield { labels: {}, value: this.#sumMs / SECOND_MS, part: "sum" };
    yield { labels: {}, value: count, part: "count" };
  }

  /** The histogram. */
  *families(): Families {
    if (this.#timer === null) this.#begin();
    yield {
      ...{ name: "hpim_event_loop_delay_seconds", type: "histogram" },
      help: "How late the event loop came to a timer, 10 times a second since the first reading of metrics.",
      samples: this.#samples(),
    };
  }
}
