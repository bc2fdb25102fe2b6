// The search: all states of a model, nearest first, and then whether messages can be exchanged for ever.
// "Eventually, and then for ever" holds if it holds in every state at rest and there is no way round in a circle.
import { invariant } from "../../base/invariant.ts";
import { findCircle } from "./circle.ts";
import { Enabled } from "./enabled.ts";
import { type Defect, judge } from "./judge.ts";
import { Broken, type Model } from "./model.ts";
import { Network } from "./network.ts";
import { NumberList } from "./number-list.ts";
import { Reduction } from "./reduction.ts";
import { Visited } from "./visited.ts";

/** What a search is given besides the model. */
export interface SearchOptions {
  /** It ends, incomplete, when it has reached so many states. */
  readonly limit: number;
  /** It ends, incomplete, when this says so; it is asked every few thousand states. */
  readonly isOver?: () => boolean;
  /** Whether interleavings of independent transitions are visited once (reduction.ts). */
  readonly reduce: boolean;
}

/** Something that must not be. */
export interface Violation {
  readonly kind: Defect["kind"] | "broken step" | "endless exchange" | "error of the core";
  readonly lines: readonly string[];
  /** The transitions that lead there from the beginning: the fewest there are, unless it is an endless exchange. */
  readonly path: readonly number[];
}

/** What a search has found. */
export interface Findings {
  readonly network: Network;
  readonly states: number;
  readonly transitions: number;
  /** Transitions on the longest of the shortest ways to a state. */
  readonly depth: number;
  /** States at rest. */
  readonly atRest: number;
  /** Local states of routers, and steps that the core took. */
  readonly locals: number;
  readonly steps: number;
  /** The most copies of a packet that a link carried; 0 where nothing is sent. */
  readonly mostCopies: number;
  /** null: all states were visited, and without a violation there is none. Else the way to one of the farthest: where states have no end it shows why. */
  readonly unfinished: readonly number[] | null;
  readonly violation: Violation | null;
}

const ASK_EVERY = 4096;

/** A search under way. */
class Search {
  readonly #network: Network;
  readonly #enabled: Enabled;
  readonly #reduction: Reduction;
  readonly #options: SearchOptions;
  readonly #states: Visited;
  readonly #parents = new NumberList();
  #transitions = 0;
  #depth = 0;
  #atRest = 0;
  /** Some transition leads no further from the beginning: only then there can be a circle. */
  #leadsBack = false;

  constructor(model: Model, options: SearchOptions) {
    this.#network = new Network(model);
    this.#enabled = new Enabled(this.#network);
    this.#reduction = new Reduction(this.#network, this.#enabled);
    this.#options = options;
    this.#states = new Visited(this.#network);
  }

  run(): Findings {
    const first = this.#network.initial();
    this.#states.add(first);
    this.#parents.push(0);
    let violation: Violation | null = null;
    let levelEnd = 1;
    for (let state = 0; violation === null && state < this.#states.size; state++) {
      if (this.#isOver(state)) return this.#findings(null, this.#pathTo(this.#states.size - 1));
      if (state === levelEnd) {
        this.#depth++;
        levelEnd = this.#states.size;
      }
      violation = this.#visit(state, levelEnd);
    }
    if (violation === null && this.#leadsBack) violation = this.#findEndless();
    return this.#findings(violation, null);
  }

  /** Whether to end before all states are visited. */
  #isOver(state: number): boolean {
    if (this.#states.size >= this.#options.limit) return true;
    return state % ASK_EVERY === ASK_EVERY - 1 && this.#options.isOver?.() === true;
  }

  #findings(violation: Violation | null, unfinished: readonly number[] | null): Findings {
    return {
      network: this.#network,
      states: this.#states.size,
      transitions: this.#transitions,
      depth: this.#depth,
      atRest: this.#atRest,
      locals: this.#network.steps.locals,
      steps: this.#network.steps.taken,
      mostCopies: this.#network.mostCopies,
      unfinished,
      violation,
    };
  }

  #follow(vector: Uint32Array): readonly number[] {
    return this.#options.reduce
      ? this.#reduction.persistent(vector)
      : this.#enabled.transitions(vector);
  }

  #read(state: number): Uint32Array {
    const vector = new Uint32Array(this.#network.words);
    this.#states.read(state, vector);
    return vector;
  }

  #visit(state: number, levelEnd: number): Violation | null {
    const vector = this.#read(state);
    const { isAtRest, defect } = judge(this.#network, this.#enabled, vector);
    if (isAtRest) this.#atRest++;
    if (defect !== null) return { ...defect, path: this.#pathTo(state) };
    const next = new Uint32Array(vector.length);
    for (const transition of this.#follow(vector)) {
      next.set(vector);
      const wrong = this.#apply(next, transition);
      if (wrong !== null) return { ...wrong, path: [...this.#pathTo(state), transition] };
      this.#transitions++;
      const to = this.#states.add(next);
      if (to === this.#parents.size) this.#parents.push(state);
      else if (to < levelEnd) this.#leadsBack = true;
    }
    return null;
  }

  #apply(vector: Uint32Array, transition: number): Omit<Violation, "path"> | null {
    try {
      this.#network.apply(vector, transition);
      return null;
    } catch (error) {
      if (error instanceof Broken) return { kind: "broken step", lines: error.lines };
      return { kind: "error of the core", lines: [String(error)] };
    }
  }

  #pathTo(state: number): readonly number[] {
    const path: number[] = [];
    for (let to = state; to !== 0; to = this.#parents.at(to)) {
      path.push(this.#transitionBetween(this.#parents.at(to), to));
    }
    return path.reverse();
  }

  #transitionBetween(from: number, to: number): number {
    const vector = this.#read(from);
    const wanted = this.#read(to).join();
    for (const transition of this.#follow(vector)) {
      const next = vector.slice();
      this.#network.apply(next, transition);
      if (next.join() === wanted) return transition;
    }
    throw new Error("bug: a state has no transition to its successor");
  }

  /** Where a state leads without another fault: of those there is an end. */
  #successors(state: number): number[] {
    const vector = this.#read(state);
    const next = new Uint32Array(vector.length);
    const hasFaults = this.#network.model.faults !== undefined;
    return this.#follow(vector).flatMap((transition) => {
      next.set(vector);
      this.#network.apply(next, transition);
      const isFault = hasFaults && this.#network.spent(next) !== this.#network.spent(vector);
      return isFault ? [] : [this.#states.add(next)];
    });
  }

  #findEndless(): Violation | null {
    const circle = findCircle(this.#states.size, (state) => this.#successors(state));
    return circle === null ? null : this.#endless(circle);
  }

  #endless(circle: readonly number[]): Violation {
    const [first] = circle;
    invariant(first !== undefined, "a circle has a state");
    const way = this.#pathTo(first);
    const round = circle
      .slice(1)
      .map((state, i) => this.#transitionBetween(circle[i] as number, state));
    const lines = [`the last ${round.length} steps can be repeated for ever`];
    return { kind: "endless exchange", lines, path: [...way, ...round] };
  }
}

/** Visits all states of a model, or as many as the limit allows, until a violation is found. */
export function explore(model: Model, options: SearchOptions): Findings {
  return new Search(model, options).run();
}
