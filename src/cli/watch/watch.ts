// hpim-dm watch: looks at the daemon again and again, hears of events, and draws both; until a key ends it.
import { constants } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { VersionAnswer } from "../../api/responses.ts";
import { ask } from "../client.ts";
import { CommandError } from "../command-error.ts";
import { listen, listenAgain } from "../events.ts";
import { writeLines } from "../output.ts";
import type { Scene, Size } from "./frame.ts";
import { extentOf, frameOf, shownFlows } from "./frame.ts";
import { look, lookCloser } from "./look.ts";
import type { Screen } from "./screen.ts";
import { openScreen } from "./screen.ts";
import type { Key, View } from "./view.ts";
import { INITIAL_VIEW, press, textOf } from "./view.ts";

/** Options of the command, as commander names them. */
export interface WatchOptions {
  readonly runtimeDir: string;
  /** Seconds. */
  readonly interval: number;
  readonly once?: boolean;
}

const EVENTS = { level: "info" } as const;
const MOST_EVENTS = 100;
/** However much there is to see, the daemon has so many times as much time for its work. */
const REST_FACTOR = 10;
const LEAST_REST_MS = 100;
/** Of a frame that goes to no terminal. */
const WITHOUT_TERMINAL: Size = { columns: 120, rows: 50 };
/** Of a timer. */
const LONGEST_MS = 2 ** 31 - 1;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const isNarrowedAlike = (a: View, b: View): boolean => textOf(a.narrowing) === textOf(b.narrowing);

const behind = (events: readonly string[], line: string): readonly string[] =>
  [...events, line].slice(-MOST_EVENTS);

/** Looks, events and keys, and what they have led to. */
class Watch {
  readonly #options: WatchOptions;
  readonly #end: (code: number) => void;
  readonly #screen: Screen;
  #view: View = INITIAL_VIEW;
  #scene: Scene = { picture: null, absence: null, events: [] };
  /** Also those that come while the scene stands still. */
  #events: readonly string[] = [];
  /** When to look again; closer at what is shown by then, as soon as a key or the terminal's size has changed that. */
  #nextLook = 0;
  #isAwaited = false;
  #goOn = (): void => undefined;
  #willDraw = false;

  constructor(options: WatchOptions, end: (code: number) => void) {
    this.#options = options;
    this.#end = end;
    this.#screen = openScreen({
      key: (key) => this.#press(key),
      resize: () => this.#shownAnew(),
      gone: () => end(0),
    });
  }

  leave(): void {
    this.#screen.leave();
  }

  #draw(): void {
    this.#screen.draw(frameOf(this.#scene, this.#view, this.#screen.size()));
  }

  #shownAnew(): void {
    this.#draw();
    this.#isAwaited = true;
    this.#goOn();
  }

  #press(key: Key): void {
    const before = this.#view;
    const { picture } = this.#scene;
    const trees = picture?.flows.length ?? 0;
    this.#view = press(before, key, extentOf(trees, picture, this.#screen.size()));
    if (this.#view.hasEnded) this.#end(0);
    const goesOn = before.isPaused && !this.#view.isPaused;
    if (goesOn) this.#scene = { ...this.#scene, events: this.#events };
    if (goesOn || !isNarrowedAlike(before, this.#view)) this.#nextLook = 0;
    this.#shownAnew();
  }

  /** Looks again and again, for ever. */
  async lookOn(): Promise<never> {
    for (;;) {
      const isDue = performance.now() >= this.#nextLook;
      try {
        if (isDue && !this.#view.isPaused) await this.#look();
        await this.#lookCloser();
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        this.#scene = { ...this.#scene, absence: error.message };
      }
      this.#draw();
      await this.#rest();
    }
  }

  async #look(): Promise<void> {
    const { interval, runtimeDir } = this.#options;
    const began = performance.now();
    this.#nextLook = began + interval * 1_000;
    const view = this.#view;
    const { picture: before } = this.#scene;
    const picture = await look({ runtimeDir, narrowing: view.narrowing, before });
    const now = performance.now();
    const rested = now + REST_FACTOR * (now - began);
    // It takes two looks to see rates.
    if (picture.ratesOver !== null) this.#nextLook = Math.max(this.#nextLook, rested);
    // Who has narrowed meanwhile does not want to see this.
    if (isNarrowedAlike(view, this.#view)) this.#scene = { ...this.#scene, picture, absence: null };
    else this.#nextLook = 0;
  }

  async #lookCloser(): Promise<void> {
    const { picture } = this.#scene;
    if (picture === null) return;
    const size = this.#screen.size();
    const shown = shownFlows(picture.flows, this.#view, { picture, size });
    const closer = await lookCloser(this.#options.runtimeDir, picture, shown);
    this.#scene = { ...this.#scene, picture: closer };
  }

  /** Until it is time to look again, or somebody awaits it; who holds a key down does so all the time. */
  async #rest(): Promise<void> {
    await setTimeout(LEAST_REST_MS);
    if (!this.#isAwaited) {
      const stop = new AbortController();
      const awaited = new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
      const left = this.#view.isPaused ? LONGEST_MS : this.#nextLook - performance.now();
      const due = setTimeout(Math.max(1, left), undefined, { signal: stop.signal });
      await Promise.race([awaited, due.catch(() => undefined)]);
      stop.abort();
    }
    this.#isAwaited = false;
  }

  /** Hears of events, for ever. */
  async hear(): Promise<never> {
    for (;;) {
      for await (const line of await listenAgain(this.#options.runtimeDir, EVENTS)) {
        this.#events = behind(this.#events, line);
        if (!this.#view.isPaused) this.#drawSoon();
      }
    }
  }

  #drawSoon(): void {
    this.#scene = { ...this.#scene, events: this.#events };
    if (this.#willDraw) return;
    this.#willDraw = true;
    void setTimeout(LEAST_REST_MS).then(() => {
      this.#willDraw = false;
      this.#draw();
    });
  }
}

/** Looks, and once more after the interval, and prints that. */
async function printOnce({ runtimeDir, interval }: WatchOptions): Promise<void> {
  const { columns, rows } = process.stdout.isTTY ? process.stdout : WITHOUT_TERMINAL;
  const size = { columns, rows };
  let scene: Scene = { picture: null, absence: null, events: [] };
  const events = await listen(runtimeDir, EVENTS);
  const hearing = (async () => {
    for await (const line of events) scene = { ...scene, events: behind(scene.events, line) };
  })();
  const before = await look({ runtimeDir, narrowing: {}, before: null });
  await Promise.race([setTimeout(interval * 1_000), hearing]);
  const seen = await look({ runtimeDir, narrowing: {}, before });
  const shown = shownFlows(seen.flows, INITIAL_VIEW, { picture: seen, size });
  const picture = await lookCloser(runtimeDir, seen, shown);
  const lines = frameOf({ ...scene, picture }, INITIAL_VIEW, size).map(({ text }) =>
    text.trimEnd(),
  );
  // Without the line of the keys, and what only fills a terminal.
  const isFiller = (line: string, n: number): boolean => line === "" && lines[n - 1] === "";
  await writeLines(lines.slice(0, -1).filter((line, n) => !isFiller(line, n)));
}

/** Watches until a key or signal ends it; returns the exit code. */
async function watchTerminal(options: WatchOptions): Promise<number> {
  // A daemon that goes later is waited for; one that never was is not.
  await ask<VersionAnswer>(options.runtimeDir, ["GET", "/v1/version"]);
  let end = (_: number): void => undefined;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  for (const signal of SIGNALS) process.on(signal, () => end(128 + constants.signals[signal]));
  const watched = new Watch(options, (code) => end(code));
  try {
    return await Promise.race([ended, watched.hear(), watched.lookOn()]);
  } finally {
    watched.leave();
  }
}

/** Watches. Throws CommandError if no daemon answers, or there is no terminal to watch on. */
export async function watch(options: WatchOptions): Promise<void> {
  if (options.once) await printOnce(options);
  else if (process.stdin.isTTY && process.stdout.isTTY)
    process.exitCode = await watchTerminal(options);
  else {
    const message =
      'This is no terminal to watch on: use "hpim-dm watch --once", "hpim-dm show" or "hpim-dm log --follow".';
    throw new CommandError(message, { exitCode: 1 });
  }
  // Who listens to events would stay.
  process.exit();
}
