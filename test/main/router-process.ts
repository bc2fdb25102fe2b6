// The daemon as people run it: the command hpim-dm in a network namespace, with files of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { versionSchema } from "../../src/api/responses.ts";
import { ask } from "../../src/cli/client.ts";
import { hasEnded } from "../../src/cli/process-state.ts";
import { whenDone } from "../support/cleanup.ts";
import { COMMAND, type Outcome, runProgram } from "../support/command.ts";
import { connect, Namespace } from "../support/namespace.ts";
import { until } from "../support/until.ts";

/** A router in a namespace, with files of its own; it is stopped when the test ends. */
export class RouterProcess {
  readonly namespace: Namespace;
  readonly runtime: string;
  readonly state: string;
  readonly log: string;
  readonly #files: string;

  constructor(t: TestContext) {
    this.#files = mkdtempSync(join(tmpdir(), "hpt-main-"));
    this.runtime = join(this.#files, "run");
    this.state = join(this.#files, "state");
    this.log = join(this.#files, "log");
    whenDone(t, async () => {
      await this.run("stop", "--runtime-dir", this.runtime);
      rmSync(this.#files, { recursive: true });
    });
    this.namespace = new Namespace(t);
  }

  /** What `ip` is called with for `hpim-dm` with these words. */
  words(...words: readonly string[]): readonly string[] {
    return ["netns", "exec", this.namespace.name, process.execPath, COMMAND, ...words];
  }

  /** `hpim-dm` with these words. */
  run(...words: readonly string[]): Promise<Outcome> {
    return runProgram("ip", this.words(...words));
  }

  /** `hpim-dm start`. */
  start(...words: readonly string[]): Promise<Outcome> {
    return this.run("start", ...this.directories, ...words);
  }

  get directories(): readonly string[] {
    return ["--runtime-dir", this.runtime, "--state-dir", this.state, "--log-dir", this.log];
  }

  /** `hpim-dm` with these words, which asks this router's daemon. */
  at(...words: readonly string[]): Promise<Outcome> {
    return this.run(...words, "--runtime-dir", this.runtime);
  }

  /** What its daemons have logged. */
  logged(): string {
    return readFileSync(join(this.log, "hpim-dm.log"), "utf8");
  }

  /** The daemon's process. */
  async pid(): Promise<number> {
    return versionSchema.parse(await ask(this.runtime, ["GET", "/v1/version"])).pid;
  }

  /** Kills the daemon, and returns when it is gone. */
  async kill(): Promise<void> {
    const pid = await this.pid();
    process.kill(pid, "SIGKILL");
    await until("it is gone", async () => hasEnded(pid));
  }

  /** Adds r0 with 10.9.0.1/24, whose other end is r1. */
  addInterface(): void {
    this.namespace.ip("link add r0 type veth peer name r1");
    this.namespace.ip("address add 10.9.0.1/24 dev r0");
    this.namespace.ip("link set r0 up");
    this.namespace.ip("link set r1 up");
  }

  /** Path of a file with this text. */
  file(name: string, text: string): string {
    const path = join(this.#files, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }
}

/** Two machines on one link, r0 of each: 10.9.0.1 and 10.9.0.2. */
export function twoRouters(t: TestContext): readonly [RouterProcess, RouterProcess] {
  const [a, b] = [new RouterProcess(t), new RouterProcess(t)];
  connect(
    { namespace: a.namespace, name: "r0", address: "10.9.0.1/24" },
    { namespace: b.namespace, name: "r0", address: "10.9.0.2/24" },
  );
  return [a, b];
}
