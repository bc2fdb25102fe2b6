// Calls of the host that may fail: a failure is a value, reported once until it goes or changes.
import type { InterfaceIndex } from "../base/units.ts";
import type { CounterReading, RouterAction } from "../core/events.ts";
import type { TreeId } from "../core/messages.ts";
import type { Failure, Host, OutgoingDatagram } from "./host.ts";
import { HostError } from "./host.ts";
import type { DaemonNotice } from "./notices.ts";

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

/** Makes the calls whose failure changes nothing but what is reported, and reports without repeating itself. */
export class HostCalls {
  readonly #host: Host;
  readonly #report: (notice: DaemonNotice) => void;
  readonly #standing = new Map<string, string>();

  constructor(host: Host, report: (notice: DaemonNotice) => void) {
    this.#host = host;
    this.#report = report;
  }

  /** Returns whether the datagram has left. */
  send(datagram: OutgoingDatagram): boolean {
    const sent = this.#try("send", datagram.interface, () => {
      this.#host.send(datagram);
      return true;
    });
    return sent ?? false;
  }

  /** Gives the kernel an entry, or takes it away. */
  setEntry({ source, group, entry }: Extract<RouterAction, { kind: "entry" }>): void {
    this.#try("entry", null, () => {
      if (entry === null) this.#host.deleteEntry(source, group);
      else this.#host.writeEntry(source, group, entry.incoming, entry.outgoing);
    });
  }

  /** The counters of those of the entries that the kernel has. */
  readCounters(trees: readonly TreeId[]): readonly CounterReading[] {
    return trees.flatMap(({ source, group }) => {
      const counters = this.#try("counters", null, () => this.#host.readCounters(source, group));
      return counters == null ? [] : [{ source, group, ...counters }];
    });
  }

  /** Makes `call`, one of the purpose `topic` on an interface (or none): its value, or undefined if it failed. */
  #try<T>(topic: string, index: InterfaceIndex | null, call: () => T): T | undefined {
    const result = attempt(call);
    if ("value" in result && this.#standing.size === 0) return result.value;
    const key = `${topic} ${index}`;
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
