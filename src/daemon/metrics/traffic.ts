// Metrics of what the kernel forwards: by interface all of it, and by tree the busiest.
import { formatAddress } from "../../base/address.ts";
import { compare } from "../../base/ordered.ts";
import type { TreeKey } from "../../core/tree-id.ts";
import { treeOfKey } from "../../core/tree-id.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Traffic, VifCounters } from "../host.ts";
import { HostError } from "../host.ts";
import { differenceOf, entryPairs } from "../lists/entry-pairs.ts";
import { NO_FILTER } from "../lists/list.ts";
import type { Families, Labels, Sample } from "./exposition.ts";
import { sample } from "./exposition.ts";

/** What a tree's entry has counted. */
interface Busy extends Traffic {
  readonly key: TreeKey;
}

const busierFirst = (a: Busy, b: Busy): number => b.packets - a.packets || compare(a.key, b.key);

/** The trees with the most packets of those that were added in the order of their keys, in memory for so many. */
export class Busiest {
  readonly #size: number;
  #some: Busy[] = [];
  /** Who has no more than this is not among them. */
  #least = -1;

  constructor(size: number) {
    this.#size = size;
  }

  add(tree: Busy): void {
    if (tree.packets <= this.#least || this.#size === 0) return;
    this.#some.push(tree);
    if (this.#some.length >= 2 * this.#size) this.#keepBusiest();
  }

  #keepBusiest(): void {
    this.#some = this.#some.sort(busierFirst).slice(0, this.#size);
    if (this.#some.length === this.#size) this.#least = this.#some.at(-1)?.packets ?? -1;
  }

  /** In ascending order of source and group. */
  inOrder(): readonly Busy[] {
    this.#keepBusiest();
    return this.#some.sort((a, b) => compare(a.key, b.key));
  }
}

/** What the kernel's table of entries tells. */
interface Table {
  entries: number;
  differences: number;
  readonly busiest: Busiest;
}

/** Reads the whole table; whoever takes it may rest in between. */
function* tableOf(engine: EngineReading): Generator<undefined, Table> {
  const busiest = new Busiest(engine.configuration.metrics.trees);
  const table: Table = { entries: 0, differences: 0, busiest };
  for (const pair of entryPairs(engine, NO_FILTER)) {
    yield undefined;
    if (pair === undefined) continue;
    const { key, kernel } = pair;
    if (differenceOf(pair) !== null) table.differences++;
    if (kernel === null || kernel.unresolved) continue;
    table.entries++;
    busiest.add({ key, packets: kernel.packets, bytes: kernel.bytes });
  }
  return table;
}

function labelsOf({ key }: Busy): Labels {
  const { source, group } = treeOfKey(key);
  return { source: formatAddress(source), group: formatAddress(group) };
}

function* ofTable(engine: EngineReading): Families {
  const { entries, differences, busiest } = yield* tableOf(engine);
  const trees = busiest.inOrder();
  yield {
    ...{ name: "hpim_kernel_entries", type: "gauge" },
    help: "Forwarding entries that the kernel has.",
    samples: [sample({}, entries)],
  };
  yield {
    ...{ name: "hpim_kernel_entry_differences", type: "gauge" },
    help: "Forwarding entries that are not in the kernel as the daemon gave them.",
    samples: [sample({}, differences)],
  };
  yield {
    ...{ name: "hpim_tree_packets_total", type: "counter" },
    help: "Packets of a tree that arrived since the kernel has its entry; of the busiest trees.",
    samples: trees.map((tree) => sample(labelsOf(tree), tree.packets)),
  };
  yield {
    ...{ name: "hpim_tree_bytes_total", type: "counter" },
    help: "Their bytes, with IP headers.",
    samples: trees.map((tree) => sample(labelsOf(tree), tree.bytes)),
  };
}

function* byDirection(
  vifs: readonly (readonly [name: string, VifCounters])[],
  what: keyof Traffic,
): Generator<Sample> {
  for (const [name, { received, sent }] of vifs) {
    yield sample({ interface: name, direction: "in" }, received[what]);
    yield sample({ interface: name, direction: "out" }, sent[what]);
  }
}

function* ofInterfaces(engine: EngineReading): Families {
  const vifs = engine.ports().flatMap(({ index, link }) => {
    const counters = engine.readVifCounters(index);
    return counters === null ? [] : [[link.name, counters] as const];
  });
  yield {
    ...{ name: "hpim_interface_packets_total", type: "counter" },
    help: "Data packets of all trees that the kernel took from, and sent to, an interface since it routes multicast there.",
    samples: byDirection(vifs, "packets"),
  };
  yield {
    ...{ name: "hpim_interface_bytes_total", type: "counter" },
    help: "Their bytes, with IP headers.",
    samples: byDirection(vifs, "bytes"),
  };
}

/** What the kernel forwards; nothing of what cannot be read. */
export function* trafficFamilies(engine: EngineReading): Families {
  for (const families of [ofInterfaces, ofTable]) {
    try {
      yield* families(engine);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
  }
}
