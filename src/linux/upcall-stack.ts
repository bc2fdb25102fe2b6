// Upcalls that have been read and are not answered yet: the newest go first. The kernel searches the packets that wait for
// an entry one by one, from the newest on (net/ipv4/ipmr.c), for each entry that is written: answered in the order of their
// arrival, each upcall of a burst would cost a walk along all that came after it.
import type { Upcall } from "../daemon/host.ts";

/** How many are handed on at a time: so many keep a router for some milliseconds. */
const SLICE = 128;

/** A burst of so many flows is held whole: none of its packets is lost. */
const MOST = 8_000;

/** In a storm, where ever more come, the kernel would take all the time to search these for each new one. */
const MOST_IN_STORM = 1_000;

/** A storm ends when so much time has passed, and nothing waits. */
const STORM_MS = 10_000;

/** What is told of upcalls. */
export interface UpcallHandler {
  /** A slice of them. */
  take(upcalls: readonly Upcall[]): void;
  /** More come than can be held; or not any more. */
  storm(isOn: boolean): void;
}

/** Hands upcalls on in slices, one in each turn of the event loop. */
export class UpcallStack {
  readonly #handler: UpcallHandler;
  readonly #waiting: Upcall[] = [];
  #next: NodeJS.Immediate | null = null;
  #storm: NodeJS.Timeout | null = null;

  constructor(handler: UpcallHandler) {
    this.#handler = handler;
  }

  /** Whether no more may be read before some have been handed on. */
  get isFull(): boolean {
    return this.#waiting.length >= (this.#storm === null ? MOST : MOST_IN_STORM);
  }

  /** Another upcall. */
  push(upcall: Upcall): void {
    this.#waiting.push(upcall);
    this.#next ??= setImmediate(() => this.#handOn());
    if (this.#storm !== null || !this.isFull) return;
    this.#storm = setInterval(() => this.#endStorm(), STORM_MS);
    this.#handler.storm(true);
  }

  /** Hands none on any more. */
  close(): void {
    if (this.#next !== null) clearImmediate(this.#next);
    if (this.#storm !== null) clearInterval(this.#storm);
    this.#waiting.length = 0;
  }

  #handOn(): void {
    const slice = this.#waiting.splice(-SLICE).reverse();
    this.#next = this.#waiting.length === 0 ? null : setImmediate(() => this.#handOn());
    this.#handler.take(slice);
  }

  #endStorm(): void {
    if (this.#storm === null || this.#waiting.length > 0) return;
    clearInterval(this.#storm);
    this.#storm = null;
    this.#handler.storm(false);
  }
}
