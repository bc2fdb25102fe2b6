// A program in a network namespace that a test talks to in lines of JSON: calls go in, results and events come out.
// A Node process cannot change its own namespace, so what a test examines there runs as a child of `ip netns exec`.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import type { Namespace } from "../support/namespace.ts";
import { PATIENCE_MS } from "../support/until.ts";

const write = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner instanceof Uint8Array ? { hex: Buffer.from(inner).toString("hex") } : inner,
  );

const isBytes = (value: unknown): value is { hex: string } =>
  typeof value === "object" && value !== null && "hex" in value && typeof value.hex === "string";

const read = (text: string): unknown =>
  JSON.parse(text, (_, inner: unknown) =>
    isBytes(inner) ? Uint8Array.from(Buffer.from(inner.hex, "hex")) : inner,
  );

interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

type Line =
  | { readonly event: unknown }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: object };

/** In the child: writes an event. */
export const emit = (event: unknown): boolean => process.stdout.write(`${write({ event })}\n`);

function answer(call: Call, perform: (name: string, args: readonly unknown[]) => unknown): Line {
  try {
    return { id: call.id, result: perform(call.name, call.args) ?? null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { id: call.id, error: { ...error, name: error.name, message: error.message } };
  }
}

/** In the child: serves calls until stdin ends, then calls `onEnd`. */
export function serve(
  perform: (name: string, args: readonly unknown[]) => unknown,
  onEnd: () => void,
): void {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) =>
    process.stdout.write(`${write(answer(read(line) as Call, perform))}\n`),
  );
  lines.on("close", onEnd);
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The test's end of a driver. `E`: its events. */
export class DriverProcess<E> {
  /** All events so far. */
  readonly events: E[] = [];
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, Waiting>();
  readonly #checks = new Set<() => void>();
  #nextId = 1;

  /** Starts dist/test/linux/`script` in `namespace`; it ends with the test. */
  constructor(
    t: TestContext,
    namespace: Pick<Namespace, "name">,
    script: string,
    ...args: string[]
  ) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const words = ["netns", "exec", namespace.name, process.execPath, path, ...args];
    this.#child = spawn("ip", words, { stdio: ["pipe", "pipe", "inherit"] });
    const exited = once(this.#child, "exit");
    this.#child.once("exit", () => this.#fail(new Error(`${script} has ended`)));
    if (this.#child.stdout !== null)
      createInterface({ input: this.#child.stdout }).on("line", (line) => this.#onLine(line));
    t.after(async () => {
      this.#child.stdin?.end();
      await exited;
    });
  }

  /** Ends the program with SIGKILL, as a crash would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }

  /** Has the program stand still while `act` runs. */
  async suspend(act: () => Promise<void>): Promise<void> {
    this.#child.kill("SIGSTOP");
    try {
      await act();
    } finally {
      this.#child.kill("SIGCONT");
    }
  }

  /** Calls a function of the driver. Throws the error that it throws. */
  call(name: string, ...args: readonly unknown[]): Promise<unknown> {
    const id = this.#nextId++;
    this.#child.stdin?.write(`${write({ id, name, args })}\n`);
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
  }

  /** Waits until `find` finds something in the state that the events so far have brought about. */
  until<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = find();
        if (found === undefined) return;
        this.#checks.delete(check);
        clearTimeout(patience);
        resolve(found);
      };
      const patience = setTimeout(() => {
        this.#checks.delete(check);
        reject(new Error(`never saw ${what}; last events: ${write(this.events.slice(-5))}`));
      }, PATIENCE_MS);
      this.#checks.add(check);
      check();
    });
  }

  #onLine(text: string): void {
    const line = read(text) as Line;
    if ("event" in line) {
      this.events.push(line.event as E);
      for (const check of [...this.#checks]) check();
      return;
    }
    const waiting = this.#calls.get(line.id);
    this.#calls.delete(line.id);
    if ("error" in line) waiting?.reject(Object.assign(new Error(), line.error));
    else waiting?.resolve(line.result);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear();
  }
}
