// A random small network of cores, what happens to it, and what it must come to (§17), from its topology alone.
import { type Address, ip, prefixOf } from "../../src/base/address.ts";
import { Random } from "../../src/base/random.ts";
import { interfaceIndex, millis, seconds } from "../../src/base/units.ts";
import type { InterfaceFacts, RouteChange } from "../../src/core/events.ts";
import type { TreeId } from "../../src/core/messages.ts";
import { DEFAULT_INTERFACE_SETTINGS, type RouterSettings } from "../../src/core/settings.ts";
import { addressOn, CoreNetwork, facts } from "./core-network.ts";
import {
  type Attachment,
  addressOf,
  type ExpectedEntry,
  expectedEntries,
  FAR_OFF,
} from "./expected-entries.ts";

const GROUPS: readonly Address[] = [ip("239.1.1.1"), ip("239.1.1.2")];
const KINDS = ["iamNoLongerUpstream", "iamUpstream", "interest", "noInterest", "ack", "sync"];
/** Links with a source, at most. */
const SOURCE_LINKS = 2;

const nameOf = (router: number): string => `r${router}`;
const linkName = (link: number): string => `l${link}`;

/** A random network. */
export class RandomNetwork {
  readonly random: Random;
  readonly routers: number;
  readonly links: number;
  readonly attachments: Attachment[] = [];
  readonly #settings: Partial<RouterSettings>;
  readonly #treesPerSync: number | null;
  readonly #joined = new Set<string>();
  readonly #sending = new Set<string>();
  /** Routes that lead anywhere, of a network that breaks the rules; by router and link. */
  readonly #wrong = new Map<string, RouteChange>();
  network: CoreNetwork = new CoreNetwork();
  #clockStep = 0;
  /** The most copies of one packet that routers ever put on one link. */
  mostCopies = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.routers = 2 + this.#pick(5);
    this.links = Math.max(2, this.routers - 1 + this.#pick(3));
    for (let link = 0; link < this.links; link++) this.#layLink(link);
    const limits = [18, 40, 0xffff_ffff, 0xffff_ffff];
    this.#settings = {
      sourceActiveTime: seconds(30),
      sequenceNumberLimit: limits[this.#pick(limits.length)] ?? 0,
      floodInitialData: this.#pick(4) > 0,
    };
    this.#treesPerSync = [null, 1, 2][this.#pick(3)] ?? null;
    for (let link = 0; link < this.links; link++) {
      for (const [group] of GROUPS.entries()) {
        if (this.#pick(3) === 0) this.#joined.add(`${link} ${group}`);
        if (link < SOURCE_LINKS && this.#pick(4) > 0) this.#sending.add(`${link} ${group}`);
      }
    }
    this.start();
  }

  #pick(limit: number): number {
    return this.random.below(limit);
  }

  #layLink(link: number): void {
    const members = new Set<number>();
    // A line through all routers, and links at random.
    if (link < this.routers - 1) members.add(link).add(link + 1);
    const count = this.#pick(3) + (members.size === 0 ? 1 : 0);
    for (let i = 0; i < count; i++) members.add(this.#pick(this.routers));
    for (const router of [...members].sort()) {
      const cost = 1 + this.#pick(4);
      this.attachments.push({ router, link, cost, up: true, runs: true, host: 1 + router });
    }
  }

  /** Starts all routers afresh, on a new network in the same configuration. */
  start(): void {
    const network = new CoreNetwork();
    const { now } = this.network;
    this.network = network;
    network.now = now;
    for (let router = 0; router < this.routers; router++)
      network.add(nameOf(router), this.#settings);
    for (const at of this.attachments) {
      network.attach(nameOf(at.router), linkName(at.link), this.#facts(at));
    }
    for (let router = 0; router < this.routers; router++) this.#equip(router);
  }

  #facts({ router, link, up, host, runs }: Attachment): InterfaceFacts {
    const protocol = { ...DEFAULT_INTERFACE_SETTINGS, treesPerSync: this.#treesPerSync };
    return facts(link + 1, `10.0.${link}.${host}/24`, {
      up,
      addresses: [addressOn(`10.0.${link}.${host}/24`)],
      membership: true,
      protocol: runs ? protocol : null,
      lastBootTime: this.network.lastBootTime(nameOf(router), link + 1),
      unixSeconds: 1000 + Math.floor(this.network.now / 1000) + this.#clockStep,
    });
  }

  /** Tells a router its routes and listeners. */
  #equip(router: number): void {
    this.#tellRoutes(router);
    for (const joined of this.#joined) {
      const [link = 0, group = 0] = joined.split(" ").map(Number);
      this.#tellListener(router, link, group);
    }
  }

  #tellListener(router: number, link: number, group: number): void {
    if (this.#at(router, link) === undefined) return;
    this.network.handle(nameOf(router), {
      kind: "listeners",
      interface: interfaceIndex(link + 1),
      group: GROUPS[group] ?? ip("0.0.0.0"),
      wanted: this.#joined.has(`${link} ${group}`),
    });
  }

  #at(router: number, link: number): Attachment | undefined {
    return this.attachments.find((at) => at.router === router && at.link === link);
  }

  /** Costs from each router to a link; infinite where no way leads there. */
  distances(link: number): readonly number[] {
    const to = Array.from({ length: this.routers }, () => FAR_OFF);
    for (const at of this.attachments) if (at.link === link && at.up) to[at.router] = 0;
    for (let round = 0; round < this.routers; round++) {
      for (const [router] of to.entries()) {
        const hop = this.#hop(router, to);
        if (hop !== undefined) to[router] = Math.min(to[router] ?? FAR_OFF, hop.distance);
      }
    }
    return to;
  }

  /** The best way on from a router, where its neighbors are as far as given. */
  #hop(
    router: number,
    to: readonly number[],
  ): { distance: number; out: Attachment; next: Attachment } | undefined {
    let best: { distance: number; out: Attachment; next: Attachment } | undefined;
    for (const out of this.attachments) {
      if (out.router !== router || !out.up) continue;
      for (const next of this.attachments) {
        if (next.link !== out.link || next.router === router || !next.up) continue;
        const distance = out.cost + (to[next.router] ?? FAR_OFF);
        if (distance < (best?.distance ?? FAR_OFF)) best = { distance, out, next };
      }
    }
    return best;
  }

  #tellRoutes(router: number): void {
    const changes: RouteChange[] = [];
    for (let link = 0; link < SOURCE_LINKS; link++) {
      const wrong = this.#wrong.get(`${router} ${link}`);
      changes.push(wrong ?? this.#routeOf(router, link));
    }
    this.network.handle(nameOf(router), { kind: "routes", changes });
  }

  #routeOf(router: number, link: number): RouteChange {
    const prefix = prefixOf(ip(`10.0.${link}.0`), 24);
    if (this.#at(router, link)?.up === true) {
      const nextHops = [{ interface: interfaceIndex(link + 1), gateway: null }];
      return { prefix, routes: [{ protocol: 2, metric: 0, nextHops }] };
    }
    const hop = this.#hop(router, this.distances(link));
    if (hop === undefined) return { prefix, routes: [] };
    const { out, next, distance } = hop;
    const nextHops = [{ interface: interfaceIndex(out.link + 1), gateway: addressOf(next) }];
    return { prefix, routes: [{ protocol: 11, metric: distance, nextHops }] };
  }

  /** One thing happens; what follows for the routes becomes known to each router some time later. */
  strike(): void {
    const at = this.attachments[this.#pick(this.attachments.length)];
    const router = this.#pick(this.routers);
    if (at === undefined) return;
    const what = this.#pick(30);
    if (what < 12) {
      this.blink(router);
      return;
    }
    if (what < 13) this.#vanish(at);
    else if (what < 16) this.#flap(at);
    else if (what < 18) this.#restart(router);
    else if (what < 20) at.cost = 1 + this.#pick(4);
    else if (what < 23) this.#toggleListener(this.#pick(this.links), this.#pick(GROUPS.length));
    else if (what < 26) this.#toggleSource(this.#pick(SOURCE_LINKS), this.#pick(GROUPS.length));
    else if (what < 27) this.#readdress(at);
    else if (what < 29) this.#reconfigure(at);
    else this.#clockStep = this.#pick(100) - 50;
    this.#converge();
  }

  /** A router loses its routes for a moment. */
  blink(router: number = this.#pick(this.routers)): void {
    const prefixes = Array.from({ length: SOURCE_LINKS }, (_, link) => this.#routeOf(router, link));
    const changes = prefixes.map(({ prefix }) => ({ prefix, routes: [] }));
    this.network.handle(nameOf(router), { kind: "routes", changes });
    this.run(this.#pick(2) * this.#pick(800));
    this.#tellRoutes(router);
    this.run(this.#pick(2) * this.#pick(3000));
  }

  #flap(at: Attachment): void {
    at.up = !at.up;
    this.#tellFacts(at);
  }

  #vanish(at: Attachment): void {
    at.up = false;
    const gone = { kind: "interfaceGone", interface: interfaceIndex(at.link + 1) } as const;
    this.network.handle(nameOf(at.router), gone);
  }

  #reconfigure(at: Attachment): void {
    at.runs = !at.runs;
    this.#tellFacts(at);
  }

  /** HPIM-DM is configured everywhere, and every router knows its routes. */
  settleDown(): void {
    for (const at of this.attachments) if (!at.runs) this.#reconfigure(at);
    for (let router = 0; router < this.routers; router++) this.#equip(router);
  }

  #readdress(at: Attachment): void {
    at.host = at.host > 100 ? 1 + at.router : 150 - at.router;
    this.#tellFacts(at);
  }

  #tellFacts(at: Attachment): void {
    this.network.handle(nameOf(at.router), { kind: "interface", facts: this.#facts(at) });
  }

  #restart(router: number): void {
    this.network.restart(nameOf(router));
    for (const at of this.attachments) if (at.router === router) this.#tellFacts(at);
    this.#equip(router);
  }

  #toggleListener(link: number, group: number): void {
    const key = `${link} ${group}`;
    if (!this.#joined.delete(key)) this.#joined.add(key);
    for (let router = 0; router < this.routers; router++) this.#tellListener(router, link, group);
  }

  #toggleSource(link: number, group: number): void {
    const key = `${link} ${group}`;
    if (!this.#sending.delete(key)) this.#sending.add(key);
  }

  #converge(): void {
    const pace = [0, 40, 400, 1500][this.#pick(4)] ?? 0;
    for (let i = 0; i < this.routers; i++) {
      this.run(this.#pick(1 + pace));
      this.#tellRoutes(this.#pick(this.routers));
    }
  }

  /** A router gets a route of its own, which may lead anywhere. */
  breakRules(): void {
    const link = this.#pick(SOURCE_LINKS);
    const at = this.attachments[this.#pick(this.attachments.length)];
    const next = this.attachments.find((b) => b.link === at?.link && b.router !== at.router);
    if (at === undefined || next === undefined) return;
    const nextHops = [{ interface: interfaceIndex(at.link + 1), gateway: addressOf(next) }];
    this.#wrong.set(`${at.router} ${link}`, {
      prefix: prefixOf(ip(`10.0.${link}.0`), 24),
      routes: [{ protocol: 11, metric: this.#pick(6), nextHops }],
    });
    this.#tellRoutes(at.router);
  }

  stopSources(): void {
    this.#sending.clear();
  }

  /** Lets time pass while the sources send. */
  run(span: number): void {
    const end = this.network.now + span;
    while (this.network.now < end) {
      const step = Math.min(1000 - (this.network.now % 1000), end - this.network.now);
      this.network.run(millis(step));
      if (this.network.now % 1000 !== 0) continue;
      for (const { link, tree } of this.active()) {
        const carried = this.network.data(linkName(link), tree);
        this.mostCopies = Math.max(this.mostCopies, ...carried.values());
      }
    }
  }

  /** Trees whose source sends. */
  active(): readonly { readonly link: number; readonly group: number; readonly tree: TreeId }[] {
    return this.trees().filter(({ link, group }) => this.#sending.has(`${link} ${group}`));
  }

  /** All trees that there may be. */
  trees(): readonly { readonly link: number; readonly group: number; readonly tree: TreeId }[] {
    return Array.from({ length: SOURCE_LINKS }, (_, link) =>
      GROUPS.map((address, group) => {
        return { link, group, tree: { source: ip(`10.0.${link}.100`), group: address } };
      }),
    ).flat();
  }

  names(): readonly string[] {
    return Array.from({ length: this.routers }, (_, router) => nameOf(router));
  }

  /** Copies that routers put on each link of one packet. */
  copiesOf(link: number, tree: TreeId): ReadonlyMap<number, number> {
    const carried = this.network.data(linkName(link), tree);
    return new Map([...carried].map(([name, copies]) => [Number(name.slice(1)), copies]));
  }

  /** P3 to P5: the entry of each router that has one, by its name, of a tree whose source sends. */
  expectedEntries(source: number, group: number): ReadonlyMap<string, ExpectedEntry> {
    const distances = this.distances(source);
    const roots = distances.map((distance, router) => {
      if (distance === FAR_OFF) return undefined;
      return distance === 0 ? source : this.#hop(router, distances)?.out.link;
    });
    const listeners = new Set(
      Array.from({ length: this.links }, (_, link) => link).filter((link) =>
        this.#joined.has(`${link} ${group}`),
      ),
    );
    const { attachments } = this;
    const entries = expectedEntries({ source, attachments, distances, roots, listeners });
    return new Map([...entries].map(([router, entry]) => [nameOf(router), entry]));
  }

  /** Makes links lose, repeat and reorder messages, or be perfect again. */
  setWeather(bad: boolean): void {
    const { network, random } = this;
    const loss = [1, 2, 3, 5][random.below(4)] ?? 5;
    // Often of one kind only: what else is said then does not make up for it.
    const kind = KINDS[random.below(2 * KINDS.length)];
    network.delivers = ({ message }) =>
      !bad || (kind !== undefined && message.kind !== kind) || random.below(loss) > 0;
    network.delays = () => {
      const copies = bad && random.below(5) === 0 ? 2 : 1;
      const slowness = [1, 30, 1000, 7000];
      return Array.from({ length: copies }, () =>
        bad ? random.below(slowness[random.below(slowness.length)] ?? 1) : 0,
      );
    };
  }

  /** Up interfaces of one link, two by two. */
  pairs(): readonly { readonly a: Attachment; readonly b: Attachment }[] {
    const up = this.attachments.filter((at) => at.up);
    return up.flatMap((a) =>
      up.filter((b) => b.link === a.link && b.router !== a.router).map((b) => ({ a, b })),
    );
  }
}

/** The address and names of an attachment. */
export const placeOf = (at: Attachment): { router: string; index: number; address: Address } => ({
  router: nameOf(at.router),
  index: at.link + 1,
  address: addressOf(at),
});
