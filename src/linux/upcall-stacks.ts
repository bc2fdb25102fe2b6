// Upcalls that have been read and are not answered yet, those of each interface by themselves: the newest go first. The
// kernel searches the packets that wait for an entry one by one, from the newest on (net/ipv4/ipmr.c), for each entry that
// is written: answered in the order of their arrival, each upcall of a burst would cost a walk along all that came after it.
import type { InterfaceIndex } from "../base/units.ts";
import type { Upcall } from "../daemon/host.ts";

/** How many are handed on at a time: so many keep a router for some milliseconds. */
const SLICE = 32;

/** So many flows may begin at once without that any of their packets is lost. When more wait, it is a storm, until none does. */
const BURST = 8_000;

/** So many may wait; of more the interface with the most gives some up. */
const MOST = 100_000;
const GIVEN_UP_AT_ONCE = 1_000;

/** What is told of upcalls. */
export interface UpcallHandler {
  /** A storm begins or ends: the queue of those that are not read yet is to be short in it. */
  storm(isOn: boolean): void;
  /** These wait in a storm, the newest first: the kernel is not to search them for each new flow. Each is told of once. */
  hold(upcalls: readonly Upcall[]): void;
  /** It is the turn of these. */
  take(upcalls: readonly Upcall[]): void;
  /** It will never be the turn of these. */
  giveUp(upcalls: readonly Upcall[]): void;
}

/** Hands upcalls on in slices, one in each turn of the event loop, of the interfaces in turn: none waits for the flood of another. */
export class UpcallStacks {
  readonly #handler: UpcallHandler;
  /** None is empty; the interface whose turn it is comes first. */
  readonly #stacks = new Map<InterfaceIndex, Upcall[]>();
  #size = 0;
  #next: NodeJS.Immediate | null = null;
  #isStorm = false;

  constructor(handler: UpcallHandler) {
    this.#handler = handler;
  }

  /** Another upcall. */
  push(upcall: Upcall): void {
    this.#next ??= setImmediate(() => this.#handOn());
    const stack = this.#stacks.get(upcall.interface);
    if (stack === undefined) this.#stacks.set(upcall.interface, [upcall]);
    else stack.push(upcall);
    this.#size++;
    if (this.#isStorm) this.#handler.hold([upcall]);
    else if (this.#size > BURST) this.#beginStorm();
    if (this.#size > MOST) this.#giveUp();
  }

  /** Hands none on any more. */
  close(): void {
    if (this.#next !== null) clearImmediate(this.#next);
    this.#stacks.clear();
  }

  #beginStorm(): void {
    this.#isStorm = true;
    this.#handler.storm(true);
    for (const stack of this.#stacks.values()) this.#handler.hold(stack.toReversed());
  }

  /** The oldest of the interface with the most. */
  #giveUp(): void {
    const [largest = []] = [...this.#stacks.values()].sort((a, b) => b.length - a.length);
    const givenUp = largest.splice(0, GIVEN_UP_AT_ONCE);
    this.#size -= givenUp.length;
    this.#handler.giveUp(givenUp);
  }

  #handOn(): void {
    const [slice, isLast] = [this.#nextSlice(), this.#size === 0];
    if (isLast && this.#isStorm) {
      this.#isStorm = false;
      this.#handler.storm(false);
    }
    this.#next = isLast ? null : setImmediate(() => this.#handOn());
    this.#handler.take(slice);
  }

  #nextSlice(): Upcall[] {
    for (const [index, stack] of this.#stacks) {
      const slice = stack.splice(-SLICE).reverse();
      this.#size -= slice.length;
      this.#stacks.delete(index);
      if (stack.length > 0) this.#stacks.set(index, stack);
      return slice;
    }
    return [];
  }
}
