// What the kernel knows of links, addresses and routes: read whole at each change, told as differences.
// Reading whole is what makes it right: IPv4 routes vanish with their link or address without a word, notifications get
// lost when the kernel runs out of room, and only a dump shows the order of equal routes.
import { isDeepStrictEqual } from "node:util";
import type { Address } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { HostEvent, InstalledEntry, Link } from "../daemon/host.ts";
import { buildLinks, ownAddresses } from "./links.ts";
import { AF_UNSPEC, NetlinkMonitor, NetlinkRequests, type News, noNews } from "./netlink.ts";
import {
  decodeAddress,
  decodeLink,
  decodeRoute,
  encodeBody,
  encodeEntryBody,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_GETROUTE,
} from "./netlink-codec.ts";
import { buildRib, diffRibs, type Rib } from "./routes.ts";
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

/** Gets `links` and `routes`. */
export type TablesHandler = (event: Extract<HostEvent, { kind: "links" | "routes" }>) => void;

/** The tables as last read. */
export class KernelTables {
  readonly #requests = new NetlinkRequests();
  readonly #monitor = new NetlinkMonitor();
  readonly #routes: typeof ADDRESSES;
  #links: readonly Link[] = [];
  #names: ReadonlyMap<InterfaceIndex, string> = new Map();
  #own: ReadonlySet<Address> = new Set();
  #rib: Rib = new Map();
  #news = noNews();
  #restUntil = 0;
  #wakeUp: NodeJS.Timeout | null = null;

  /** `routingTable`: the one that RPCs are looked up in (§1). */
  constructor(routingTable: number) {
    this.#routes = routesOfTable(routingTable);
  }

  /** Reads all, tells `handler`, and goes on telling it of changes. Throws HostError. */
  start(handler: TablesHandler): void {
    this.#readLinks(handler);
    this.#readRoutes(handler);
    this.#monitor.start((news) => this.#onNews(news, handler));
  }

  #onNews(news: News, handler: TablesHandler): void {
    this.#news.links ||= news.links;
    this.#news.routes ||= news.routes;
    for (const index of news.gone) this.#news.gone.add(index);
    if (this.#wakeUp !== null) return;
    const rest = this.#restUntil - performance.now();
    if (rest <= 0) this.#refresh(handler);
    else
      this.#wakeUp = setTimeout(() => {
        this.#wakeUp = null;
        this.#refresh(handler);
      }, rest);
  }

  #refresh(handler: TablesHandler): void {
    const began = performance.now();
    const news = this.#news;
    this.#news = noNews();
    if (news.links) {
      this.#tellGone(news.gone, handler);
      this.#readLinks(handler);
    }
    this.#readRoutes(handler);
    const ended = performance.now();
    this.#restUntil = ended + REST * (ended - began);
  }

  /** An interface that was deleted and made anew with the same number has lost its VIF and its groups: it must be seen to go. */
  #tellGone(gone: ReadonlySet<InterfaceIndex>, handler: TablesHandler): void {
    this.#setLinks(
      this.#links.filter((link) => !gone.has(link.index)),
      handler,
    );
  }

  #readLinks(handler: TablesHandler): void {
    const links = this.#requests.dump(LINKS, decodeLink);
    this.#setLinks(buildLinks(links, this.#requests.dump(ADDRESSES, decodeAddress)), handler);
  }

  #setLinks(links: readonly Link[], handler: TablesHandler): void {
    if (isDeepStrictEqual(links, this.#links)) return;
    this.#links = links;
    this.#names = new Map(links.map(({ index, name }) => [index, name]));
    this.#own = ownAddresses(links);
    handler({ kind: "links", links });
  }

  #readRoutes(handler: TablesHandler): void {
    const up = new Set(this.#links.filter((link) => link.up).map((link) => link.index));
    const records = this.#requests.dump(this.#routes, decodeRoute);
    const rib = buildRib(records, (index) => up.has(index));
    const changes = diffRibs(this.#rib, rib);
    this.#rib = rib;
    if (changes.length > 0) handler({ kind: "routes", changes });
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
    try {
      yield* requests.dumpSlowly(ENTRIES, installedEntry);
    } finally {
      requests.close();
    }
  }

  /** One of them. */
  readEntry(source: Address, group: Address): InstalledEntry | null {
    const body = encodeEntryBody(RTNL_FAMILY_IPMR, source, group);
    return this.#requests.get({ ...ENTRIES, body }, installedEntry);
  }

  close(): void {
    if (this.#wakeUp !== null) clearTimeout(this.#wakeUp);
    this.#monitor.close();
    this.#requests.close();
  }
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
