// Calls of the host that may fail: a failure is a value, reported once until it goes or changes.
import type { InterfaceIndex } from "../base/units.ts";
import { HostError } from "./host.ts";
import type { DaemonNotice, Failure } from "./notices.ts";

/** What `call` returned, or how it failed. Errors that are no HostError are bugs and pass. */
export function attempt<T>(call: () => T): { readonly value: T } | { readonly failure: Failure } {
  try {
    return { value: call() };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const { syscall, errno, message } = error;
    return { failure: { syscall, errno, message } };
  }
}

/** Reports failing calls without repeating itself. */
export class FailureReporter {
  readonly #report: (notice: DaemonNotice) => void;
  readonly #standing = new Map<string, string>();

  constructor(report: (notice: DaemonNotice) => void) {
    this.#report = report;
  }

  /** Makes `call`, one of the purpose `topic` on an interface (or none): its value, or undefined if it failed. */
  try<T>(topic: string, index: InterfaceIndex | null, call: () => T): T | undefined {
    const key = `${topic} ${index}`;
    const result = attempt(call);
    if ("value" in result) {
      this.#standing.delete(key);
      return result.value;
    }
    const { failure } = result;
    if (this.#standing.get(key) !== failure.errno) {
      this.#standing.set(key, failure.errno);
      this.#report({ kind: "callFailed", interface: index, failure });
    }
    return undefined;
  }

  /** Forgets what stands of an interface that has gone. */
  forget(index: InterfaceIndex): void {
    for (const key of this.#standing.keys()) {
      if (key.endsWith(` ${index}`)) this.#standing.delete(key);
    }
  }
}
