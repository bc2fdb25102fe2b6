// The kernel's multicast forwarding table in memory, with its upcalls, its queue of unresolved packets and its
// rationed reports (linux/net/ipv4/ipmr.c).
import type { Address } from "../base/address.ts";
import { orderedValues } from "../base/ordered.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import type { EntryCounters, InstalledEntry } from "../daemon/host.ts";

/** Packets that wait for an entry, per tree. */
const QUEUED_PACKETS = 4;
/** A tree that gets no entry is forgotten, and reported again with its next packet. */
const UNRESOLVED_TIME = millis(10_000);
/** Packets on wrong interfaces are reported at most this often per entry. */
const REPORT_INTERVAL = millis(3_000);

/** An output of an entry: packets leave by it only if they arrived with a TTL above the threshold. */
export interface Output {
  readonly index: InterfaceIndex;
  readonly ttlThreshold: number;
}

interface Entry {
  readonly source: Address;
  readonly group: Address;
  incoming: InterfaceIndex;
  outgoing: readonly Output[];
  packets: number;
  bytes: number;
  wrongInterface: number;
  nextReport: Millis;
}

interface Unresolved {
  readonly until: Millis;
  readonly waiting: { readonly at: InterfaceIndex; readonly datagram: Uint8Array }[];
}

/** A data packet as the table sees it. */
export interface DataPacket {
  readonly source: Address;
  readonly group: Address;
  readonly at: InterfaceIndex;
  readonly ttl: number;
  readonly datagram: Uint8Array;
}

/** What becomes of a packet; one that waits for an entry arrives once more when there is one. */
export type Fate =
  | "forwarded"
  /** The entry has no outputs. */
  | "pruned"
  | "TTL ended"
  | "wrong interface"
  | "waits"
  /** Too many wait already. */
  | "no room to wait";

/** What becomes of a packet, where it goes, and what the daemon is told of it. */
export interface Outcome {
  readonly fate: Fate;
  readonly outputs: readonly InterfaceIndex[];
  readonly upcall: "missingEntry" | "wrongInterface" | null;
}

const keyOf = (source: Address, group: Address): string => source + group;

function installed({ nextReport, outgoing, ...entry }: Entry): InstalledEntry {
  return { ...entry, outgoing: outgoing.map(({ index }) => index), unresolved: false };
}

function outcomeOf({ ttl }: DataPacket, outgoing: readonly Output[]): Outcome {
  const outputs = outgoing
    .filter(({ ttlThreshold }) => ttl > ttlThreshold)
    .map(({ index }) => index);
  if (outputs.length > 0) return { fate: "forwarded", outputs, upcall: null };
  return { fate: outgoing.length > 0 ? "TTL ended" : "pruned", outputs, upcall: null };
}

/** A forwarding table. */
export class KernelTable {
  readonly #entries = new Map<string, Entry>();
  readonly #unresolved = new Map<string, Unresolved>();

  /** A packet has arrived at `now`. */
  arrive(packet: DataPacket, now: Millis): Outcome {
    const key = keyOf(packet.source, packet.group);
    const entry = this.#entries.get(key);
    if (entry === undefined) return this.#wait(key, packet, now);
    entry.packets++;
    entry.bytes += packet.datagram.length;
    if (packet.at === entry.incoming) return outcomeOf(packet, entry.outgoing);
    entry.wrongInterface++;
    const fate = "wrong interface";
    if (now < entry.nextReport) return { fate, outputs: [], upcall: null };
    entry.nextReport = after(now, REPORT_INTERVAL);
    return { fate, outputs: [], upcall: "wrongInterface" };
  }

  #wait(key: string, { at, datagram }: DataPacket, now: Millis): Outcome {
    const known = this.#unresolved.get(key);
    if (known !== undefined && known.until > now) {
      const hasRoom = known.waiting.length < QUEUED_PACKETS;
      if (hasRoom) known.waiting.push({ at, datagram });
      return { fate: hasRoom ? "waits" : "no room to wait", outputs: [], upcall: null };
    }
    this.#unresolved.set(key, {
      until: after(now, UNRESOLVED_TIME),
      waiting: [{ at, datagram }],
    });
    return { fate: "waits", outputs: [], upcall: "missingEntry" };
  }

  /** Writes an entry. Returns the packets that waited for it. */
  write(
    tree: { readonly source: Address; readonly group: Address },
    incoming: InterfaceIndex,
    outgoing: readonly Output[],
    now: Millis,
  ): readonly { readonly at: InterfaceIndex; readonly datagram: Uint8Array }[] {
    const key = keyOf(tree.source, tree.group);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.incoming = incoming;
      known.outgoing = outgoing;
      return [];
    }
    const counters = { packets: 0, bytes: 0, wrongInterface: 0, nextReport: now };
    this.#entries.set(key, { ...tree, incoming, outgoing, ...counters });
    const unresolved = this.#unresolved.get(key);
    this.#unresolved.delete(key);
    return unresolved !== undefined && unresolved.until > now ? unresolved.waiting : [];
  }

  delete(source: Address, group: Address): void {
    this.#entries.delete(keyOf(source, group));
  }

  counters(source: Address, group: Address): EntryCounters | null {
    const entry = this.#entries.get(keyOf(source, group));
    return entry === undefined
      ? null
      : { packets: entry.packets, wrongInterface: entry.wrongInterface };
  }

  /** The entries, in ascending order of source and group. */
  entries(): readonly InstalledEntry[] {
    return orderedValues(this.#entries).map(installed);
  }

  /** null: there is none. */
  entry(source: Address, group: Address): InstalledEntry | null {
    const entry = this.#entries.get(keyOf(source, group));
    return entry === undefined ? null : installed(entry);
  }
}
