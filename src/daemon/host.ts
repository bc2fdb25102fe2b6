// What the engine needs of a machine, and what a machine tells the engine. Two machines exist: a real kernel and one in memory.
import type { Address } from "../base/address.ts";
import type { BootTime, InterfaceIndex, Millis, VifIndex } from "../base/units.ts";
import type { InterfaceAddress, RouteChange } from "../core/events.ts";

/** A system call that failed. `errno` is its symbolic name ("EADDRINUSE"). */
export class HostError extends Error {
  readonly syscall: string;
  readonly errno: string;

  constructor(syscall: string, errno: string, what: string) {
    super(`${what}: ${syscall} failed with ${errno}`);
    this.name = "HostError";
    this.syscall = syscall;
    this.errno = errno;
  }
}

/** The same as a plain value. */
export interface Failure {
  readonly syscall: string;
  readonly errno: string;
  readonly message: string;
}

/** A network interface of the machine. */
export interface Link {
  readonly index: InterfaceIndex;
  readonly name: string;
  /** Administratively up, and with carrier. */
  readonly up: boolean;
  readonly mtu: number;
  /** IPv4 addresses in the kernel's order, primary ones first. */
  readonly addresses: readonly InterfaceAddress[];
  readonly loopback: boolean;
  /** The interface can send multicast. */
  readonly multicast: boolean;
  /** What it is in the kernel's words: "veth", "bridge", "vrf"; "" if it has none, as hardware. */
  readonly type: string;
  /** The interface that it was made a part of, "br0" of type "bridge"; null: none. */
  readonly master: { readonly name: string; readonly type: string } | null;
}

/** The kernel has no forwarding entry for a packet, or one with another incoming interface. */
export interface Upcall {
  readonly reason: "missingEntry" | "wrongInterface";
  readonly interface: InterfaceIndex;
  readonly source: Address;
  readonly group: Address;
}

/** What a machine tells the engine: plain values, so that a recording of them replays a daemon. */
export type HostEvent =
  /** A whole IP datagram of protocol 103 (HPIM-DM) or 2 (IGMP) that arrived. */
  | { readonly kind: "datagram"; readonly interface: InterfaceIndex; readonly bytes: Uint8Array }
  /** Those of a burst come together, the newest first: all its entries are written before anything is sent. */
  | { readonly kind: "upcalls"; readonly upcalls: readonly Upcall[] }
  /** All interfaces of the machine as they are now. */
  | { readonly kind: "links"; readonly links: readonly Link[] }
  | { readonly kind: "routes"; readonly changes: readonly RouteChange[] }
  /** The deadline that was set has come. */
  | { readonly kind: "deadline" }
  /** Links or routes cannot be read: the last ones stand until it works. Told once, until it works or fails otherwise. */
  | { readonly kind: "failed"; readonly failure: Failure };

/** An IP datagram to send: TTL 1, TOS 0xc0. */
export interface OutgoingDatagram {
  readonly interface: InterfaceIndex;
  readonly protocol: "hpim" | "igmp";
  readonly source: Address;
  readonly destination: Address;
  readonly payload: Uint8Array;
}

/** A forwarding entry as the kernel has it. */
export interface InstalledEntry {
  readonly source: Address;
  readonly group: Address;
  readonly incoming: InterfaceIndex | null;
  readonly outgoing: readonly InterfaceIndex[];
  readonly packets: number;
  readonly bytes: number;
  readonly wrongInterface: number;
  /** The kernel waits for an answer to its upcall. */
  readonly unresolved: boolean;
}

/** Counters of an entry: packets in all, and those of them that arrived on a wrong interface. */
export interface EntryCounters {
  readonly packets: number;
  readonly wrongInterface: number;
}

/** What the kernel has forwarded by one interface since it has its VIF, data packets and their bytes with the IP header. */
export interface VifCounters {
  /** Those that came in where their entry expects them, also if the entry has no outputs. */
  readonly received: Traffic;
  /** Copies that went out. */
  readonly sent: Traffic;
}

/** Packets and bytes. */
export interface Traffic {
  readonly packets: number;
  readonly bytes: number;
}

/** The kernel's forwarding table, as it can be read. */
export interface KernelEntries {
  /**
   * All entries, read part by part as they are taken: an entry that is written or removed meanwhile may be shown as it
   * was, or not at all. Throws HostError, also later on.
   */
  readEntries(): Iterable<InstalledEntry>;
  /** The entry as it is now; null: there is none, or only packets that wait for it. Throws HostError. */
  readEntry(source: Address, group: Address): InstalledEntry | null;
  /** null: the interface has no VIF. Throws HostError. */
  readVifCounters(index: InterfaceIndex): VifCounters | null;
}

/** A machine. Every call is synchronous; those that can fail throw HostError. */
export interface Host extends KernelEntries {
  /** Monotonic. */
  now(): Millis;
  /** Time of day, whole seconds. */
  unixSeconds(): number;
  /** Asks for one `deadline` event at `due` in place of any asked for before; null: none. */
  setDeadline(due: Millis | null): void;
  send(datagram: OutgoingDatagram): void;
  /** Takes a VIF for the interface, with TTL threshold 1, and joins the groups that routers listen to there. */
  startInterface(index: InterfaceIndex): VifIndex;
  /**
   * From now on, entries are written such that a packet leaves by this interface, which has a VIF, only if its TTL was
   * greater when it arrived (1 to 254). The caller writes those anew that have it as an output. Never fails.
   */
  setTtlThreshold(index: InterfaceIndex, threshold: number): void;
  /** Gives the VIF back. The caller has rewritten all entries that name the interface. Never fails. */
  stopInterface(index: InterfaceIndex): void;
  /**
   * Has other processes go first for a moment, and then brings, as `datagram` events, what has been received already, and
   * some of what the neighbors on these interfaces have said meanwhile. Returns how many events.
   */
  hearNeighbors(interfaces: readonly InterfaceIndex[]): number;
  /** Adds or replaces the entry of (source, group). Interfaces without a VIF cannot be named. */
  writeEntry(
    source: Address,
    group: Address,
    incoming: InterfaceIndex,
    outgoing: readonly InterfaceIndex[],
  ): void;
  /** Removes the entry, if there is one. */
  deleteEntry(source: Address, group: Address): void;
  /** null: there is no entry. */
  readCounters(source: Address, group: Address): EntryCounters | null;
  /** The last BootTime used on an interface of this name, 0 if none (§4). */
  lastBootTime(name: string): BootTime;
  /** Has it on disk when it returns. */
  storeBootTime(name: string, bootTime: BootTime): void;
}
