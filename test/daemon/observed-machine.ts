// The simulator's machine as a host for tests of the engine alone: what it was asked for, and calls that fail.
import { ip } from "../../src/base/address.ts";
import { Random } from "../../src/base/random.ts";
import type { BootTime, InterfaceIndex, Millis, VifIndex } from "../../src/base/units.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import type { Host, InstalledEntry, Link, OutgoingDatagram } from "../../src/daemon/host.ts";
import { HostError } from "../../src/daemon/host.ts";
import { Machine } from "../../src/sim/machine.ts";
import { Medium } from "../../src/sim/medium.ts";
import { Scheduler } from "../../src/sim/scheduler.ts";

const nothing = (): void => undefined;

/** A link that is up: "10.0.`n`.1/24" on "eth`n`". */
export const link = (n: number): Link => ({
  ...{ index: interfaceIndex(n), name: `eth${n}`, up: true, mtu: 1500 },
  addresses: [{ address: ip(`10.0.${n}.1`), subnet: { address: ip(`10.0.${n}.0`), length: 24 } }],
  ...{ loopback: false, multicast: true, type: "", master: null },
});

/** A machine with eth1, eth2 and eth3, plugged into links on which nobody else is. Its engine is the test's. */
export class ObservedMachine extends Machine {
  /** What was called, in order, as text. */
  readonly calls: string[] = [];
  readonly sent: OutgoingDatagram[] = [];
  readonly vifs: Map<InterfaceIndex, VifIndex> = new Map();
  readonly bootTimes: Map<string, BootTime> = new Map();
  /** Calls that fail, by name, with this errno. */
  readonly failing: Map<keyof Host, string> = new Map();
  readonly scheduler: Scheduler;
  deadline: Millis | null = null;
  /** What neighbors say when they are heard, and how many datagrams that is. */
  onHear: () => number = () => 0;

  constructor() {
    const scheduler = new Scheduler();
    super({ name: "R", scheduler, seed: 1, report: nothing });
    this.scheduler = scheduler;
    const surroundings = { scheduler, random: new Random(1), record: nothing };
    for (const n of [1, 2, 3]) this.plug(link(n), new Medium(`link ${n}`, surroundings));
  }

  get entries(): ReadonlyMap<string, InstalledEntry> {
    return new Map(super.readEntries().map((entry) => [entry.source + entry.group, entry]));
  }

  #enter(call: keyof Host, what: string): void {
    this.calls.push(`${call} ${what}`);
    const errno = this.failing.get(call);
    if (errno !== undefined) throw new HostError(call, errno, `test of ${call}`);
  }

  override now(): Millis {
    if (this.failing.has("now")) throw new Error("bug: for the test");
    return super.now();
  }

  override setDeadline(due: Millis | null): void {
    this.#enter("setDeadline", `${due}`);
    this.deadline = due;
  }

  override send(datagram: OutgoingDatagram): void {
    this.#enter("send", `${datagram.interface} ${datagram.protocol}`);
    super.send(datagram);
    this.sent.push(datagram);
  }

  override startInterface(index: InterfaceIndex): VifIndex {
    this.#enter("startInterface", `${index}`);
    const vif = super.startInterface(index);
    this.vifs.set(index, vif);
    return vif;
  }

  override setTtlThreshold(index: InterfaceIndex, threshold: number): void {
    this.#enter("setTtlThreshold", `${index} ${threshold}`);
    super.setTtlThreshold(index, threshold);
  }

  override stopInterface(index: InterfaceIndex): void {
    this.#enter("stopInterface", `${index}`);
    super.stopInterface(index);
    this.vifs.delete(index);
  }

  override hearNeighbors(interfaces: readonly InterfaceIndex[]): number {
    this.#enter("hearNeighbors", interfaces.join());
    return this.onHear();
  }

  override writeEntry(...args: Parameters<Host["writeEntry"]>): void {
    this.#enter("writeEntry", `${args[2]} ${args[3].join()}`);
    super.writeEntry(...args);
  }

  override readEntries(): readonly InstalledEntry[] {
    this.#enter("readEntries", "");
    return super.readEntries();
  }

  override lastBootTime(name: string): BootTime {
    this.#enter("lastBootTime", name);
    return super.lastBootTime(name);
  }

  override storeBootTime(name: string, value: BootTime): void {
    this.#enter("storeBootTime", name);
    super.storeBootTime(name, value);
    this.bootTimes.set(name, value);
  }
}
