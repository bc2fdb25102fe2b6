// Upcalls that have been read and are not answered yet: the newest go first. The kernel searches the packets that wait for
// an entry one by one, from the newest on (net/ipv4/ipmr.c), for each entry that is written: answered in the order of their
// arrival, each upcall of a burst would cost a walk along all that came after it.
import type { Upcall } from "../daemon/host.ts";

/** How many are handed on at a time: so many keep a router for some milliseconds. */
const SLICE = 128;

/** More are left to the kernel, which drops what its buffer does not hold. */
const MOST = 1000;

/** Hands upcalls on in slices, one in each turn of the event loop. */
export class UpcallStack {
  readonly #take: (upcalls: readonly Upcall[]) => void;
  readonly #waiting: Upcall[] = [];
  #next: NodeJS.Immediate | null = null;

  /** `take` gets a slice of them. */
  constructor(take: (upcalls: readonly Upcall[]) => void) {
    this.#take = take;
  }

  /** Whether no more may be read before some have been handed on. */
  get isFull(): boolean {
    return this.#waiting.length >= MOST;
  }

  /** Another upcall. */
  push(upcall: Upcall): void {
    this.#waiting.push(upcall);
    this.#next ??= setImmediate(() => this.#handOn());
  }

  /** Hands none on any more. */
  close(): void {
    if (this.#next !== null) clearImmediate(this.#next);
    this.#waiting.length = 0;
  }

  #handOn(): void {
    const slice = this.#waiting.splice(-SLICE).reverse();
    this.#next = this.#waiting.length === 0 ? null : setImmediate(() => this.#handOn());
    this.#take(slice);
  }
}
