// A chaos run: round after round, until the time is over or something is not as it should be.
import { setTimeout as pause } from "node:timers/promises";
import { Random } from "../../src/base/random.ts";
import { LabError } from "../../src/lab/lab-error.ts";
import { pick } from "../campaign/generate.ts";
import type { Scene } from "../campaign/scene.ts";
import { judgeLogs, judgePackets, waitForNothing, waitForRest } from "./judge.ts";
import { Leaks } from "./leaks.ts";
import type { ChaosNetwork } from "./network.ts";
import type { Pace } from "./pace.ts";
import { replayProblems } from "./recordings.ts";
import { playRound } from "./round.ts";
import { type Due, shocksOf } from "./shock.ts";
import { scenarioOf } from "./story.ts";

const MILLIS_PER_MINUTE = 60_000;
const SPARED = 2;

interface RunOptions {
  readonly pace: Pace;
  readonly say: (text: string) => void;
}

const since = (begin: number): string => `${((performance.now() - begin) / 1000).toFixed(1)} s`;

/** A run on a network whose daemons have not been started. */
export class Run {
  readonly #network: ChaosNetwork;
  readonly #random: Random;
  readonly #pace: Pace;
  readonly #say: (text: string) => void;
  readonly #leaks = new Leaks();
  readonly #spared: ReadonlySet<string>;
  /** Of the last round, and what it began with. */
  #due: readonly Due[] = [];
  #scene: Scene;

  constructor(network: ChaosNetwork, random: Random, { pace, say }: RunOptions) {
    this.#network = network;
    this.#scene = network.scene;
    this.#random = random;
    this.#pace = pace;
    this.#say = say;
    const spared = new Set<string>();
    while (spared.size < SPARED) spared.add(pick(random, network.routers));
    this.#spared = spared;
  }

  /** Plays rounds for so many minutes; what is wrong in the end, if anything is. Throws when the network's signal is aborted. */
  async play(minutes: number): Promise<readonly string[]> {
    try {
      return await this.#play(minutes);
    } catch (error) {
      if (!(error instanceof LabError) || this.#network.signal.aborted) throw error;
      return [error.message];
    }
  }

  async #play(minutes: number): Promise<readonly string[]> {
    const end = performance.now() + minutes * MILLIS_PER_MINUTE;
    const begin = performance.now();
    await this.#network.daemons.start();
    await this.#network.traffic.follow(this.#network.scene);
    const problems = await this.#judge();
    if (problems.length > 0) return problems;
    this.#say(
      `begun: at rest after ${since(begin)}; never killed: ${[...this.#spared].join(", ")}`,
    );
    for (let round = 1; round === 1 || performance.now() < end; round++) {
      const found = await this.#round(round);
      if (found.length > 0) return found;
    }
    const left = await this.#fallSilent();
    return left.length > 0 ? left : this.#judgeRecordings();
  }

  async #judgeRecordings(): Promise<readonly string[]> {
    const begin = performance.now();
    const { recordings } = this.#network.daemons;
    const problems: string[] = [];
    for (const recording of recordings) {
      problems.push(...replayProblems(recording));
      // Ctrl-C is heard in between.
      await pause(1, undefined, { signal: this.#network.signal });
    }
    this.#say(`${recordings.length} lives of daemons replayed in ${since(begin)}`);
    return problems;
  }

  async #round(number: number): Promise<readonly string[]> {
    const { temper, silentEvery } = this.#pace;
    const random = new Random(this.#random.below(2 ** 32));
    this.#scene = this.#network.scene;
    this.#due = shocksOf(random, this.#scene, { ...temper, spared: this.#spared });
    const wrong = await playRound(this.#network, { due: this.#due, span: temper.span });
    if (wrong.length > 0) return wrong;
    const begin = performance.now();
    const problems = await this.#judge();
    if (problems.length > 0) return problems;
    const grown = this.#leaks.oldest(this.#network);
    this.#say(
      `round ${number}: ${this.#due.length} shocks, right again after ${since(begin)}; ${grown}`,
    );
    return number % silentEvery === 0 ? this.#fallSilent() : [];
  }

  async #judge(): Promise<readonly string[]> {
    const { patience } = this.#pace;
    const stages = [
      () => waitForRest(this.#network, patience),
      () => judgePackets(this.#network, patience),
      () => waitForRest(this.#network, patience),
      () => this.#leaks.judge(this.#network),
      () => Promise.resolve(judgeLogs(this.#network)),
    ];
    for (const stage of stages) {
      const problems = await stage();
      if (problems.length > 0) return problems;
    }
    return [];
  }

  /** All sources stop; when nothing is left of their trees, they go on. */
  async #fallSilent(): Promise<readonly string[]> {
    const { flows } = this.#network.scene;
    const begin = performance.now();
    for (const wish of flows) await this.#network.change({ kind: "flow", wish, on: false });
    const problems = await waitForNothing(this.#network, this.#pace.patience);
    if (problems.length > 0) return problems;
    this.#say(`nothing left of trees and entries ${since(begin)} after the last packet`);
    for (const wish of flows) await this.#network.change({ kind: "flow", wish, on: true });
    return [];
  }

  /** The last round as a scenario file, with these problems as remarks. */
  scenario(title: string, problems: readonly string[]): string {
    const { settings, temper } = this.#pace;
    const { span } = temper;
    return scenarioOf({ title, scene: this.#scene, settings, due: this.#due, span, problems });
  }
}
