// The machine that a replayed router runs on: its interfaces, its route, and its kernel's forwarding table.
import type { Address } from "../../src/base/address.ts";
import { ALL_TREES } from "../../src/base/tree-filter.ts";
import {
  type BootTime,
  bootTime,
  type InterfaceIndex,
  interfaceIndex,
} from "../../src/base/units.ts";
import type {
  CounterReading,
  InterfaceFacts,
  KernelEntry,
  RouterEvent,
} from "../../src/core/events.ts";
import type { TreeId } from "../../src/core/messages.ts";
import { DEFAULT_INTERFACE_SETTINGS } from "../../src/core/settings.ts";
import { prefix } from "../support/core-network.ts";
import { linkOf } from "./captured.ts";
import { type PlannedRoute, type PlannedRouter, SOURCE_SUBNET } from "./networks.ts";

const SUBNET_BITS = 24;
const MTU = 1500;

const keyOf = ({ source, group }: TreeId): string => source + group;

interface Standing {
  readonly entry: KernelEntry;
  readonly reading: CounterReading;
}

/** The machine of one router. */
export class Machine {
  readonly #plan: PlannedRouter;
  readonly #running = new Set<Address>();
  readonly #kernel = new Map<string, Standing>();

  constructor(plan: PlannedRouter) {
    this.#plan = plan;
  }

  /** The interface with this address. */
  indexOf(address: Address): InterfaceIndex {
    return interfaceIndex(this.#plan.addresses.indexOf(address) + 1);
  }

  /** HPIM-DM begins on an interface under this BootTime, or, null, ends there. */
  interface(on: Address, begins: BootTime | null): RouterEvent {
    if (begins === null) this.#running.delete(on);
    else this.#running.add(on);
    const index = this.indexOf(on);
    const facts: InterfaceFacts = {
      index,
      name: `eth${index - 1}`,
      up: true,
      mtu: MTU,
      addresses: [{ address: on, subnet: { address: linkOf(on), length: SUBNET_BITS } }],
      protocol:
        begins === null
          ? null
          : { ...DEFAULT_INTERFACE_SETTINGS, treesPerSync: this.#plan.treesPerSync },
      signatureBytes: 0,
      membership: this.#plan.serves.includes(on),
      filter: ALL_TREES,
      lastBootTime: bootTime((begins ?? 1) - 1),
      unixSeconds: begins ?? 0,
    };
    return { kind: "interface", facts };
  }

  /** The route to the source's subnet, with this metric. */
  route(metric: number): RouterEvent {
    const { protocol, gateway }: PlannedRoute = this.#plan.route;
    const out = this.#plan.addresses.find(
      (address) => gateway === null || linkOf(address) === linkOf(gateway),
    );
    if (out === undefined) throw new Error("no interface towards the gateway");
    const nextHops = [{ interface: this.indexOf(out), gateway }];
    const routes = [{ protocol, metric, nextHops }];
    return { kind: "routes", changes: [{ prefix: prefix(SOURCE_SUBNET), routes }] };
  }

  /** What the kernel reports of a data packet that arrives on the interface with this address. */
  data(tree: TreeId, on: Address): readonly RouterEvent[] {
    if (!this.#running.has(on)) return [];
    const index = this.indexOf(on);
    const { source, group } = tree;
    const standing = this.#kernel.get(keyOf(tree));
    if (standing === undefined) return [{ kind: "missingEntry", interface: index, source, group }];
    const { entry, reading } = standing;
    const isWrong = entry.incoming !== index;
    this.#kernel.set(keyOf(tree), {
      entry,
      reading: {
        ...reading,
        packets: reading.packets + 1,
        wrongInterface: reading.wrongInterface + (isWrong ? 1 : 0),
      },
    });
    return isWrong ? [{ kind: "wrongInterface", interface: index, source, group }] : [];
  }

  /** The core's entry of a tree; null: it goes. */
  install({ source, group }: TreeId, entry: KernelEntry | null): void {
    const key = keyOf({ source, group });
    const reading = this.#kernel.get(key)?.reading ?? {
      source,
      group,
      packets: 0,
      wrongInterface: 0,
    };
    if (entry === null) this.#kernel.delete(key);
    else this.#kernel.set(key, { entry, reading });
  }

  /** The counters of these trees. */
  counters(trees: readonly TreeId[]): RouterEvent {
    const readings = trees.flatMap((tree) => this.#kernel.get(keyOf(tree))?.reading ?? []);
    return { kind: "counters", readings };
  }
}
