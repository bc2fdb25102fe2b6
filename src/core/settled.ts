// A tree as it was last settled: the derived values (§9) that the next settlement is compared with (§10), and the
// few instants that are remembered of it (§7.1, §9.4, §14).
import type { Address } from "../base/address.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type { KernelEntry } from "./events.ts";
import type { Rpc } from "./messages.ts";
import type { NeighborTree } from "./neighbor-tree.ts";
import type { TreeState } from "./notices.ts";
import type { Rpf } from "./rpf.ts";
import type { Offer } from "./verdicts.ts";

/** Role of an interface in a tree (§1). */
export type Role = "root" | "non-root";

/** What a best upstream neighbor has been told of our interest (§10.0). */
export interface Told {
  readonly neighbor: Address;
  readonly interested: boolean;
}

/** The derived values of a tree on one enabled interface. */
export interface SettledInterface {
  readonly role: Role;
  /** Best upstream neighbor (§1). */
  readonly bun: Offer | null;
  /** §9.2; on the root always false. */
  readonly winner: boolean;
  /** §9.3; on the root always false. */
  readonly downstream: boolean;
  /** §9.4; on the root always false. */
  readonly forwarding: boolean;
  /** It would forward, but data were seen to arrive here (§9.4). */
  readonly cut: boolean;
  /** §10.0. */
  readonly advertised: Rpc | null;
  readonly told: Told | null;
}

/** The derived values of a tree. */
export interface Settled {
  readonly state: TreeState;
  readonly rpf: Rpf;
  /** IT (§9.5). */
  readonly interested: boolean;
  /** The tree's own kernel entry (§9). */
  readonly entry: KernelEntry | null;
  /** By enabled interface, ascending. */
  readonly interfaces: ReadonlyMap<InterfaceIndex, SettledInterface>;
}

/** Data that were seen to arrive on a non-root interface (§9.4). */
export interface Arrival {
  /** When they were first seen to. */
  readonly since: Millis;
  /** While ACTIVE: they no longer do. */
  readonly ceased: boolean;
}

/** What is remembered of a tree on one interface; only time can make it irrelevant. */
export interface InterfaceMemory {
  /** The last moment at which interest became unknown here (§7.1). */
  readonly interestUnknownSince: Millis;
  /** Holding (§14) since then; null: not holding. */
  readonly holdSince: Millis | null;
  /** Data that were seen to arrive here (§9.4); null: none were, as far as it still matters. */
  readonly arrival: Arrival | null;
}

/** What is remembered, one by one. */
export const interfaceMemory = (
  interestUnknownSince: Millis,
  holdSince: Millis | null,
  arrival: Arrival | null,
): InterfaceMemory => ({ interestUnknownSince, holdSince, arrival });

/** Nothing is remembered. */
export const NO_MEMORY: InterfaceMemory = interfaceMemory(
  millis(Number.NEGATIVE_INFINITY),
  null,
  null,
);

/** A tree of which nothing was ever heard. */
export const NOT_A_TREE: Settled = {
  state: "INACTIVE",
  rpf: { rpc: null, root: null, originator: false, denied: false, onLink: [] },
  interested: false,
  entry: null,
  interfaces: new Map(),
};

/** A SYNCED neighbor, and what is known of the tree about it. */
export interface TreeNeighbor {
  readonly address: Address;
  readonly known: NeighborTree;
}

/** One enabled interface, with the inputs of §9 for one tree. */
export interface TreeInterface {
  readonly index: InterfaceIndex;
  /** Our address; null: HPIM-DM does not run here, only listeners are served. */
  readonly address: Address | null;
  /** The tree is allowed here (§2.4). */
  readonly allowed: boolean;
  /** The SYNCED ones, ascending. */
  readonly neighbors: readonly TreeNeighbor[];
  readonly listener: boolean;
  /** The last time at which a neighbor became SYNCED here: its interest is unknown since. */
  readonly syncedAt: Millis;
  /** HoldForwardingTime; 0 while HoldForwardingState is off (§14). */
  readonly holdForwardingTime: Millis;
  /** In so much time a neighbor that does not hear us has failed us (§5.5). */
  readonly ackFailureTime: Millis;
  readonly memory: InterfaceMemory;
}
