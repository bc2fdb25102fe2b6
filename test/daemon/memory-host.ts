// A machine in memory for tests of the engine alone: VIFs, a forwarding table that insists on the rules of the kernel's, a clock set by hand.
import type { Address } from "../../src/base/address.ts";
import { formatAddress } from "../../src/base/address.ts";
import type { BootTime, InterfaceIndex, Millis, VifIndex } from "../../src/base/units.ts";
import { bootTime, interfaceIndex, millis, vifIndex } from "../../src/base/units.ts";
import type {
  EntryCounters,
  Host,
  InstalledEntry,
  Link,
  OutgoingDatagram,
} from "../../src/daemon/host.ts";
import { HostError } from "../../src/daemon/host.ts";

/** A machine; `calls` has what was called, in order, as text. */
export class MemoryHost implements Host {
  time: Millis = millis(1_000);
  readonly calls: string[] = [];
  readonly sent: OutgoingDatagram[] = [];
  readonly entries: Map<string, InstalledEntry> = new Map();
  readonly vifs: Map<InterfaceIndex, VifIndex> = new Map();
  readonly bootTimes: Map<string, BootTime> = new Map();
  /** Calls that fail, by name, with this errno. */
  readonly failing: Map<keyof Host, string> = new Map();
  deadline: Millis | null = null;

  #enter(call: keyof Host, what: string): void {
    this.calls.push(`${call} ${what}`);
    const errno = this.failing.get(call);
    if (errno !== undefined) throw new HostError(call, errno, `test of ${call}`);
  }

  now(): Millis {
    return this.time;
  }

  unixSeconds(): number {
    return 1_800_000_000;
  }

  setDeadline(due: Millis | null): void {
    this.calls.push(`setDeadline ${due}`);
    this.deadline = due;
  }

  send(datagram: OutgoingDatagram): void {
    this.#enter("send", `${datagram.interface} ${datagram.protocol}`);
    this.sent.push(datagram);
  }

  startInterface(index: InterfaceIndex): VifIndex {
    this.#enter("startInterface", `${index}`);
    if (this.vifs.has(index)) throw new Error(`a second VIF for ${index}`);
    const vif = vifIndex(this.vifs.size);
    this.vifs.set(index, vif);
    return vif;
  }

  stopInterface(index: InterfaceIndex): void {
    this.#enter("stopInterface", `${index}`);
    for (const { incoming, outgoing } of this.entries.values()) {
      if (incoming === index || outgoing.includes(index))
        throw new Error(`${index} is still named`);
    }
    if (!this.vifs.delete(index)) throw new Error(`no VIF for ${index}`);
  }

  writeEntry(
    source: Address,
    group: Address,
    incoming: InterfaceIndex,
    outgoing: readonly InterfaceIndex[],
  ): void {
    this.#enter("writeEntry", `${formatAddress(group)} ${incoming} > ${outgoing.join()}`);
    for (const index of [incoming, ...outgoing]) {
      if (!this.vifs.has(index)) throw new Error(`${index} has no VIF`);
    }
    const counters = { packets: 0, bytes: 0, wrongInterface: 0, unresolved: false };
    this.entries.set(source + group, { source, group, incoming, outgoing, ...counters });
  }

  deleteEntry(source: Address, group: Address): void {
    this.#enter("deleteEntry", formatAddress(group));
    this.entries.delete(source + group);
  }

  readCounters(source: Address, group: Address): EntryCounters | null {
    return this.entries.get(source + group) ?? null;
  }

  readEntries(): readonly InstalledEntry[] {
    this.#enter("readEntries", "");
    return [...this.entries.values()];
  }

  lastBootTime(name: string): BootTime {
    this.#enter("lastBootTime", name);
    return this.bootTimes.get(name) ?? bootTime(0);
  }

  storeBootTime(name: string, value: BootTime): void {
    this.#enter("storeBootTime", name);
    this.bootTimes.set(name, value);
  }
}

/** A link that is up: "10.0.`n`.1/24" on "eth`n`". */
export function link(n: number, address: Address, subnet: Address): Link {
  return {
    index: interfaceIndex(n),
    name: `eth${n}`,
    up: true,
    mtu: 1500,
    addresses: [{ address, subnet: { address: subnet, length: 24 } }],
    loopback: false,
    multicast: true,
  };
}
