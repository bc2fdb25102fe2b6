// Upcalls that have been read and are not answered yet: the newest go first. The kernel searches the packets that wait for
// an entry one by one, from the newest on (net/ipv4/ipmr.c), for each entry that is written: answered in the order of their
// arrival, each upcall of a burst would cost a walk along all that came after it.
import type { Upcall } from "../daemon/host.ts";

/** How many are handed on at a time: so many keep a router for some milliseconds. */
const SLICE = 32;

/** So many flows may begin at once without that any of their packets is lost. When more wait, it is a storm, until none does. */
const BURST = 8_000;

/** More are left to the kernel, which drops what its buffer does not hold. */
const MOST = 100_000;

/** What is told of upcalls. */
export interface UpcallHandler {
  /** A storm begins or ends: the queue of those that are not read yet is to be short in it. */
  storm(isOn: boolean): void;
  /** These wait in a storm, the newest first: the kernel is not to search them for each new flow. Each is told of once. */
  hold(upcalls: readonly Upcall[]): void;
  /** It is the turn of these. */
  take(upcalls: readonly Upcall[]): void;
}

/** Hands upcalls on in slices, one in each turn of the event loop. */
export class UpcallStack {
  readonly #handler: UpcallHandler;
  readonly #waiting: Upcall[] = [];
  #next: NodeJS.Immediate | null = null;
  #isStorm = false;

  constructor(handler: UpcallHandler) {
    this.#handler = handler;
  }

  /** Whether no more may be read before some have been handed on. */
  get isFull(): boolean {
    return this.#waiting.length >= MOST;
  }

  /** Another upcall. */
  push(upcall: Upcall): void {
    this.#waiting.push(upcall);
    this.#next ??= setImmediate(() => this.#handOn());
    if (this.#isStorm) this.#handler.hold([upcall]);
    else if (this.#waiting.length > BURST) {
      this.#setStorm(true);
      this.#handler.hold(this.#waiting.toReversed());
    }
  }

  /** Hands none on any more. */
  close(): void {
    if (this.#next !== null) clearImmediate(this.#next);
    this.#waiting.length = 0;
  }

  #setStorm(isOn: boolean): void {
    this.#isStorm = isOn;
    this.#handler.storm(isOn);
  }

  #handOn(): void {
    const slice = this.#waiting.splice(-SLICE).reverse();
    const isLast = this.#waiting.length === 0;
    if (isLast && this.#isStorm) this.#setStorm(false);
    this.#next = isLast ? null : setImmediate(() => this.#handOn());
    this.#handler.take(slice);
  }
}
