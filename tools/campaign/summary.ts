// What came of a campaign: sums that do not depend on the order in which its networks were done.
import { orderedKeys } from "../../src/base/ordered.ts";
import type { CountedBranch } from "./branches.ts";
import { whyNever } from "./branches.ts";
import type { MostCopies } from "./deliveries.ts";
import { ALL_KINDS } from "./kinds.ts";
import type { Outcome } from "./play.ts";
import { noRows } from "./rows.ts";
import { STORM_COPIES } from "./traffic.ts";

/** With so many networks everything that is counted is seen: what is not is an error. */
const ENOUGH = 5_000;

type Counts = Map<string, number>;

function addTo(counts: Counts, more: ReadonlyMap<string, number>): void {
  for (const [name, count] of more) counts.set(name, (counts.get(name) ?? 0) + count);
}

interface Most extends MostCopies {
  readonly seed: number;
}

const NOTHING: Most = { count: 0, where: "nowhere", seed: -1 };

/** The greater one; of equal ones that of the lower seed. */
function greater(a: Most, b: Most): Most {
  if (a.count !== b.count) return a.count > b.count ? a : b;
  return a.seed <= b.seed ? a : b;
}

const mostText = ({ count, where, seed }: Most): string => `${count} (${where}, seed ${seed})`;

const columns = (counts: ReadonlyMap<string, number>): readonly string[] =>
  [...counts].map(([name, count]) => `${String(count).padStart(10)}  ${name}`);

/** The sum of a campaign. */
export class Summary {
  readonly #first: number;
  readonly #count: number;
  readonly #begin = performance.now();
  readonly #failed: number[] = [];
  readonly #events: Counts = new Map(ALL_KINDS.map((name) => [name, 0]));
  readonly #fates: Counts = new Map();
  readonly #rows: Counts = noRows();
  readonly #branches: Counts = new Map();
  #done = 0;
  #routers = 0;
  #trees = 0;
  #orderlyTrees = 0;
  #storms = 0;
  #most = NOTHING;
  #mostFair = NOTHING;

  /** Of `count` seeds from `first` on. */
  constructor(first: number, count: number) {
    this.#first = first;
    this.#count = count;
  }

  /** Adds a network. */
  add(outcome: Outcome): void {
    const { seed } = outcome;
    this.#done++;
    if (outcome.report !== null) this.#failed.push(seed);
    this.#routers += outcome.routers;
    this.#trees += outcome.trees;
    this.#orderlyTrees += outcome.orderlyTrees;
    if (outcome.most.count >= STORM_COPIES) this.#storms += 1;
    this.#most = greater(this.#most, { ...outcome.most, seed });
    this.#mostFair = greater(this.#mostFair, { ...outcome.mostFair, seed });
    addTo(this.#events, outcome.events);
    addTo(this.#fates, outcome.fates);
    addTo(this.#rows, outcome.rows);
  }

  /** Adds what was counted while a network was played. */
  addBranches(branches: readonly CountedBranch[]): void {
    addTo(this.#branches, new Map(branches.map(({ name, count }) => [name, count])));
  }

  /** How far it is. */
  progress(): string {
    const seconds = (performance.now() - this.#begin) / 1000;
    const pace = `${Math.round(seconds)} s`;
    return `${this.#done} of ${this.#count} networks, ${this.#failed.length} failed, ${pace}`;
  }

  /** What was never seen; what cannot be is left out. */
  #missing(): readonly string[] {
    const all = [...this.#events, ...this.#rows, ...this.#branches];
    return all.filter(([name, count]) => count === 0 && whyNever(name) === null).map(([n]) => n);
  }

  /** Whether all networks are right, and, of many, everything was seen. */
  isGood(): boolean {
    const lacks = this.#count >= ENOUGH && this.#missing().length > 0;
    return this.#failed.length === 0 && !lacks;
  }

  #missingLines(): readonly string[] {
    const missing = this.#missing();
    if (missing.length === 0) return ["everything that is counted was seen"];
    const hint = this.#count >= ENOUGH ? "" : ` (from ${ENOUGH} networks on an error)`;
    return [`never seen${hint}:`, ...missing.map((name) => `  ${name}`)];
  }

  /** All of it, in lines. */
  lines(): readonly string[] {
    const failed = [...this.#failed].sort((a, b) => a - b).join(" ");
    const seconds = (performance.now() - this.#begin) / 1000;
    const last = this.#first + this.#count - 1;
    const ordered = new Map(orderedKeys(this.#fates).map((n) => [n, this.#fates.get(n) ?? 0]));
    return [
      "",
      "Events, and what is in networks:",
      ...columns(this.#events),
      "Data packets at routers:",
      ...columns(ordered),
      "Rows of §10 (of one network in ten):",
      ...columns(this.#rows),
      "Branches of §6.4, §7.3 and §8 (of one network in ten):",
      ...[...this.#branches].map(([name, count]) => {
        const why = count === 0 ? whyNever(name) : null;
        return `${String(count).padStart(10)}  ${name}${why === null ? "" : ` (never: ${why})`}`;
      }),
      ...this.#missingLines(),
      `${this.#trees} trees were sent to at rest; all premises of §17 held for ${this.#orderlyTrees} of them`,
      `most copies of a packet on a link: ${mostText(this.#most)}; storms of ${STORM_COPIES} and more in ${this.#storms} networks`,
      `in fair weather: ${mostText(this.#mostFair)}`,
      `seeds ${this.#first} to ${last}: ${this.#count} networks of ${Math.round(this.#routers / this.#count)} routers on average, ${this.#failed.length} failed${failed === "" ? "" : `: ${failed}`}`,
      `${Math.round(seconds)} s, ${(seconds / this.#count).toFixed(2)} s a network`,
    ];
  }
}
