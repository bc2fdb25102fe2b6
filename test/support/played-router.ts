// One router of the core, whose neighbors, routes, listeners and kernel are played by the test.

import { formatAddress, ip } from "../../src/base/address.ts";
import type { SourceFilter } from "../../src/base/source-filter.ts";
import { EVERY_SOURCE, NO_SOURCE } from "../../src/base/source-filter.ts";
import { type InterfaceIndex, interfaceIndex, type Millis, millis } from "../../src/base/units.ts";
import type {
  CounterReading,
  InterfaceFacts,
  KernelEntry,
  Route,
  RouterAction,
  RouterEvent,
} from "../../src/core/events.ts";
import type { Message, TreeId, TreeMessage } from "../../src/core/messages.ts";
import type { Notice } from "../../src/core/notices.ts";
import { Router } from "../../src/core/router.ts";
import { DEFAULT_ROUTER_SETTINGS, type RouterSettings } from "../../src/core/settings.ts";
import type { InterfaceView, TreeInterfaceView, TreeView } from "../../src/core/view.ts";
import { facts, prefix } from "./core-network.ts";
import { PlayedNeighbor } from "./played-neighbor.ts";
import { entryText, rpc, SOURCE_SUBNET, TREE } from "./played-tree.ts";

type Running = NonNullable<InterfaceView["running"]>;

const keyOf = ({ source, group }: TreeId): string => source + group;

const isTreeMessage = (message: Message): message is TreeMessage =>
  message.kind !== "hello" && message.kind !== "sync" && message.kind !== "ack";

function textOf(index: InterfaceIndex, to: string, message: TreeMessage): string {
  switch (message.kind) {
    case "iamUpstream":
      return `${index} IamUpstream ${message.rpc.preference}/${message.rpc.metric}`;
    case "iamNoLongerUpstream":
      return `${index} IamNoLongerUpstream`;
    case "interest":
      return `${index} Interest ${to}`;
    case "noInterest":
      return `${index} NoInterest ${to}`;
  }
}

/** A route over an interface. */
export const routeBy = (
  metric: number,
  index: number,
  gateway: string | null,
  protocol = 11,
): Route => ({
  protocol,
  metric,
  nextHops: [{ interface: interfaceIndex(index), gateway: gateway === null ? null : ip(gateway) }],
});

/** A router alone. Interface i has the address 10.0.i.5/24, and neighbors 10.0.i.x. */
export class PlayedRouter {
  now: Millis = millis(0);
  readonly router: Router;
  readonly notices: Notice[] = [];
  /** What was dropped: "interface protocol reason". */
  readonly drops: string[] = [];
  /** Every message about the tree that was sent. */
  readonly messages: TreeMessage[] = [];
  /** When which trees' counters were asked for. */
  readonly asked: { readonly at: Millis; readonly trees: readonly TreeId[] }[] = [];
  readonly #settings: RouterSettings;
  readonly #said: string[] = [];
  readonly #kernel = new Map<string, { entry: KernelEntry; reading: CounterReading }>();
  readonly #neighbors: PlayedNeighbor[] = [];
  readonly #queue: RouterEvent[] = [];

  constructor(settings: Partial<RouterSettings> = {}) {
    this.#settings = { ...DEFAULT_ROUTER_SETTINGS, ...settings };
    this.router = new Router({ family: 4, settings: this.#settings, seed: 1 });
  }

  /** Has the router handle an event, and all that follows from it without time passing. */
  handle(event: RouterEvent): void {
    this.#queue.push(event);
    for (;;) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      for (const action of this.router.handle(next, this.now)) this.#do(action);
    }
  }

  /** Lets so many milliseconds pass, timer by timer. */
  run(span: number): void {
    const end = this.now + span;
    for (;;) {
      const due = this.router.nextDeadline() ?? Number.POSITIVE_INFINITY;
      if (due > end) break;
      this.now = millis(Math.max(due, this.now));
      this.handle({ kind: "time" });
    }
    this.now = millis(end);
  }

  /** Interface `index` as it is from now on: with HPIM-DM, serving listeners, unless it is given otherwise. */
  interface(index: number, given: Partial<InterfaceFacts> = {}): void {
    const all = { membership: true, ...given };
    this.handle({ kind: "interface", facts: facts(index, `10.0.${index}.5/24`, all) });
  }

  /** The route to the source from now on; without an interface: none. */
  route(metric: number, index?: number, gateway: string | null = null, protocol = 11): void {
    const routes: Route[] = index === undefined ? [] : [routeBy(metric, index, gateway, protocol)];
    this.handle({ kind: "routes", changes: [{ prefix: prefix(SOURCE_SUBNET), routes }] });
  }

  /** A SYNCED neighbor 10.0.index.host, or with this address; UPSTREAM by its snapshot if an RPC is given. */
  neighbor(index: number, host: number | string, upstream?: string): PlayedNeighbor {
    const address = typeof host === "number" ? `10.0.${index}.${host}` : host;
    const neighbor = new PlayedNeighbor(this, index, address);
    this.#neighbors.push(neighbor);
    neighbor.synchronise(upstream === undefined ? [] : [{ ...TREE, rpc: rpc(upstream) }]);
    return neighbor;
  }

  /** A listener joins, or the last one leaves. */
  listener(index: number, isThere = true): void {
    this.listeners(index, isThere ? EVERY_SOURCE : NO_SOURCE);
  }

  /** Listeners want the group of these sources. */
  listeners(index: number, wanted: SourceFilter): void {
    const { group } = TREE;
    this.handle({ kind: "listeners", interface: interfaceIndex(index), group, wanted });
  }

  /** Data arrive for which the kernel has no entry. */
  missing(index: number, tree: TreeId = TREE): void {
    this.handle({ kind: "missingEntry", interface: interfaceIndex(index), ...tree });
  }

  /** Data arrive on another interface than their entry's. */
  wrong(index: number, tree: TreeId = TREE): void {
    this.handle({ kind: "wrongInterface", interface: interfaceIndex(index), ...tree });
  }

  /** The kernel counts so many packets more by the tree's entry, some on the wrong interface. */
  count(packets: number, wrongInterface = 0, tree: TreeId = TREE): void {
    const standing = this.#kernel.get(keyOf(tree));
    if (standing === undefined) throw new Error("no entry counts");
    standing.reading = {
      ...tree,
      packets: standing.reading.packets + packets,
      wrongInterface: standing.reading.wrongInterface + wrongInterface,
    };
  }

  /** Changes settings of the router. */
  settings(change: Partial<RouterSettings>): void {
    this.handle({ kind: "settings", settings: { ...this.#settings, ...change } });
  }

  /** The messages about trees sent since the last call, in order: "2 IamUpstream 11/20". */
  said(): string[] {
    return this.#said.splice(0);
  }

  /** The kernel's entry, as "1 -> 2 3" or "none". */
  entry(tree: TreeId = TREE): string {
    return entryText(this.#kernel.get(keyOf(tree))?.entry);
  }

  /** How many entries the kernel has. */
  get entryCount(): number {
    return this.#kernel.size;
  }

  /** The tree, or undefined where nothing is known of it. */
  tree(tree: TreeId = TREE): TreeView | undefined {
    const { trees } = this.router.view(this.now);
    return trees.find((t) => t.source === tree.source && t.group === tree.group);
  }

  /** The state of the tree, and why. */
  state(): string {
    const verdict = this.tree()?.verdict;
    return verdict === undefined ? "unknown" : `${verdict.state}: ${verdict.why}`;
  }

  /** The tree on one interface. */
  at(index: number): TreeInterfaceView {
    const found = this.tree()?.interfaces.find((i) => i.interface === index);
    if (found === undefined) throw new Error(`the tree is unknown on ${index}`);
    return found;
  }

  /** What follows of a non-root interface: assert, downstream interest, forwarding; with reasons. */
  why(index: number): { assert: string; downstream: string; forwarding: string } {
    const { nonRoot } = this.at(index);
    if (nonRoot === null) throw new Error(`${index} is root`);
    const { assert, downstream, forwarding } = nonRoot;
    return {
      assert: `${assert.winner ? "AW" : "AL"}: ${assert.why}`,
      downstream: `${downstream.interested ? "DI" : "NDI"}: ${downstream.why}`,
      forwarding: `${forwarding.forwarding ? "forwards" : "does not"}: ${forwarding.why}`,
    };
  }

  /** HPIM-DM as it runs on an interface. */
  running(index: number): Running {
    const { interfaces } = this.router.view(this.now);
    const running = interfaces.find((i) => i.index === index)?.running;
    if (running == null) throw new Error(`HPIM-DM does not run on ${index}`);
    return running;
  }

  #do(action: RouterAction): void {
    switch (action.kind) {
      case "send": {
        const { interface: index, destination, message } = action;
        if (isTreeMessage(message)) {
          this.messages.push(message);
          this.#said.push(textOf(index, formatAddress(destination), message));
        }
        for (const neighbor of this.#neighbors) {
          this.#queue.push(...neighbor.hear(index, destination, message));
        }
        return;
      }
      case "entry":
        this.#install(action, action.entry);
        return;
      case "readCounters":
        this.asked.push({ at: this.now, trees: action.trees });
        this.#queue.push({ kind: "counters", readings: this.#read(action.trees) });
        return;
      case "drop":
        this.drops.push(`${action.interface} ${action.protocol} ${action.reason}`);
        return;
      case "notice":
        this.notices.push(action.notice);
        return;
      case "storeBootTime":
        return;
    }
  }

  #install({ source, group }: TreeId, entry: KernelEntry | null): void {
    const key = source + group;
    const reading = this.#kernel.get(key)?.reading;
    if (entry === null) this.#kernel.delete(key);
    else {
      const fresh = { source, group, packets: 0, wrongInterface: 0 };
      this.#kernel.set(key, { entry, reading: reading ?? fresh });
    }
  }

  #read(trees: readonly TreeId[]): CounterReading[] {
    return trees.flatMap((tree) => this.#kernel.get(keyOf(tree))?.reading ?? []);
  }
}

/** A router 11/20 from the source over interface 1, with listeners on 2 and 3. */
export function withListeners(upstream: string): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.interface(3);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.listener(3);
  router.neighbor(1, 1, upstream);
  return router;
}
