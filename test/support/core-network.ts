// Routers of the core alone, joined by perfect links in memory, with a clock that jumps from event to event.
import {
  type Address,
  formatAddress,
  ip,
  type Prefix,
  parsePrefix,
  prefixOf,
} from "../../src/base/address.ts";
import { ALL_TREES } from "../../src/base/tree-filter.ts";
import {
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
import { allRouters, type Message } from "../../src/core/messages.ts";
import type { Notice } from "../../src/core/notices.ts";
import { Router } from "../../src/core/router.ts";
import {
  DEFAULT_INTERFACE_SETTINGS,
  DEFAULT_ROUTER_SETTINGS,
  type RouterSettings,
} from "../../src/core/settings.ts";
import type { RouterView, TreeView } from "../../src/core/view.ts";

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
  filter: ALL_TREES,
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
  readonly router: Router;
  readonly entries: Map<string, KernelEntry> = new Map();
  readonly notices: Notice[] = [];
  readonly actions: RouterAction[] = [];
  constructor(name: string, settings: RouterSettings) {
    this.name = name;
    this.router = new Router({ family: 4, settings, seed: name.length });
  }
}

/** A network of cores. */
export class CoreNetwork {
  now: Millis = millis(0);
  readonly crossings: Crossing[] = [];
  /** Whether a message reaches a receiver; all do unless this is replaced. */
  delivers: (crossing: Crossing, receiver: string) => boolean = () => true;
  readonly #nodes = new Map<string, Node>();
  readonly #links = new Map<string, Attachment[]>();
  readonly #queue: { readonly node: Node; readonly event: RouterEvent }[] = [];

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
    this.#queue.push({ node: this.#node(name), event });
    this.#drain();
  }

  /** Lets time pass, timer by timer. */
  run(span: Millis): void {
    const end = this.now + span;
    for (;;) {
      const due = Math.min(
        ...[...this.#nodes.values()].map((n) => n.router.nextDeadline() ?? Infinity),
      );
      if (due > end) break;
      this.now = millis(Math.max(due, this.now));
      for (const node of this.#nodes.values()) {
        if ((node.router.nextDeadline() ?? Infinity) <= this.now) {
          this.#queue.push({ node, event: { kind: "time" } });
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

  #drain(): void {
    for (;;) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      for (const action of next.node.router.handle(next.event, this.now)) {
        this.#do(next.node, action);
      }
    }
  }

  #do(node: Node, action: RouterAction): void {
    node.actions.push(action);
    switch (action.kind) {
      case "send":
        this.#send(node, action);
        return;
      case "entry": {
        const key = `${formatAddress(action.source)} ${formatAddress(action.group)}`;
        if (action.entry === null) node.entries.delete(key);
        else node.entries.set(key, action.entry);
        return;
      }
      case "readCounters":
        this.#queue.push({ node, event: { kind: "counters", readings: [] } });
        return;
      case "notice":
        node.notices.push(action.notice);
        return;
      case "drop":
        return;
      case "storeBootTime":
        return;
    }
  }

  #send(node: Node, action: Extract<RouterAction, { kind: "send" }>): void {
    for (const [link, ends] of this.#links) {
      if (!ends.some((end) => end.node === node && end.index === action.interface)) continue;
      const crossing = {
        at: this.now,
        link,
        from: action.source,
        to: action.destination,
        message: action.message,
      };
      this.crossings.push(crossing);
      for (const end of ends) {
        if (end.node === node && end.index === action.interface) continue;
        const addressed =
          action.destination === allRouters(4) ||
          end.node.router
            .view(this.now)
            .interfaces.some(
              (i) => i.index === end.index && i.running?.address === action.destination,
            );
        if (!addressed || !this.delivers(crossing, end.node.name)) continue;
        this.#queue.push({
          node: end.node,
          event: {
            kind: "message",
            interface: end.index,
            source: action.source,
            destination: action.destination,
            ttl: 1,
            message: action.message,
          },
        });
      }
    }
  }
}
