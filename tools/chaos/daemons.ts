// The daemons of a chaos run: started, ended, hung, and told by commands what to run.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { versionSchema } from "../../src/api/responses.ts";
import { known } from "../../src/base/invariant.ts";
import {
  type DaemonProgram,
  daemonConfiguration,
  daemonFilesOf,
  queryDaemon,
  startDaemon,
} from "../../src/lab/daemon-process.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { LabError } from "../../src/lab/lab-error.ts";
import { waitUntil } from "../../src/lab/wait-until.ts";
import { isAlive } from "./kernel.ts";

/** Settings of all daemons, as the configuration file names them. */
export interface Settings {
  readonly hpim: Readonly<Record<string, string | number>>;
  readonly igmp: Readonly<Record<string, string | number>>;
}

/** The program of a router's daemon. */
export type ProgramOf = (router: string) => DaemonProgram;

const COMMAND = fileURLToPath(new URL("../../../bin/hpim-dm", import.meta.url));
/** A daemon that hangs answers no command. */
const COMMAND_ENDS_WITHIN_MS = 5_000;
const REPAIRED_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 30_000;

/** A router's daemon. */
interface Daemon {
  /** null: it was ended. */
  pid: number | null;
  /** Starts and ends, one after the other. */
  starting: Promise<void>;
  /** Commands changed what runs. */
  isTouched: boolean;
  /** Starts so far. */
  lives: number;
}

/** How a command of ours ended; `code` null: it took too long. */
interface Outcome {
  readonly code: number | null;
  readonly said: string;
}

/** The daemons of a lab. */
export class Daemons {
  readonly #lab: Lab;
  readonly #settings: Settings;
  readonly #programOf: ProgramOf;
  readonly #daemons = new Map<string, Daemon>();
  /** Files, one for each start of a daemon. */
  readonly recordings: string[] = [];
  /** Daemons that ended by themselves, in words. */
  readonly #deaths: string[] = [];

  /** Of a lab without daemons. */
  constructor(lab: Lab, settings: Settings, programOf: ProgramOf) {
    this.#lab = lab;
    this.#settings = settings;
    this.#programOf = programOf;
    for (const router of lab.topology.routers.keys()) {
      const starting = Promise.resolve();
      this.#daemons.set(router, { pid: null, starting, isTouched: false, lives: 0 });
    }
  }

  get routers(): readonly string[] {
    return [...this.#daemons.keys()];
  }

  #daemon(router: string): Daemon {
    return known(this.#daemons.get(router), `router ${router} has a daemon`);
  }

  /** The process of a router's daemon. Throws LabError if it does not run. */
  pid(router: string): number {
    const { pid } = this.#daemon(router);
    if (pid !== null && isAlive(pid)) return pid;
    throw new LabError(`The daemon of ${router}, process ${pid}, has ended by itself.`);
  }

  /** What no other process of a daemon is called by; the numbers of processes come again. */
  life(router: string): string {
    return `${router}, start ${this.#daemon(router).lives}`;
  }

  /** Starts the daemons that do not run. Throws LabError if one does not come up. */
  async start(routers: readonly string[] = this.routers): Promise<void> {
    await Promise.all(
      routers.map((router) => {
        const daemon = this.#daemon(router);
        const start = daemon.starting.then(() => this.#startNow(router, daemon));
        daemon.starting = start.catch(() => undefined);
        return start;
      }),
    );
  }

  async #startNow(router: string, daemon: Daemon): Promise<void> {
    if (daemon.pid !== null) return;
    const { configuration } = daemonFilesOf(this.#lab, router);
    mkdirSync(dirname(configuration), { recursive: true });
    writeFileSync(configuration, stringify(this.#configuration(router)));
    daemon.lives++;
    const recording = join(dirname(configuration), `${daemon.lives}.recording`);
    this.recordings.push(recording);
    const program = [...this.#programOf(router), "--record", recording];
    await startDaemon(this.#lab, router, program);
    daemon.pid = versionSchema.parse(await queryDaemon(this.#lab, router, "version")).pid;
  }

  #configuration(name: string): { readonly interfaces: Record<string, object> } {
    const router = known(this.#lab.topology.routers.get(name), `the topology has router ${name}`);
    return { ...this.#settings, ...parse(daemonConfiguration(router)) };
  }

  /** Ends a daemon, at once or in good order; also one that hangs. Throws LabError if it does not end. */
  async end(router: string, how: "kill" | "stop"): Promise<void> {
    const daemon = this.#daemon(router);
    this.#noteDeath(router, daemon);
    const { pid } = daemon;
    if (pid === null) return;
    daemon.pid = null;
    // By signals: it may not listen on its control socket.
    process.kill(pid, how === "kill" ? "SIGKILL" : "SIGTERM");
    process.kill(pid, "SIGCONT");
    const ending = waitUntil(() => !isAlive(pid), ENDS_WITHIN_MS);
    daemon.starting = Promise.all([daemon.starting, ending]).then(() => undefined);
    if (!(await ending)) throw new LabError(`The daemon of ${router} does not end at ${how}.`);
  }

  #noteDeath(router: string, daemon: Daemon): void {
    if (daemon.pid === null || isAlive(daemon.pid)) return;
    this.#deaths.push(`The daemon of ${router}, process ${daemon.pid}, has ended by itself.`);
    daemon.pid = null;
  }

  /** Has a daemon hang, or go on. */
  signal(router: string, signal: "SIGSTOP" | "SIGCONT"): void {
    const { pid } = this.#daemon(router);
    if (pid !== null && isAlive(pid)) process.kill(pid, signal);
  }

  /** Ends the hanging of all daemons. */
  wake(): void {
    for (const router of this.routers) this.signal(router, "SIGCONT");
  }

  /** Has all of them run as at first. Returns which have ended by themselves. Throws LabError if one does not run. */
  async repair(): Promise<readonly string[]> {
    await Promise.all([...this.#daemons.values()].map(({ starting }) => starting));
    for (const [router, daemon] of this.#daemons) this.#noteDeath(router, daemon);
    await this.start();
    await Promise.all([...this.#daemons].map(([router, daemon]) => this.#loadOwn(router, daemon)));
    return this.#deaths.splice(0);
  }

  async #loadOwn(router: string, daemon: Daemon): Promise<void> {
    if (!daemon.isTouched) return;
    const { code, said } = await this.load(router, "own", REPAIRED_WITHIN_MS);
    if (code !== 0) throw new LabError(`${router}: hpim-dm config load ends with ${code}: ${said}`);
    daemon.isTouched = false;
  }

  /** Loads the router's own file, or one with other settings of the same interfaces. */
  load(router: string, which: "own" | "other", timeout?: number): Promise<Outcome> {
    const { configuration } = daemonFilesOf(this.#lab, router);
    const other = configuration.replace(/\.yaml$/, "-other.yaml");
    if (which === "other") writeFileSync(other, stringify(this.#otherConfiguration(router)));
    const file = which === "other" ? other : configuration;
    return this.command(router, ["config", "load", file], timeout);
  }

  #otherConfiguration(router: string): object {
    const document = this.#configuration(router);
    const [first = ""] = Object.keys(document.interfaces);
    const changed = { ...document.interfaces[first], ttlThreshold: 2 };
    const interfaces = { ...document.interfaces, [first]: changed };
    const hpim = { ...this.#settings.hpim, initialFloodTime: "1s", treesPerNeighborLimit: 1 };
    return { ...document, hpim, interfaces };
  }

  /** Types a command of ours for a router's daemon. */
  command(
    router: string,
    words: readonly string[],
    timeout: number = COMMAND_ENDS_WITHIN_MS,
  ): Promise<Outcome> {
    this.#daemon(router).isTouched = true;
    const { runtimeDirectory } = daemonFilesOf(this.#lab, router);
    const child = spawn(process.execPath, [COMMAND, ...words, "--runtime-dir", runtimeDirectory], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout,
      killSignal: "SIGKILL",
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    }
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, said }));
    });
  }
}
