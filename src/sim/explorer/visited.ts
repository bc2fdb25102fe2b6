// The states that a search has reached. Where faults are few, a state is known if it was reached with fewer of each kind: all
// that can follow from it can follow from that one.
import { lessSpent } from "./budget.ts";
import type { Network } from "./network.ts";
import { NONE, StateSet } from "./state-set.ts";

/** States by numbers, in the order of their discovery. */
export class Visited {
  readonly #network: Network;
  readonly #states: StateSet;
  readonly #less = new Map<number, readonly number[]>();

  constructor(network: Network) {
    this.#network = network;
    this.#states = new StateSet(network.words);
  }

  get size(): number {
    return this.#states.size;
  }

  /** Writes a state to `to`. */
  read(state: number, to: Uint32Array): void {
    this.#states.read(state, to);
  }

  /** The number of a state, or of one from which no less can follow; it is added if it is new, and then has the number that `size` was. */
  add(vector: Uint32Array): number {
    if (this.#network.model.faults === undefined) return this.#states.add(vector);
    const same = this.#states.find(vector);
    if (same !== NONE) return same;
    const spent = this.#network.spent(vector);
    let found = NONE;
    for (const less of this.#lessThan(spent)) {
      this.#network.setSpent(vector, less);
      found = this.#states.find(vector);
      if (found !== NONE) break;
    }
    this.#network.setSpent(vector, spent);
    return found === NONE ? this.#states.add(vector) : found;
  }

  #lessThan(spent: number): readonly number[] {
    const done = this.#less.get(spent) ?? lessSpent(spent);
    this.#less.set(spent, done);
    return done;
  }
}
