// The Host on a real Linux kernel, for IPv4: joins the sockets, the kernel's tables and the clock of this room.
import type { Address } from "../base/address.ts";
import type { BootTime, InterfaceIndex, Millis, VifIndex } from "../base/units.ts";
import type {
  EntryCounters,
  Host,
  HostEvent,
  InstalledEntry,
  OutgoingDatagram,
  VifCounters,
} from "../daemon/host.ts";
import { readBootTime, writeBootTime } from "./boot-time-file.ts";
import { DeadlineTimer, monotonicNow } from "./deadline-timer.ts";
import { GiveWay } from "./give-way.ts";
import { InterfaceSockets } from "./interface-sockets.ts";
import { KernelTables } from "./kernel-tables.ts";
import { checkAbi, yieldProcessor } from "./libc.ts";
import { Mroute } from "./mroute.ts";

/** What a LinuxHost needs. */
export interface LinuxHostOptions {
  /** Where the BootTimes are kept; made when it is first needed. */
  readonly stateDirectory: string;
  /** Number of the kernel's table that RPCs are looked up in (§1). */
  readonly routingTable: number;
  /** Gets every event, from `start` on. What it throws ends the process as an uncaught exception. */
  readonly onEvent: (event: HostEvent) => void;
}

/** This machine, in the network namespace of this process. */
export class LinuxHost implements Host {
  readonly #stateDirectory: string;
  readonly #emit: (event: HostEvent) => void;
  readonly #mroute: Mroute;
  readonly #sockets: InterfaceSockets;
  readonly #tables: KernelTables;
  readonly #deadline: DeadlineTimer;
  readonly #giveWay = new GiveWay({ now: monotonicNow, yieldProcessor });
  #closed = false;

  /** Takes hold of multicast routing. Throws HostError (EADDRINUSE: another daemon has it), or Error on a machine of another kind. */
  constructor(options: LinuxHostOptions) {
    checkAbi();
    this.#stateDirectory = options.stateDirectory;
    // A batch of datagrams may still be in hand when its first one makes the engine close us.
    this.#emit = (event) => {
      if (!this.#closed) options.onEvent(event);
    };
    this.#mroute = new Mroute();
    this.#tables = new KernelTables(options.routingTable);
    this.#sockets = new InterfaceSockets(this.#emit, (address) => this.#tables.isOwn(address));
    this.#deadline = new DeadlineTimer(() => this.#emit({ kind: "deadline" }));
  }

  /** What this machine does not grant, and what follows, in a sentence; undefined if it grants all. */
  get limitation(): string | undefined {
    return this.#mroute.limitation;
  }

  /** Emits the links and routes as they are, before it returns unless they never rest, and all events from then on. Throws HostError. */
  start(): void {
    this.#tables.start(this.#emit);
    this.#mroute.start(this.#emit);
  }

  /** Releases all: VIFs, entries and groups go, no event comes any more, and the event loop is not held. */
  close(): void {
    this.#closed = true;
    this.#deadline.close();
    this.#sockets.closeAll();
    this.#mroute.close();
    this.#tables.close();
  }

  now(): Millis {
    return monotonicNow();
  }

  unixSeconds(): number {
    return Math.floor(Date.now() / 1000);
  }

  setDeadline(due: Millis | null): void {
    this.#deadline.set(due);
  }

  send(datagram: OutgoingDatagram): void {
    this.#sockets.send(datagram, this.#tables.nameOf(datagram.interface));
  }

  startInterface(index: InterfaceIndex): VifIndex {
    const name = this.#tables.nameOf(index);
    const vif = this.#mroute.takeVif(index, name);
    try {
      this.#sockets.open(index, name);
    } catch (error) {
      this.#mroute.giveBackVif(index);
      throw error;
    }
    return vif;
  }

  setTtlThreshold(index: InterfaceIndex, threshold: number): void {
    this.#mroute.setTtlThreshold(index, threshold);
  }

  stopInterface(index: InterfaceIndex): void {
    this.#sockets.close(index);
    this.#mroute.giveBackVif(index);
  }

  hearNeighbors(interfaces: readonly InterfaceIndex[]): number {
    this.#giveWay.toOthers();
    return this.#sockets.hear(interfaces);
  }

  writeEntry(
    source: Address,
    group: Address,
    incoming: InterfaceIndex,
    outgoing: readonly InterfaceIndex[],
  ): void {
    this.#mroute.writeEntry({ source, group, incoming, outgoing });
    this.#giveWay.toOthers();
  }

  deleteEntry(source: Address, group: Address): void {
    this.#mroute.deleteEntry(source, group);
  }

  readCounters(source: Address, group: Address): EntryCounters | null {
    return this.#mroute.readCounters(source, group);
  }

  readEntries(): Iterable<InstalledEntry> {
    return this.#tables.readEntries();
  }

  readEntry(source: Address, group: Address): InstalledEntry | null {
    return this.#tables.readEntry(source, group);
  }

  readVifCounters(index: InterfaceIndex): VifCounters | null {
    return this.#closed ? null : this.#mroute.readVifCounters(index);
  }

  lastBootTime(name: string): BootTime {
    return readBootTime(this.#stateDirectory, name);
  }

  storeBootTime(name: string, bootTime: BootTime): void {
    writeBootTime(this.#stateDirectory, name, bootTime);
  }
}
