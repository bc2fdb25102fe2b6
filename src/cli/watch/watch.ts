// hpim-dm watch: looks at the daemon again and again, hears of events, and draws both; until a key ends it.
import { constants } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { VersionAnswer } from "../../api/responses.ts";
import { ask } from "../client.ts";
import { CommandError } from "../command-error.ts";
import { listen } from "../events.ts";
import type { Follower } from "../follow.ts";
import { followed } from "../follow.ts";
import { writeLines } from "../output.ts";
import { duration } from "../table.ts";
import type { Scene, Size } from "./frame.ts";
import { extentOf, frameOf, shownFlows, statusOf } from "./frame.ts";
import type { Picture } from "./look.ts";
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
/** After so long without an answer it is said that there is none. */
const PATIENCE_MS = 3_000;
/** A daemon that may have gone is looked for so often. */
const DOUBT_MS = 500;
/** Of a frame that goes to no terminal. */
const WITHOUT_TERMINAL: Size = { columns: 120, rows: 50 };
/** Of a timer. */
const LONGEST_MS = 2 ** 31 - 1;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const isNarrowedAlike = (a: View, b: View): boolean => textOf(a.narrowing) === textOf(b.narrowing);

/** What watch itself has to say, among the events. */
const ownEvent = (level: "info" | "warn", msg: string): string =>
  JSON.stringify({ level, time: new Date().toISOString(), msg });

/** Why the daemon does not answer, and since when: also by the clock that nobody sets. */
interface Silence {
  readonly since: Date;
  readonly began: number;
  readonly reason: string;
}

const behind = (events: readonly string[], line: string): readonly string[] =>
  [...events, line].slice(-MOST_EVENTS);

/** Looks, events and keys, and what they have led to. */
class Watch {
  readonly #options: WatchOptions;
  readonly #end: (code: number) => void;
  readonly #screen: Screen;
  #view: View = INITIAL_VIEW;
  #scene: Omit<Scene, "absence"> = { picture: null, events: [] };
  /** null: the daemon has answered what it was last asked. */
  #silence: Silence | null = null;
  /** Of the daemon that answered last. */
  #pid: number | null = null;
  /** Since when an answer is awaited; null: none is. */
  #askedAt: number | null = null;
  /** Whether the stream of events runs: a daemon that ends ends it. */
  #hears = false;
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
    setInterval(() => this.#tick(), 1_000);
  }

  leave(): void {
    this.#screen.leave();
  }

  get #whole(): Scene {
    if (this.#silence === null) return { ...this.#scene, absence: null };
    const { since, began, reason } = this.#silence;
    const seconds = (performance.now() - began) / 1_000;
    return { ...this.#scene, absence: { since, seconds, reason } };
  }

  #draw(): void {
    this.#screen.draw(frameOf(this.#whole, this.#view, this.#screen.size()));
  }

  /** Notices that an answer fails to come, and shows for how long. */
  #tick(): void {
    if (this.#askedAt !== null && performance.now() - this.#askedAt >= PATIENCE_MS) {
      const who = this.#pid === null ? "it" : `process ${this.#pid}`;
      const reason = `The daemon takes connections and says nothing: ${who} is stopped or very busy; if that stays so, kill it and start it anew.`;
      this.#miss(reason, this.#askedAt);
    }
    if (this.#silence !== null) this.#draw();
  }

  #miss(reason: string, began: number): void {
    if (this.#silence === null) {
      this.#tell(ownEvent("warn", "The daemon does not answer."));
      const since = new Date(Date.now() - (performance.now() - began));
      this.#silence = { since, began, reason };
    } else this.#silence = { ...this.#silence, reason };
  }

  /** The daemon has answered: tells so if it did not before, or was another one. */
  #found({ version: { pid, uptimeSeconds } }: Picture): void {
    const isOther = this.#pid !== null && this.#pid !== pid;
    const who = isOther ? "Another daemon answers" : "The daemon answers again";
    if (isOther || this.#silence !== null)
      this.#tell(ownEvent("info", `${who}: process ${pid}, up ${duration(uptimeSeconds)}.`));
    this.#pid = pid;
    this.#silence = null;
  }

  /** Ends a rest. */
  #wake(): void {
    this.#isAwaited = true;
    this.#goOn();
  }

  #lookSoon(): void {
    this.#nextLook = 0;
    this.#wake();
  }

  #shownAnew(): void {
    this.#draw();
    this.#wake();
  }

  #press(key: Key): void {
    const before = this.#view;
    const extent = extentOf(this.#whole, before, this.#screen.size());
    this.#view = press(before, key, extent);
    if (this.#view.hasEnded) this.#end(0);
    const goesOn = before.isPaused && !this.#view.isPaused;
    if (goesOn) this.#scene = { ...this.#scene, events: this.#events };
    if (goesOn || !isNarrowedAlike(before, this.#view)) this.#nextLook = 0;
    this.#shownAnew();
  }

  /** Whether the daemon may have gone, or has. */
  get #doubts(): boolean {
    return !this.#hears || this.#silence !== null;
  }

  /** Looks again and again, for ever; in a pause, only for a daemon that may have gone. */
  async lookOn(): Promise<never> {
    for (;;) {
      const isDue = performance.now() >= this.#nextLook;
      this.#askedAt = performance.now();
      try {
        if (isDue && (!this.#view.isPaused || this.#doubts)) await this.#look();
        await this.#lookCloser();
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        this.#miss(error.message, this.#askedAt);
      }
      this.#askedAt = null;
      this.#draw();
      await this.#rest();
    }
  }

  async #look(): Promise<void> {
    const { runtimeDir } = this.#options;
    const interval = this.#options.interval * 1_000;
    const began = performance.now();
    this.#nextLook = began + (this.#doubts ? Math.min(interval, DOUBT_MS) : interval);
    const view = this.#view;
    const { picture: before } = this.#scene;
    const picture = await look({ runtimeDir, narrowing: view.narrowing, before });
    const now = performance.now();
    const rested = now + REST_FACTOR * (now - began);
    // It takes two looks to see rates, and one that was not answered for long tells nothing of the work of answering.
    if (picture.ratesOver !== null && this.#silence === null)
      this.#nextLook = Math.max(this.#nextLook, rested);
    this.#found(picture);
    if (this.#view.isPaused) return;
    // Who has narrowed meanwhile does not want to see this.
    if (isNarrowedAlike(view, this.#view)) this.#scene = { ...this.#scene, picture };
    else this.#nextLook = 0;
  }

  async #lookCloser(): Promise<void> {
    const { picture } = this.#scene;
    if (picture === null) return;
    const shown = shownFlows(this.#whole, this.#view, this.#screen.size());
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
      const stands = this.#view.isPaused && !this.#doubts;
      const left = stands ? LONGEST_MS : this.#nextLook - performance.now();
      const due = setTimeout(Math.max(1, left), undefined, { signal: stop.signal });
      await Promise.race([awaited, due.catch(() => undefined)]);
      stop.abort();
    }
    this.#isAwaited = false;
  }

  /** Hears of events, for ever. When the daemon ends their stream, looks whether it has gone. */
  async hear(): Promise<never> {
    const follower: Follower = {
      say: (sentence) => this.#tell(ownEvent("info", sentence)),
      begins: () => {
        this.#hears = true;
        this.#lookSoon();
      },
      ends: () => {
        this.#hears = false;
        this.#lookSoon();
      },
    };
    const { runtimeDir } = this.#options;
    for (let refusal = ""; ; ) {
      try {
        const events = followed({ runtimeDir, lines: MOST_EVENTS }, EVENTS, follower);
        for await (const line of events) this.#tell(line);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        if (error.message !== refusal) this.#tell(ownEvent("warn", error.message));
        refusal = error.message;
      }
      await setTimeout(DOUBT_MS);
    }
  }

  #tell(line: string): void {
    this.#events = behind(this.#events, line);
    if (!this.#view.isPaused) this.#drawSoon();
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
  const shown = shownFlows({ ...scene, picture: seen }, INITIAL_VIEW, size);
  const picture = await lookCloser(runtimeDir, seen, shown);
  scene = { ...scene, picture };
  const lines = frameOf(scene, INITIAL_VIEW, size).map(({ text }) => text.trimEnd());
  // Without the line of the keys, and what only fills a terminal.
  const isFiller = (line: string, n: number): boolean => line === "" && lines[n - 1] === "";
  const seenLines = lines.slice(0, -1).filter((line, n) => !isFiller(line, n));
  await writeLines([...seenLines, ...statusOf(scene, INITIAL_VIEW)]);
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
