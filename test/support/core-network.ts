// Routers of the core alone, joined by links in memory that are perfect unless told otherwise, with a clock that jumps
// from event to event, and a kernel forwarding table each.
import {
  type Address,
  formatAddress,
  ip,
  type Prefix,
  parsePrefix,
  prefixOf,
} from "../../src/base/address.ts";
import {
  type BootTime,
  bootTime,
  type InterfaceIndex,
  interfaceIndex,
  type Millis,
  millis,
} from "../../src/base/units.ts";
import type {
  InterfaceFacts,
  KernelEntry,
  RouterAction,
  RouterEvent,
} from "../../src/core/events.ts";
import { allRouters, type Message, type TreeId } from "../../src/core/messages.ts";
import type { Notice } from "../../src/core/notices.ts";
import { Router } from "../../src/core/router.ts";
import {
  DEFAULT_INTERFACE_SETTINGS,
  DEFAULT_ROUTER_SETTINGS,
  type RouterSettings,
} from "../../src/core/settings.ts";
import type { RouterView, TreeView } from "../../src/core/view.ts";
import { KernelTable } from "../../src/sim/kernel-table.ts";

/** An address of an interface, as "10.1.1.1/24". */
export const addressOn = (text: string): InterfaceFacts["addresses"][number] => {
  const [address = "", length = ""] = text.split("/");
  return { address: ip(address), subnet: prefixOf(ip(address), Number(length)) };
};

/** A prefix, as "10.1.1.0/24". */
export const prefix = (text: string): Prefix => {
  const parsed = parsePrefix(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

/** Facts of an interface that runs HPIM-DM with the defaults, except for what is given. */
export const facts = (
  index: number,
  address: string,
  given: Partial<InterfaceFacts> = {},
): InterfaceFacts => ({
  index: interfaceIndex(index),
  name: `eth${index - 1}`,
  up: true,
  mtu: 1500,
  addresses: [addressOn(address)],
  protocol: DEFAULT_INTERFACE_SETTINGS,
  signatureBytes: 0,
  membership: false,
  lastBootTime: bootTime(0),
  unixSeconds: 1000,
  ...given,
});

/** A message that crossed a link. */
export interface Crossing {
  readonly at: Millis;
  readonly link: string;
  readonly from: Address;
  readonly to: Address;
  readonly message: Message;
}

interface Attachment {
  readonly node: Node;
  readonly index: InterfaceIndex;
}

class Node {
  readonly name: string;
  readonly settings: RouterSettings;
  router: Router;
  table: KernelTable = new KernelTable();
  readonly entries: Map<string, KernelEntry> = new Map();
  /** As last told. */
  readonly facts: Map<InterfaceIndex, InterfaceFacts> = new Map();
  readonly stored: Map<InterfaceIndex, BootTime> = new Map();
  readonly notices: Notice[] = [];
  readonly actions: RouterAction[] = [];
  constructor(name: string, settings: RouterSettings) {
    this.name = name;
    this.settings = settings;
    this.router = new Router({ family: 4, settings, seed: name.length });
  }

  /** The router starts anew; what is on disk stays. */
  restart(): void {
    this.router = new Router({ family: 4, settings: this.settings, seed: this.name.length });
    this.table = new KernelTable();
    this.entries.clear();
    this.facts.clear();
  }
}

interface Queued {
  readonly node: Node;
  /** The life of the router that it is meant for. */
  readonly router: Router;
  readonly event: RouterEvent;
}

/** A data packet on a link. */
interface Packet {
  readonly tree: TreeId;
  readonly link: string;
  /** Who put it there; null: its source. */
  readonly from: Node | null;
  readonly ttl: number;
}

/** A network of cores. */
export class CoreNetwork {
  now: Millis = millis(0);
  readonly crossings: Crossing[] = [];
  /** Whether a message reaches a receiver; all do unless this is replaced. */
  delivers: (crossing: Crossing, receiver: string) => boolean = () => true;
  /** How long, in milliseconds, each copy of a message takes: one, and no time, unless this is replaced. */
  delays: () => readonly number[] = () => [0];
  /** Data packets put on each link by routers. */
  readonly carried: Map<string, number> = new Map();
  readonly #nodes = new Map<string, Node>();
  readonly #links = new Map<string, Attachment[]>();
  readonly #queue: Queued[] = [];
  readonly #underWay: (Queued & { readonly due: number })[] = [];
  readonly #packets: Packet[] = [];

  add(name: string, settings: Partial<RouterSettings> = {}): void {
    this.#nodes.set(name, new Node(name, { ...DEFAULT_ROUTER_SETTINGS, ...settings }));
  }

  /** Attaches interface `index` of a router to a link and starts HPIM-DM there. */
  attach(name: string, link: string, at: InterfaceFacts): void {
    const ends = this.#links.get(link) ?? [];
    ends.push({ node: this.#node(name), index: at.index });
    this.#links.set(link, ends);
    this.handle(name, { kind: "interface", facts: at });
  }

  /** Gives a router a route: its protocol number, metric and gateway. */
  route(
    name: string,
    to: string,
    via: { protocol: number; metric: number; index: number; gateway: string | null },
  ): void {
    const { protocol, metric, index, gateway } = via;
    const nextHops = [
      { interface: interfaceIndex(index), gateway: gateway === null ? null : ip(gateway) },
    ];
    this.handle(name, {
      kind: "routes",
      changes: [{ prefix: prefix(to), routes: [{ protocol, metric, nextHops }] }],
    });
  }

  /** Has a router handle an event, and all that follows from it without time passing. */
  handle(name: string, event: RouterEvent): void {
    const node = this.#node(name);
    if (event.kind === "interface") node.facts.set(event.facts.index, event.facts);
    if (event.kind === "interfaceGone") node.facts.delete(event.interface);
    this.#enqueue(node, event);
    this.#drain();
  }

  /** A router ends without a word, and starts anew, with nothing but its BootTimes. */
  restart(name: string): void {
    this.#node(name).restart();
  }

  /** The last BootTime that a router used on an interface. */
  lastBootTime(name: string, index: number): BootTime {
    return this.#node(name).stored.get(interfaceIndex(index)) ?? bootTime(0);
  }

  /** A source puts a packet on a link. Returns how many copies routers put on each. */
  data(link: string, tree: TreeId): ReadonlyMap<string, number> {
    this.carried.clear();
    this.#packets.push({ tree, link, from: null, ttl: 16 });
    this.#drain();
    return this.carried;
  }

  /** Lets time pass, timer by timer. */
  run(span: Millis): void {
    const end = this.now + span;
    for (;;) {
      const due = Math.min(
        this.#underWay[0]?.due ?? Infinity,
        ...[...this.#nodes.values()].map((n) => n.router.nextDeadline() ?? Infinity),
      );
      if (due > end) break;
      this.now = millis(Math.max(due, this.now));
      while (this.#underWay[0] !== undefined && this.#underWay[0].due <= this.now) {
        this.#queue.push(...this.#underWay.splice(0, 1));
      }
      for (const node of this.#nodes.values()) {
        if ((node.router.nextDeadline() ?? Infinity) <= this.now) {
          this.#enqueue(node, { kind: "time" });
        }
      }
      this.#drain();
    }
    this.now = millis(end);
  }

  view(name: string): RouterView {
    return this.#node(name).router.view(this.now);
  }

  tree(name: string, source: string, group: string): TreeView | undefined {
    return this.view(name).trees.find((t) => t.source === ip(source) && t.group === ip(group));
  }

  entries(name: string): ReadonlyMap<string, KernelEntry> {
    return this.#node(name).entries;
  }

  notices(name: string): readonly Notice[] {
    return this.#node(name).notices;
  }

  #node(name: string): Node {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(name);
    return node;
  }

  #enqueue(node: Node, event: RouterEvent): void {
    this.#queue.push({ node, router: node.router, event });
  }

  #drain(): void {
    for (;;) {
      const next = this.#queue.shift();
      if (next === undefined) {
        const packet = this.#packets.shift();
        if (packet === undefined) return;
        this.#carry(packet);
      } else if (next.router === next.node.router) {
        for (const action of next.router.handle(next.event, this.now)) this.#do(next.node, action);
      }
    }
  }

  #carry(packet: Packet): void {
    for (const { node, index } of this.#links.get(packet.link) ?? []) {
      if (node === packet.from || node.facts.get(index)?.up !== true) continue;
      this.#arrive(node, index, packet);
    }
  }

  #arrive(node: Node, at: InterfaceIndex, packet: Packet): void {
    const { tree } = packet;
    const datagram = Uint8Array.of(packet.ttl);
    const { outputs, upcall } = node.table.arrive({ ...tree, at, datagram }, this.now);
    this.#forward(node, packet, outputs);
    if (upcall !== null) this.#enqueue(node, { kind: upcall, interface: at, ...tree });
  }

  #forward(node: Node, { tree, ttl }: Packet, outputs: readonly InterfaceIndex[]): void {
    if (ttl <= 1) return;
    for (const [link, ends] of this.#links) {
      for (const end of ends) {
        if (end.node !== node || !outputs.includes(end.index)) continue;
        this.carried.set(link, (this.carried.get(link) ?? 0) + 1);
        this.#packets.push({ tree, link, from: node, ttl: ttl - 1 });
      }
    }
  }

  #setEntry(node: Node, { source, group, entry }: Extract<RouterAction, { kind: "entry" }>): void {
    const key = `${formatAddress(source)} ${formatAddress(group)}`;
    if (entry === null) {
      node.entries.delete(key);
      node.table.delete(source, group);
      return;
    }
    node.entries.set(key, entry);
    const tree = { source, group };
    const waited = node.table.write(tree, entry.incoming, entry.outgoing, this.now);
    for (const { at, datagram } of waited) {
      this.#arrive(node, at, { tree, link: "", from: null, ttl: datagram[0] ?? 0 });
    }
  }

  #readCounters(node: Node, trees: readonly TreeId[]): void {
    const readings = trees.flatMap(({ source, group }) => {
      const counters = node.table.counters(source, group);
      return counters === null ? [] : [{ source, group, ...counters }];
    });
    this.#enqueue(node, { kind: "counters", readings });
  }

  #do(node: Node, action: RouterAction): void {
    node.actions.push(action);
    switch (action.kind) {
      case "send":
        this.#send(node, action);
        return;
      case "entry":
        this.#setEntry(node, action);
        return;
      case "readCounters":
        this.#readCounters(node, action.trees);
        return;
      case "notice":
        node.notices.push(action.notice);
        return;
      case "storeBootTime":
        node.stored.set(action.interface, action.bootTime);
        return;
    }
  }

  #send(node: Node, action: Extract<RouterAction, { kind: "send" }>): void {
    if (node.facts.get(action.interface)?.up !== true) return;
    for (const [link, ends] of this.#links) {
      if (!ends.some((end) => end.node === node && end.index === action.interface)) continue;
      const { source: from, destination: to, message } = action;
      const crossing = { at: this.now, link, from, to, message };
      this.crossings.push(crossing);
      for (const end of ends) {
        if (end.node !== node && isAddressed(end, to)) this.#deliver(end, crossing);
      }
    }
  }

  #deliver({ node, index }: Attachment, crossing: Crossing): void {
    const event: RouterEvent = {
      kind: "message",
      interface: index,
      source: crossing.from,
      destination: crossing.to,
      ttl: 1,
      message: crossing.message,
    };
    if (!this.delivers(crossing, node.name)) return;
    for (const delay of this.delays()) {
      if (delay === 0) this.#enqueue(node, event);
      else this.#underWay.push({ node, router: node.router, event, due: this.now + delay });
    }
    this.#underWay.sort((a, b) => a.due - b.due);
  }
}

/** Whether what is sent to an address is for the interface. */
function isAddressed({ node, index }: Attachment, to: Address): boolean {
  const at = node.facts.get(index);
  const isOurs = at?.addresses.some(({ address }) => address === to) === true;
  return at?.up === true && (to === allRouters(4) || isOurs);
}
