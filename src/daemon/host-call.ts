// Calls of a machine as plain values, so that they can be written down, compared, and answered by something else.
import type { Address } from "../base/address.ts";
import type { BootTime, InterfaceIndex, Millis, VifIndex } from "../base/units.ts";
import type {
  EntryCounters,
  Host,
  InstalledEntry,
  KernelEntries,
  OutgoingDatagram,
  VifCounters,
} from "./host.ts";

/** A call that changes a machine, or whose answer an engine acts on: its name and arguments. */
export type HostCall =
  | { readonly kind: "unixSeconds" }
  | { readonly kind: "setDeadline"; readonly due: Millis | null }
  | ({ readonly kind: "send" } & OutgoingDatagram)
  | { readonly kind: "startInterface"; readonly interface: InterfaceIndex }
  | {
      readonly kind: "setTtlThreshold";
      readonly interface: InterfaceIndex;
      readonly threshold: number;
    }
  | { readonly kind: "stopInterface"; readonly interface: InterfaceIndex }
  | { readonly kind: "hearNeighbors"; readonly interfaces: readonly InterfaceIndex[] }
  | {
      readonly kind: "writeEntry";
      readonly source: Address;
      readonly group: Address;
      readonly incoming: InterfaceIndex;
      readonly outgoing: readonly InterfaceIndex[];
    }
  | { readonly kind: "deleteEntry"; readonly source: Address; readonly group: Address }
  | { readonly kind: "readCounters"; readonly source: Address; readonly group: Address }
  | { readonly kind: "lastBootTime"; readonly name: string }
  | { readonly kind: "storeBootTime"; readonly name: string; readonly bootTime: BootTime };

/** Answers a call: with what `onMachine` does and returns on a machine, or otherwise. Throws HostError where that would. */
export type Answer = <T>(call: HostCall, onMachine: (host: Host) => T) => T;

/** What is only looked at, which no engine acts on. */
export type Looks = Pick<Host, "now" | keyof KernelEntries>;

/** A machine whose calls are answered by a function. */
export class AnsweredHost implements Host {
  readonly #looks: Looks;
  readonly #answer: Answer;

  constructor(looks: Looks, answer: Answer) {
    this.#looks = looks;
    this.#answer = answer;
  }

  now(): Millis {
    return this.#looks.now();
  }

  readEntries(): Iterable<InstalledEntry> {
    return this.#looks.readEntries();
  }

  readEntry(source: Address, group: Address): InstalledEntry | null {
    return this.#looks.readEntry(source, group);
  }

  readVifCounters(index: InterfaceIndex): VifCounters | null {
    return this.#looks.readVifCounters(index);
  }

  unixSeconds(): number {
    return this.#answer({ kind: "unixSeconds" }, (host) => host.unixSeconds());
  }

  setDeadline(due: Millis | null): void {
    this.#answer({ kind: "setDeadline", due }, (host) => host.setDeadline(due));
  }

  send(datagram: OutgoingDatagram): void {
    this.#answer({ kind: "send", ...datagram }, (host) => host.send(datagram));
  }

  startInterface(index: InterfaceIndex): VifIndex {
    return this.#answer({ kind: "startInterface", interface: index }, (host) =>
      host.startInterface(index),
    );
  }

  setTtlThreshold(index: InterfaceIndex, threshold: number): void {
    this.#answer({ kind: "setTtlThreshold", interface: index, threshold }, (host) =>
      host.setTtlThreshold(index, threshold),
    );
  }

  stopInterface(index: InterfaceIndex): void {
    this.#answer({ kind: "stopInterface", interface: index }, (host) => host.stopInterface(index));
  }

  hearNeighbors(interfaces: readonly InterfaceIndex[]): number {
    return this.#answer({ kind: "hearNeighbors", interfaces }, (host) =>
      host.hearNeighbors(interfaces),
    );
  }

  writeEntry(
    source: Address,
    group: Address,
    incoming: InterfaceIndex,
    outgoing: readonly InterfaceIndex[],
  ): void {
    this.#answer({ kind: "writeEntry", source, group, incoming, outgoing }, (host) =>
      host.writeEntry(source, group, incoming, outgoing),
    );
  }

  deleteEntry(source: Address, group: Address): void {
    this.#answer({ kind: "deleteEntry", source, group }, (host) => host.deleteEntry(source, group));
  }

  readCounters(source: Address, group: Address): EntryCounters | null {
    return this.#answer({ kind: "readCounters", source, group }, (host) =>
      host.readCounters(source, group),
    );
  }

  lastBootTime(name: string): BootTime {
    return this.#answer({ kind: "lastBootTime", name }, (host) => host.lastBootTime(name));
  }

  storeBootTime(name: string, bootTime: BootTime): void {
    this.#answer({ kind: "storeBootTime", name, bootTime }, (host) =>
      host.storeBootTime(name, bootTime),
    );
  }
}
