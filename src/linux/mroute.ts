// The kernel's IPv4 multicast forwarding (linux/mroute.h): VIFs, entries, counters, upcalls.
// Its socket is a raw IGMP socket, one for all interfaces. What can come by a socket of the interface's own does not come
// here: only reports without Router Alert to groups that are nobody's on this machine, which get nowhere else.

import type { Address } from "../base/address.ts";
import { formatTree } from "../base/tree-text.ts";
import { type InterfaceIndex, type VifIndex, vifIndex } from "../base/units.ts";
import {
  type EntryCounters,
  HostError,
  type HostEvent,
  type InstalledEntry,
  type Upcall,
  type VifCounters,
} from "../daemon/host.ts";
import { igmpProcesses } from "./igmp-processes.ts";
import {
  close,
  EADDRINUSE,
  EADDRNOTAVAIL,
  ENOENT,
  hostError,
  ioctl,
  setsockopt,
  watch,
} from "./libc.ts";
import {
  decodeArrival,
  decodeCounters,
  decodeVifCounters,
  encodeCountersRequest,
  encodeEntry,
  encodeVif,
  encodeVifCountersRequest,
} from "./mroute-codec.ts";
import { MROUTE_FILTER } from "./mroute-filter.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import { attachFilter } from "./socket-filter.ts";
import {
  AF_INET,
  IP_PKTINFO,
  IPPROTO_IGMP,
  IPPROTO_IP,
  intBytes,
  openSocket,
  SOCK_RAW,
  setOption,
  setReceiveBuffer,
} from "./sockets.ts";
import { type Flow, keyOf, UnansweredUpcalls } from "./unanswered-upcalls.ts";
import { UpcallStacks } from "./upcall-stacks.ts";
import { MAX_VIFS, VifTable } from "./vif-table.ts";

const MRT_INIT = 200;
const MRT_DONE = 201;
const MRT_ADD_VIF = 202;
const MRT_DEL_VIF = 203;
const MRT_ADD_MFC = 204;
const MRT_DEL_MFC = 205;
const MRT_PIM = { level: IPPROTO_IP, name: 208 };
const SIOCGETVIFCNT = 0x89e0;
const SIOCGETSGCNT = 0x89e1;
/** Holds some 20,000 upcalls. It bounds the kernel's queue of unresolved packets, which it searches linearly: not more. */
const RECEIVE_BUFFER_BYTES = 8 << 20;
/** In a storm: some 1,200. */
const STORM_BUFFER_BYTES = 512 << 10;
/** What an upcall takes of it, with the kernel's overhead. */
const UPCALL_BYTES = 832;
const WHAT = "the multicast routing socket";

/** What arrives: IGMP datagrams and upcalls. */
export type MrouteHandler = (event: Extract<HostEvent, { kind: "datagram" | "upcalls" }>) => void;

function otherDaemon(): string {
  const others = igmpProcesses();
  // Of others' processes, and of those with more capabilities than ours, we may not see the sockets.
  const unseen = 'as root, "ss --raw --all --processes" shows which';
  const who = others.length === 0 ? unseen : others.join("; ");
  return `another multicast routing daemon runs in this network namespace (${who})`;
}

/** The one owner of multicast routing in this network namespace. */
export class Mroute {
  readonly #fd: number;
  readonly #receiveBuffer = new ReceiveBuffer();
  readonly #vifs = new VifTable();
  /** Of those interfaces that have another than 1. */
  readonly #ttlThresholds = new Map<InterfaceIndex, number>();
  readonly #bufferBytes: number;
  #upcalls: UpcallStacks | null = null;
  readonly #unanswered = new UnansweredUpcalls();
  /** Flows that have an entry without outputs only until it is their turn. */
  readonly #held = new Set<string>();

  /** Throws HostError; EADDRINUSE: another multicast routing daemon runs here. */
  constructor() {
    this.#fd = openSocket(AF_INET, SOCK_RAW, IPPROTO_IGMP, WHAT);
    try {
      setOption(this.#fd, IP_PKTINFO, 1, `cannot set up ${WHAT}`);
      this.#bufferBytes = setReceiveBuffer(this.#fd, RECEIVE_BUFFER_BYTES);
      attachFilter(this.#fd, MROUTE_FILTER, WHAT);
      this.#initialise();
      // Data on a wrong interface are reported also where that interface is no output of the entry.
      setOption(this.#fd, MRT_PIM, 1, "cannot ask for reports of data on wrong interfaces");
    } catch (error) {
      close(this.#fd);
      throw error;
    }
  }

  #initialise(): void {
    const result = setsockopt(this.#fd, IPPROTO_IP, MRT_INIT, intBytes(1));
    if (result === EADDRINUSE) throw hostError("setsockopt", result, otherDaemon());
    if (result < 0) throw hostError("setsockopt", result, "cannot start multicast routing");
  }

  /** What follows from a receive buffer smaller than it should be, in a sentence; undefined if it is not. */
  get limitation(): string | undefined {
    if (this.#bufferBytes >= 2 * RECEIVE_BUFFER_BYTES) return undefined;
    const held = Math.floor(this.#bufferBytes / UPCALL_BYTES);
    return `The receive buffer for new flows is ${this.#bufferBytes} bytes: of a burst of more than about ${held} new flows, the rest form with their next packets. Raise net.core.rmem_max to ${RECEIVE_BUFFER_BYTES}, or run hpim-dm as root.`;
  }

  /** Hands what arrives to `handler`, from now on. */
  start(handler: MrouteHandler): void {
    const upcalls = new UpcallStacks({
      storm: (isOn) => setReceiveBuffer(this.#fd, isOn ? STORM_BUFFER_BYTES : RECEIVE_BUFFER_BYTES),
      hold: (waiting) => this.#hold(waiting),
      take: (slice) => {
        this.#unanswered.add(slice.filter((upcall) => !this.#held.has(keyOf(upcall))));
        handler({ kind: "upcalls", upcalls: slice });
        this.#letGo(slice);
        this.#boundUnanswered();
      },
      giveUp: (oldest) => this.#letGo(oldest),
    });
    watch(this.#fd, () => {
      this.#receiveBuffer.receive(this.#fd, (arrival, bytes) => {
        const what = decodeArrival(bytes);
        switch (what.kind) {
          case "other":
            return;
          case "datagram":
            handler({ kind: "datagram", interface: arrival, bytes });
            return;
          case "upcall": {
            const { reason, vif, source, group } = what;
            const index = this.#vifs.interfaceOf(vif);
            // Unless its VIF was given back while it was queued.
            if (index !== undefined) upcalls.push({ reason, interface: index, source, group });
          }
        }
      });
    });
    this.#upcalls = upcalls;
  }

  /** Has the kernel drop what comes of these flows until it is their turn: it need not search packets that wait for it. */
  #hold(upcalls: readonly Upcall[]): void {
    for (const upcall of upcalls) {
      if (upcall.reason === "missingEntry" && this.#block(upcall)) this.#held.add(keyOf(upcall));
    }
  }

  /** Those of these that are held still, and that nobody has answered, are reported again with their next packet. */
  #letGo(upcalls: readonly Upcall[]): void {
    for (const { source, group } of upcalls) {
      if (this.#held.delete(keyOf({ source, group }))) this.deleteEntry(source, group);
    }
  }

  #boundUnanswered(): void {
    for (const flow of this.#unanswered.takeExcess()) {
      if (this.#block(flow)) this.deleteEntry(flow.source, flow.group);
    }
  }

  /** Writes an entry without outputs, whereupon the kernel drops what waits for one; false: the flow has an entry already. */
  #block({ interface: index, source, group }: Flow): boolean {
    const incoming = this.#vifs.vifOf(index);
    if (incoming === undefined || this.readCounters(source, group) !== null) return false;
    const bytes = encodeEntry({ source, group, incoming, outgoing: [] });
    return setsockopt(this.#fd, IPPROTO_IP, MRT_ADD_MFC, bytes) >= 0;
  }

  /** Takes a VIF for an interface. `name`: the interface's, for messages. Throws HostError. */
  takeVif(index: InterfaceIndex, name: string): VifIndex {
    if (this.#vifs.vifOf(index) !== undefined)
      throw hostError("setsockopt", EADDRINUSE, `${name} has a VIF already`);
    const vif = this.#vifs.take(index);
    if (vif === undefined) {
      const what = `no VIF is left for ${name}: the kernel routes multicast on ${MAX_VIFS} interfaces at most`;
      throw new HostError("setsockopt", "ENFILE", what);
    }
    const result = setsockopt(this.#fd, IPPROTO_IP, MRT_ADD_VIF, encodeVif(vif, index));
    if (result >= 0) return vif;
    this.#vifs.giveBack(index);
    throw hostError("setsockopt", result, `cannot take a VIF for ${name}`);
  }

  /** What entries that are written from now on have for an output, until its VIF is given back. */
  setTtlThreshold(index: InterfaceIndex, threshold: number): void {
    this.#ttlThresholds.set(index, threshold);
  }

  /** Gives the VIF of an interface back, if it has one, also one that the kernel removed with the interface. */
  giveBackVif(index: InterfaceIndex): void {
    const vif = this.#vifs.giveBack(index);
    this.#ttlThresholds.delete(index);
    if (vif !== undefined) setsockopt(this.#fd, IPPROTO_IP, MRT_DEL_VIF, encodeVif(vif, index));
  }

  /** Adds or replaces an entry. Throws HostError; EADDRNOTAVAIL: an interface has no VIF. */
  writeEntry(
    entry: Pick<InstalledEntry, "source" | "group" | "outgoing"> & {
      readonly incoming: InterfaceIndex;
    },
  ): void {
    const { source, group, incoming, outgoing } = entry;
    this.#unanswered.answer(entry);
    this.#held.delete(keyOf(entry));
    const vifOf = (index: InterfaceIndex): VifIndex => this.#vifOf(index, source, group);
    const bytes = encodeEntry({
      source,
      group,
      incoming: vifOf(incoming),
      outgoing: outgoing.map((index) => ({
        vif: vifOf(index),
        ttlThreshold: this.#ttlThresholds.get(index) ?? 1,
      })),
    });
    const result = setsockopt(this.#fd, IPPROTO_IP, MRT_ADD_MFC, bytes);
    if (result < 0)
      throw hostError(
        "setsockopt",
        result,
        `cannot write the entry of ${formatTree({ source, group })}`,
      );
  }

  #vifOf(index: InterfaceIndex, source: Address, group: Address): VifIndex {
    const vif = this.#vifs.vifOf(index);
    if (vif !== undefined) return vif;
    const what = `cannot write the entry of ${formatTree({ source, group })}: interface ${index} has no VIF`;
    throw hostError("setsockopt", EADDRNOTAVAIL, what);
  }

  /** Removes an entry, if there is one. Throws HostError. */
  deleteEntry(source: Address, group: Address): void {
    // The kernel looks at source and group only.
    const bytes = encodeEntry({ source, group, incoming: vifIndex(0), outgoing: [] });
    const result = setsockopt(this.#fd, IPPROTO_IP, MRT_DEL_MFC, bytes);
    if (result < 0 && result !== ENOENT)
      throw hostError(
        "setsockopt",
        result,
        `cannot delete the entry of ${formatTree({ source, group })}`,
      );
  }

  /** The counters of an entry; null: there is none. Throws HostError. */
  readCounters(source: Address, group: Address): EntryCounters | null {
    const request = encodeCountersRequest(source, group);
    const result = ioctl(this.#fd, SIOCGETSGCNT, request);
    if (result === EADDRNOTAVAIL) return null;
    if (result < 0)
      throw hostError(
        "ioctl",
        result,
        `cannot read the counters of ${formatTree({ source, group })}`,
      );
    return decodeCounters(request);
  }

  /** What an interface has forwarded; null: it has no VIF, or no longer exists. Throws HostError. */
  readVifCounters(index: InterfaceIndex): VifCounters | null {
    const vif = this.#vifs.vifOf(index);
    if (vif === undefined) return null;
    const request = encodeVifCountersRequest(vif);
    const result = ioctl(this.#fd, SIOCGETVIFCNT, request);
    if (result === EADDRNOTAVAIL) return null;
    if (result < 0) throw hostError("ioctl", result, `cannot read the counters of VIF ${vif}`);
    return decodeVifCounters(request);
  }

  /** Ends multicast routing: VIFs and entries go. */
  close(): void {
    this.#upcalls?.close();
    setsockopt(this.#fd, IPPROTO_IP, MRT_DONE, intBytes(1));
    close(this.#fd);
  }
}
