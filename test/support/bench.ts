// One router alone: the test writes every message that it hears, and reads every message that it sends.

import { type Address, type Family, formatAddress, ip } from "../../src/base/address.ts";
import { EVERY_SOURCE, NO_SOURCE } from "../../src/base/source-filter.ts";
import {
  type BootTime,
  bootTime,
  type InterfaceIndex,
  interfaceIndex,
  type Millis,
  millis,
} from "../../src/base/units.ts";
import type { DropReason } from "../../src/core/acceptance.ts";
import type {
  InterfaceFacts,
  KernelEntry,
  RouterAction,
  RouterEvent,
} from "../../src/core/events.ts";
import { allRouters, type Message, type Rpc, type TreeId } from "../../src/core/messages.ts";
import type { Notice } from "../../src/core/notices.ts";
import { Router } from "../../src/core/router.ts";
import { DEFAULT_ROUTER_SETTINGS, type RouterSettings } from "../../src/core/settings.ts";
import type {
  InterfaceView,
  NeighborView,
  TreeInterfaceView,
  TreeView,
} from "../../src/core/view.ts";
import { facts, prefix } from "./core-network.ts";

/** A message that the router sent. */
export interface Sent {
  readonly at: Millis;
  readonly interface: number;
  readonly source: Address;
  readonly destination: Address;
  readonly message: Message;
  /** It is a retransmission. */
  readonly again: boolean;
}

/** The tree of most tests: its source is on interface 1 of `originator()`. */
export const SOURCE: Address = ip("10.0.0.100");
export const GROUP: Address = ip("239.1.1.1");
export const TREE: TreeId = { source: SOURCE, group: GROUP };
/** Another group of the same source. */
export const otherTree = (n: number): TreeId => ({ source: SOURCE, group: ip(`239.2.2.${n}`) });
/** A cost that is lower than any route's. */
export const NEAR: Rpc = { preference: 1, metric: 1 };
/** A cost that is higher than any route's. */
export const FAR: Rpc = { preference: 250, metric: 1 };

function flags(message: Extract<Message, { kind: "sync" }>): string {
  const { leader, part } = message;
  return `${leader ? "M" : "-"}${part.more ? "m" : "-"}`;
}

/** A message in a few words: its kind and numbers. */
export function brief({ message }: { readonly message: Message }): string {
  switch (message.kind) {
    case "hello":
      return `hello ${message.options.holdTimeSeconds} s, checkpoint ${message.options.checkpointSn}`;
    case "sync": {
      const { mySsn, neighborSsn, neighborBootTime, syncSn } = message;
      return `sync ${mySsn}/${neighborSsn} to ${neighborBootTime} ${flags(message)} ${syncSn}`;
    }
    case "ack":
      return `ack ${message.neighborSn} in ${message.mySsn}/${message.neighborSsn} to ${message.neighborBootTime}`;
    case "iamUpstream":
      return `iamUpstream ${message.sn}: ${message.rpc.preference}/${message.rpc.metric}`;
    case "iamNoLongerUpstream":
    case "interest":
    case "noInterest":
      return `${message.kind} ${message.sn}`;
  }
}

const isForAll = (message: Message): boolean =>
  ["hello", "iamUpstream", "iamNoLongerUpstream"].includes(message.kind);

/** A router, its clock, and what it did. */
export class Bench {
  now: Millis = millis(0);
  readonly family: Family;
  readonly router: Router;
  /** Every message that it ever sent. */
  readonly sent: Sent[] = [];
  readonly notices: Notice[] = [];
  readonly entries: Map<string, KernelEntry> = new Map();
  /** Every action, in order. */
  readonly actions: RouterAction[] = [];
  readonly #stored = new Map<InterfaceIndex, BootTime>();

  constructor(settings: Partial<RouterSettings> = {}, family: Family = 4) {
    this.family = family;
    this.router = new Router({
      family,
      settings: { ...DEFAULT_ROUTER_SETTINGS, ...settings },
      seed: 1,
    });
  }

  /** Has the router handle an event; returns the messages that it sends for it. */
  handle(event: RouterEvent): readonly Sent[] {
    const from = this.sent.length;
    for (const action of this.router.handle(event, this.now)) this.#do(action);
    return this.sent.slice(from);
  }

  /** Gives the router an interface, with the defaults except for what is given. */
  interface(index: number, address: string, given: Partial<InterfaceFacts> = {}): readonly Sent[] {
    const lastBootTime = this.#stored.get(interfaceIndex(index)) ?? bootTime(0);
    const at = facts(index, address, { lastBootTime, ...given });
    return this.handle({ kind: "interface", facts: at });
  }

  /** Gives it a route of the kernel (protocol 11); without `gateway` a connected one (protocol 2). */
  route(to: string, index: number, gateway: string | null = null, metric = 0): readonly Sent[] {
    const nextHops = [
      { interface: interfaceIndex(index), gateway: gateway === null ? null : ip(gateway) },
    ];
    const protocol = gateway === null ? 2 : 11;
    return this.handle({
      kind: "routes",
      changes: [{ prefix: prefix(to), routes: [{ protocol, metric, nextHops }] }],
    });
  }

  /** Takes a route away. */
  noRoute(to: string): readonly Sent[] {
    return this.handle({ kind: "routes", changes: [{ prefix: prefix(to), routes: [] }] });
  }

  /** A listener comes or goes. */
  listen(index: number, isWanted: boolean = true, group: Address = GROUP): readonly Sent[] {
    const wanted = isWanted ? EVERY_SOURCE : NO_SOURCE;
    return this.handle({ kind: "listeners", interface: interfaceIndex(index), group, wanted });
  }

  /** Data arrive that the kernel has no entry for. */
  data(index: number, tree: TreeId = TREE): readonly Sent[] {
    return this.handle({ kind: "missingEntry", interface: interfaceIndex(index), ...tree });
  }

  /** The router hears a message, sent as §2 says unless told otherwise. */
  hear(
    index: number,
    from: Address,
    message: Message,
    given: { readonly ttl?: number; readonly to?: Address } = {},
  ): readonly Sent[] {
    const own = this.running(index)?.address ?? ip("203.0.113.1");
    const destination = given.to ?? (isForAll(message) ? allRouters(this.family) : own);
    return this.handle({
      kind: "message",
      interface: interfaceIndex(index),
      source: from,
      destination,
      ttl: given.ttl ?? 1,
      message,
    });
  }

  /** Lets time pass, timer by timer; returns the messages sent meanwhile. */
  run(span: number): readonly Sent[] {
    const from = this.sent.length;
    const end = this.now + span;
    for (;;) {
      const due = this.router.nextDeadline();
      if (due === undefined || due > end) break;
      this.now = millis(Math.max(due, this.now));
      this.handle({ kind: "time" });
    }
    this.now = millis(end);
    return this.sent.slice(from);
  }

  running(index: number): InterfaceView["running"] {
    const { interfaces } = this.router.view(this.now);
    return interfaces.find((i) => i.index === index)?.running ?? null;
  }

  neighbor(index: number, address: Address): NeighborView | undefined {
    return this.running(index)?.neighbors.find((n) => n.address === address);
  }

  /** What was dropped on the interface, in order; "reason", of a message or of data. */
  drops(index: number): readonly string[] {
    return this.actions.flatMap((action) =>
      action.kind === "drop" && action.interface === index ? [action.reason] : [],
    );
  }

  /** How much was dropped on the interface for this reason. */
  dropped(index: number, reason: DropReason): number {
    return this.drops(index).filter((one) => one === reason).length;
  }

  tree(tree: TreeId = TREE): TreeView | undefined {
    return this.router
      .view(this.now)
      .trees.find((t) => t.source === tree.source && t.group === tree.group);
  }

  treeAt(index: number, tree: TreeId = TREE): TreeInterfaceView | undefined {
    return this.tree(tree)?.interfaces.find((i) => i.interface === index);
  }

  entry(tree: TreeId = TREE): KernelEntry | undefined {
    return this.entries.get(`${formatAddress(tree.source)} ${formatAddress(tree.group)}`);
  }

  #do(action: RouterAction): void {
    this.actions.push(action);
    switch (action.kind) {
      case "send":
        this.sent.push({ at: this.now, ...action });
        return;
      case "entry": {
        const key = `${formatAddress(action.source)} ${formatAddress(action.group)}`;
        if (action.entry === null) this.entries.delete(key);
        else this.entries.set(key, action.entry);
        return;
      }
      case "notice":
        this.notices.push(action.notice);
        return;
      case "storeBootTime":
        this.#stored.set(action.interface, action.bootTime);
        return;
      case "readCounters":
      case "drop":
        return;
    }
  }
}

/** An originator of TREE: interface 1 is the source's link 10.0.0.0/24; 2 and 3 are 10.2.0.5/24 and 10.3.0.5/24. */
export function originator(
  given: Partial<InterfaceFacts> = {},
  settings: Partial<RouterSettings> = {},
): Bench {
  const bench = new Bench(settings);
  bench.interface(1, "10.0.0.5/24", given);
  bench.interface(2, "10.2.0.5/24", given);
  bench.interface(3, "10.3.0.5/24", given);
  bench.route("10.0.0.0/24", 1);
  return bench;
}

/** The messages of these kinds. */
export const only = (sent: readonly Sent[], ...kinds: Message["kind"][]): readonly Sent[] =>
  sent.filter(({ message }) => kinds.includes(message.kind));

/** The messages but Hellos, briefly; on one interface or all. */
export const briefly = (sent: readonly Sent[], index?: number): readonly string[] =>
  sent
    .filter((one) => index === undefined || one.interface === index)
    .filter(({ message }) => message.kind !== "hello")
    .map(brief);
