// What the kernel knows of links, addresses and routes: read whole at each change, told as differences.
// Reading whole is what makes it right: IPv4 routes vanish with their link or address without a word, notifications get
// lost when the kernel runs out of room, and only a dump shows the order of equal routes.
import { isDeepStrictEqual } from "node:util";
import type { Address } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import { HostError, type HostEvent, type InstalledEntry, type Link } from "../daemon/host.ts";
import { buildLinks, ownAddresses } from "./links.ts";
import {
  AF_UNSPEC,
  addNews,
  NetlinkMonitor,
  NetlinkRequests,
  type News,
  noNews,
} from "./netlink.ts";
import {
  type AddressRecord,
  decodeAddress,
  decodeLink,
  decodeRoute,
  encodeBody,
  encodeEntryBody,
  type LinkRecord,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_GETROUTE,
} from "./netlink-codec.ts";
import { diffRibs, type Rib, RibBuilder } from "./routes.ts";
import { AF_INET } from "./sockets.ts";

const RTNL_FAMILY_IPMR = 128;
/** The multicast routing table that a socket gets unless it asks for another. */
const RT_TABLE_DEFAULT = 253;
const RTNH_F_UNRESOLVED = 0x20;
const IFLA_EXT_MASK = 29;
const RTEXT_FILTER_SKIP_STATS = 8;
const RTA_TABLE = 15;

const LINKS = {
  type: RTM_GETLINK,
  body: encodeBody(AF_UNSPEC, 16, { type: IFLA_EXT_MASK, value: RTEXT_FILTER_SKIP_STATS }),
  what: "the interfaces",
};
const ADDRESSES = { type: RTM_GETADDR, body: encodeBody(AF_INET, 8), what: "the addresses" };
const routesOfTable = (table: number): typeof ADDRESSES => ({
  type: RTM_GETROUTE,
  body: encodeBody(AF_INET, 12, { type: RTA_TABLE, value: table }),
  what: `the routes of table ${table}`,
});
const ENTRIES = {
  type: RTM_GETROUTE,
  body: encodeBody(RTNL_FAMILY_IPMR, 12),
  what: "the multicast forwarding entries",
};

/** After a reading we rest for this many times what it took, so that a large table that never rests leaves time for the rest. */
const REST = 2;
/** So long a reading may hold the event loop: a table of 100,000 routes takes some 100 ms in all. */
const TURN_MILLIS = 5;
/** A reading that failed is tried anew after so long. */
const RETRY_MILLIS = 500;
/** So often the first reading is tried at once: only tables that never rest are then left for later. */
const FIRST_READINGS = 100;
/** That a table changes while it is read is nothing to speak of, unless it happens so often in a row. */
const QUIET_INTERRUPTIONS = 5;

type Tables = Extract<HostEvent, { kind: "links" | "routes" }>;

/** Gets `links` and `routes`, and `failed`. */
export type TablesHandler = (event: Tables | Extract<HostEvent, { kind: "failed" }>) => void;

/** A reading under way, of what `news` says. */
interface Reading {
  readonly news: News;
  /** Yields what is to be told, and null where it may pause. */
  readonly steps: Generator<Tables | null, void>;
  spentMillis: number;
}

/** The tables as last read. */
export class KernelTables {
  readonly #requests = new NetlinkRequests();
  readonly #entryRequests = new NetlinkRequests();
  readonly #monitor = new NetlinkMonitor();
  readonly #routes: typeof ADDRESSES;
  #handler: TablesHandler = () => undefined;
  #links: readonly Link[] = [];
  #names: ReadonlyMap<InterfaceIndex, string> = new Map();
  #own: ReadonlySet<Address> = new Set();
  #rib: Rib = new Map();
  /** Of what is to be read next. */
  #news = noNews();
  #isReading = false;
  #isClosed = false;
  #restUntil = 0;
  #wakeUp: NodeJS.Timeout | null = null;
  /** Readings that failed, one after the other. */
  #failed = 0;
  #toldErrno: string | null = null;

  /** `routingTable`: the one that RPCs are looked up in (§1). */
  constructor(routingTable: number) {
    this.#routes = routesOfTable(routingTable);
  }

  /**
   * Reads all and tells `handler` before it returns, but what changes each time that it is read, which is told later; and
   * goes on telling it of changes. Throws HostError.
   */
  start(handler: TablesHandler): void {
    this.#handler = handler;
    const all = { ...noNews(), links: true, routes: true };
    let isRead = false;
    for (let n = 0; n < FIRST_READINGS && !isRead; n++) isRead = this.#readAtOnce(all);
    if (!isRead) addNews(this.#news, all);
    this.#monitor.start((news) => {
      addNews(this.#news, news);
      this.#beginInTime();
    });
    this.#beginInTime();
  }

  /** Whether nothing changed meanwhile. Throws HostError. */
  #readAtOnce(news: News): boolean {
    try {
      for (const tables of this.#read(news)) if (tables !== null) this.#handler(tables);
      return true;
    } catch (error) {
      if (error instanceof HostError && error.errno === "EINTR") return false;
      throw error;
    }
  }

  #beginInTime(): void {
    const isNeeded = this.#news.links || this.#news.routes;
    if (this.#isClosed || this.#isReading || this.#wakeUp !== null || !isNeeded) return;
    const rest = this.#restUntil - performance.now();
    if (rest <= 0) this.#begin();
    else
      this.#wakeUp = setTimeout(() => {
        this.#wakeUp = null;
        this.#begin();
      }, rest);
  }

  /** Reads for a turn, and the rest in later turns of the event loop. */
  #begin(): void {
    const news = this.#news;
    this.#news = noNews();
    this.#isReading = true;
    this.#goOn({ news, steps: this.#read(news), spentMillis: 0 });
  }

  #goOn(reading: Reading): void {
    if (this.#isClosed) return;
    const began = performance.now();
    let isDone = false;
    let spent = 0;
    while (!isDone && spent < TURN_MILLIS) {
      isDone = this.#step(reading);
      spent = performance.now() - began;
    }
    reading.spentMillis += spent;
    if (isDone) this.#end(reading);
    else setImmediate(() => this.#goOn(reading));
  }

  /** Whether the reading has ended. */
  #step(reading: Reading): boolean {
    let step: IteratorResult<Tables | null, void>;
    try {
      step = reading.steps.next();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.#onFailure(reading.news, error);
      return true;
    }
    if (step.done === true) {
      this.#failed = 0;
      this.#toldErrno = null;
      return true;
    }
    if (step.value !== null) this.#handler(step.value);
    return false;
  }

  #end({ spentMillis }: Reading): void {
    this.#isReading = false;
    const rest = this.#failed > 0 ? RETRY_MILLIS : REST * spentMillis;
    this.#restUntil = performance.now() + rest;
    this.#beginInTime();
  }

  /** What could not be read is read later. */
  #onFailure(news: News, { syscall, errno, message }: HostError): void {
    addNews(this.#news, news);
    this.#failed++;
    const isQuiet = errno === "EINTR" && this.#failed < QUIET_INTERRUPTIONS;
    if (isQuiet || this.#toldErrno === errno) return;
    this.#toldErrno = errno;
    this.#handler({ kind: "failed", failure: { syscall, errno, message } });
  }

  *#read(news: News): Generator<Tables | null, void> {
    if (news.links) {
      yield* this.#readLinks(news.gone);
      news.gone.clear();
    }
    yield* this.#readRoutes();
  }

  *#readLinks(gone: ReadonlySet<InterfaceIndex>): Generator<Tables | null, void> {
    const links: LinkRecord[] = [];
    const addresses: AddressRecord[] = [];
    yield* this.#requests.dumping(LINKS, (body) => addIfAny(links, decodeLink(body)));
    yield* this.#requests.dumping(ADDRESSES, (body) => addIfAny(addresses, decodeAddress(body)));
    // One that was deleted and made anew with the same number has lost its VIF and its groups: it must be seen to go.
    yield this.#setLinks(this.#links.filter((link) => !gone.has(link.index)));
    yield this.#setLinks(buildLinks(links, addresses));
  }

  #setLinks(links: readonly Link[]): Tables | null {
    if (isDeepStrictEqual(links, this.#links)) return null;
    this.#links = links;
    this.#names = new Map(links.map(({ index, name }) => [index, name]));
    this.#own = ownAddresses(links);
    return { kind: "links", links };
  }

  *#readRoutes(): Generator<Tables | null, void> {
    const up = new Set(this.#links.filter((link) => link.up).map((link) => link.index));
    const builder = new RibBuilder((index) => up.has(index));
    yield* this.#requests.dumping(this.#routes, (body) => {
      const record = decodeRoute(body);
      if (record !== null) builder.add(record);
    });
    const changes = yield* diffRibs(this.#rib, builder.rib);
    this.#rib = builder.rib;
    if (changes.length > 0) yield { kind: "routes", changes };
  }

  /** The name of an interface, or its number if there is none of it. */
  nameOf(index: InterfaceIndex): string {
    return this.#names.get(index) ?? `interface ${index}`;
  }

  /** Whether an address is this machine's. */
  isOwn(address: Address): boolean {
    return this.#own.has(address);
  }

  /** The entries of the kernel's multicast forwarding table, as in KernelEntries. */
  *readEntries(): Generator<InstalledEntry> {
    // The kernel runs one dump at a time on a socket.
    const requests = new NetlinkRequests();
    let part: InstalledEntry[] = [];
    try {
      const take = (body: DataView): void => addIfAny(part, installedEntry(body));
      for (const _part of requests.dumping(ENTRIES, take)) {
        yield* part;
        part = [];
      }
    } finally {
      requests.close();
    }
  }

  /** One of them; null also once this is closed. */
  readEntry(source: Address, group: Address): InstalledEntry | null {
    // A list may still be on its way to its reader; all entries went with the host.
    if (this.#isClosed) return null;
    const body = encodeEntryBody(RTNL_FAMILY_IPMR, source, group);
    return this.#entryRequests.get({ ...ENTRIES, body }, installedEntry);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#wakeUp !== null) clearTimeout(this.#wakeUp);
    this.#monitor.close();
    this.#requests.close();
    this.#entryRequests.close();
  }
}

function addIfAny<T>(list: T[], item: T | null): void {
  if (item !== null) list.push(item);
}

function installedEntry(body: DataView): InstalledEntry | null {
  const record = decodeRoute(body);
  if (record === null || record.table !== RT_TABLE_DEFAULT) return null;
  const { source, destination: group } = record;
  if (source === null || group === null) return null;
  return {
    source,
    group,
    incoming: record.incoming,
    outgoing: record.hops.map((hop) => hop.interface),
    ...record.counters,
    unresolved: (record.flags & RTNH_F_UNRESOLVED) !== 0,
  };
}
