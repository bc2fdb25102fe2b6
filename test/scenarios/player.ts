// Plays scenarios: acts happen, and what is shown is compared with the lines that are expected. What was shown is looked
// at once more before anything else happens: nothing may have come to it.
import type { Act, Show } from "../../src/scenario/command.ts";
import { formatCommand } from "../../src/scenario/commands.ts";
import type { ScenarioStep } from "../../src/scenario/scenario.ts";
import type { Topology } from "../../src/topology/topology.ts";
import type { OpenKey } from "../support/hmac.ts";
import { perform, untilQuiet } from "./acts.ts";
import { diffLines } from "./diff.ts";
import type { ScenarioNetwork } from "./scenario-network.ts";
import { isOfWindow, look, type Sight, type Window } from "./shows.ts";
import { type Stage, stageAfter } from "./stage.ts";

/** Nothing but Hellos is said for so long: what was to be said has been said. Shorter than any retransmission time. */
const QUIET_MILLIS = 200;

/** What is to be taken has come about by then. */
const TAKING_MILLIS = 5_000;

/** How a scenario is played. */
export interface PlayOptions {
  /** For messages: "test/scenarios/igmp-1.scenario". */
  readonly file: string;
  /** Commands, by their lines, from which may follow what will: it is taken, whatever is expected. */
  readonly takes?: (step: ScenarioStep) => boolean;
}

/** What is shown is not what is expected. */
export class NotAsExpected extends Error {
  /** Of the command. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Lines that were shown, by the line of their command. */
export type Shown = Map<number, readonly string[]>;

interface Sighting {
  readonly step: ScenarioStep & { readonly command: Show };
  readonly lines: readonly string[];
}

const isShown = (step: ScenarioStep): step is Sighting["step"] =>
  step.command.kind.startsWith("show");

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.join("\n") === b.join("\n");

const placeOf = ({ line, command }: ScenarioStep, { file }: PlayOptions): string =>
  `${file}:${line}: > ${formatCommand(command)}`;

/** What `work` for a step results in; if it throws, an Error says where. */
async function atPlace<T>(
  step: ScenarioStep,
  options: PlayOptions,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${placeOf(step, options)}\n${reason}`, { cause });
  }
}

/** Lines without the time that they came about at. */
const withoutTime = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !line.startsWith("after "));

/** A network on which scenarios are played, one after the other. */
export class Player {
  readonly #network: ScenarioNetwork;
  readonly #keys: readonly OpenKey[];
  #stage: Stage;
  #sightings: Sighting[] = [];
  #isBroken = false;
  /** When the last act was done. */
  #actedAt = Number.NEGATIVE_INFINITY;
  #window: Window = { packets: null };

  constructor(network: ScenarioNetwork, topology: Topology, keys: readonly OpenKey[]) {
    this.#network = network;
    this.#keys = keys;
    this.#stage = { topology, running: new Set(), sending: new Map(), deaf: new Set() };
  }

  /** Plays these steps. Throws an Error with the command's place: NotAsExpected with the difference, or what failed. */
  async play(steps: readonly ScenarioStep[], options: PlayOptions): Promise<Shown> {
    if (this.#isBroken) throw new Error(`${options.file}: what it continues has failed`);
    this.#isBroken = true;
    const shown: Shown = new Map();
    for (const step of steps) {
      if (isShown(step)) shown.set(step.line, await this.#show(step, options));
      else await this.#act(step, step.command as Act, options);
    }
    await this.#lookAgain(options);
    this.#isBroken = false;
    return shown;
  }

  async #act(step: ScenarioStep, act: Act, options: PlayOptions): Promise<void> {
    await this.#lookAgain(options);
    this.#window = { packets: null };
    const after = stageAfter(this.#stage, act);
    await atPlace(step, options, () => perform(this.#network, after, act));
    this.#stage = after;
    this.#actedAt = this.#network.clock();
  }

  #look({ command, expected }: Sighting["step"]): Promise<readonly string[]> {
    const sight: Sight = {
      ...{ network: this.#network, stage: this.#stage },
      ...{ keys: this.#keys, expected },
    };
    return look(sight, command, this.#window);
  }

  async #show(step: Sighting["step"], options: PlayOptions): Promise<readonly string[]> {
    const isTaken = options.takes?.(step) === true;
    const lines = await atPlace(step, options, () =>
      isTaken ? this.#take(step) : this.#await(step),
    );
    if (!isTaken && !isSame(lines, step.expected)) this.#fail(step, lines, { options, when: "" });
    this.#sightings.push({ step, lines });
    return lines;
  }

  /** What is shown when it is as expected, or the deadline has passed; of a time, when all else is as expected. */
  async #await(step: Sighting["step"]): Promise<readonly string[]> {
    const network = this.#network;
    const { patience } = network;
    const isTimed = "since" in step.command && step.command.since !== null;
    const text = isTimed ? withoutTime : (some: readonly string[]) => some;
    let lines: readonly string[] = [];
    let isOver = false;
    try {
      await network.until(
        async () => {
          isOver = false;
          lines = await this.#look(step);
          isOver = !isSame(text(lines), text(step.expected));
          if (!isOver) return;
          this.#window = { packets: null };
          throw new Error("not as expected");
        },
        isTimed ? patience.until : patience.show,
      );
    } catch (cause) {
      if (!isOver) throw cause;
    }
    return lines;
  }

  /** What is shown when all has come about; if a time is expected, when all else is as expected. */
  async #take(step: Sighting["step"]): Promise<readonly string[]> {
    if (withoutTime(step.expected).length < step.expected.length) {
      const lines = await this.#await(step);
      if (isSame(withoutTime(lines), withoutTime(step.expected))) return lines;
    }
    await this.#network.pause(TAKING_MILLIS);
    this.#window = { packets: null };
    return this.#look(step);
  }

  async #lookAgain(options: PlayOptions): Promise<void> {
    const sightings = this.#sightings.filter(({ step }) => !isOfWindow(step.command));
    this.#sightings = [];
    if (sightings.length === 0) return;
    const quiet = { begin: this.#actedAt, millis: QUIET_MILLIS };
    await untilQuiet(this.#network, this.#stage, quiet);
    for (const { step, lines } of sightings) {
      const again = await this.#look(step);
      if (isSame(withoutTime(again), withoutTime(lines))) continue;
      const when = ", which was so, when all was quiet again";
      this.#fail({ ...step, expected: lines }, again, { options, when });
    }
  }

  #fail(
    step: ScenarioStep,
    lines: readonly string[],
    { options, when }: { readonly options: PlayOptions; readonly when: string },
  ): never {
    const difference = diffLines(step.expected, lines);
    throw new NotAsExpected(step.line, [placeOf(step, options) + when, ...difference].join("\n"));
  }
}
