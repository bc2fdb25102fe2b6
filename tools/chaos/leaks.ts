// What grows in a daemon that lives on: descriptors and memory, as they are at each rest.
import { orderedKeys } from "../../src/base/ordered.ts";
import { waitUntil } from "../../src/lab/wait-until.ts";
import { descriptorsOf, memoryOf } from "./kernel.ts";
import type { ChaosNetwork } from "./network.ts";

/** Whoever has asked something has hung up by then. */
const HUNG_UP_WITHIN_MS = 5_000;
/** Fewer rests say nothing of memory: what a program needs at first is no leak. */
const FEWEST_RESTS = 6;
/**
 * MiB between the least memory of the first rests and of the last. Garbage waits for its collection, and the heap grows
 * with what it has once held: what is lost at every event is more than that after some minutes.
 */
const MOST_GROWTH = 40;

/** A process of a daemon. */
interface Life {
  /** At its first rest. */
  readonly descriptors: ReadonlyMap<string, number>;
  /** MiB at each rest. */
  readonly memory: number[];
}

const grown = (
  now: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, number>,
): readonly string[] =>
  orderedKeys(now)
    .filter((kind) => (now.get(kind) ?? 0) > (before.get(kind) ?? 0))
    .map((kind) => `${now.get(kind)} descriptors of kind ${kind}, were ${before.get(kind) ?? 0}`);

/** The daemons as they were at rests before. */
export class Leaks {
  readonly #lives = new Map<string, Life>();

  /** What has grown since earlier rests of the same processes; the network is at rest. */
  async judge(network: ChaosNetwork): Promise<readonly string[]> {
    const lines: string[] = [];
    for (const router of network.routers) {
      const found = await this.#judgeOne(network, router);
      lines.push(...found.map((line) => `${router}: ${line}`));
    }
    return lines;
  }

  async #judgeOne({ daemons }: ChaosNetwork, router: string): Promise<readonly string[]> {
    const pid = daemons.pid(router);
    const life = this.#lives.get(daemons.life(router));
    if (life === undefined) {
      const memory = [memoryOf(pid)];
      this.#lives.set(daemons.life(router), { descriptors: descriptorsOf(pid), memory });
      return [];
    }
    let more: readonly string[] = [];
    await waitUntil(() => {
      more = grown(descriptorsOf(pid), life.descriptors);
      return more.length === 0;
    }, HUNG_UP_WITHIN_MS);
    life.memory.push(memoryOf(pid));
    return [...more, ...this.#growth(life)];
  }

  #growth({ memory }: Life): readonly string[] {
    if (memory.length < FEWEST_RESTS) return [];
    const part = Math.floor(memory.length / 3);
    const [first, last] = [memory.slice(0, part), memory.slice(-part)].map((m) => Math.min(...m));
    if (last === undefined || first === undefined || last - first <= MOST_GROWTH) return [];
    return [`its memory grows: ${memory.join(", ")} MiB at rest`];
  }

  /** The memory of the daemon that has been at most rests: "R1 71 MiB after 12 rests". */
  oldest(network: ChaosNetwork): string {
    const lives = network.routers.flatMap((router) => {
      const life = this.#lives.get(network.daemons.life(router));
      return life === undefined ? [] : [{ router, memory: life.memory }];
    });
    const [old] = lives.sort((a, b) => b.memory.length - a.memory.length);
    if (old === undefined) return "";
    return `${old.router} ${old.memory.at(-1)} MiB at rest ${old.memory.length}`;
  }
}
