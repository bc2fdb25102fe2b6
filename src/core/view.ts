// What a router shows of itself: plain values, made on demand.
import type { Address } from "../base/address.ts";
import type { BootTime, InterfaceIndex, Millis, SequenceNumber } from "../base/units.ts";
import type { KernelEntry, NextHop } from "./events.ts";
import type { Rpc, TreeId } from "./messages.ts";
import type { Interest } from "./neighbor-tree.ts";
import type { NeighborState, TreeState } from "./notices.ts";
import type { Way } from "./rpf.ts";
import type { Settled } from "./settled.ts";
import type { InterfaceTimes } from "./times.ts";
import type { TreeKey } from "./tree-id.ts";
import type {
  AssertVerdict,
  DownstreamVerdict,
  ForwardingVerdict,
  TreeVerdict,
} from "./verdicts.ts";

/** A neighbor (§6.1). */
export interface NeighborView {
  readonly interface: InterfaceIndex;
  readonly address: Address;
  readonly state: NeighborState;
  readonly bootTime: BootTime;
  readonly mySsn: SequenceNumber;
  readonly neighborSsn: SequenceNumber;
  readonly checkpointSn: SequenceNumber;
  /** When it was discovered. */
  readonly since: Millis;
  /** When it became SYNCED; null: it is not. */
  readonly syncedAt: Millis | null;
  /** When it fails unless it is heard. */
  readonly livenessDue: Millis;
  /** When it was last heard, as far as it lives by that (§5.3); null: it is not SYNCED. */
  readonly heardAt: Millis | null;
  /** Trees that it is UPSTREAM for. */
  readonly upstreamTrees: number;
}

/** An interface that the core knows. */
export interface InterfaceView {
  readonly index: InterfaceIndex;
  readonly name: string;
  /** null: HPIM-DM does not run here. */
  readonly running: {
    readonly address: Address;
    readonly bootTime: BootTime;
    readonly interfaceSn: SequenceNumber;
    readonly checkpointSn: SequenceNumber;
    /** Trees of which a message of ours is outstanding (§8). */
    readonly unacknowledgedTrees: number;
    readonly neighbors: readonly NeighborView[];
  } | null;
}

/** A tree on one interface. */
export interface TreeInterfaceView {
  readonly interface: InterfaceIndex;
  readonly role: "root" | "non-root";
  /** Ours there; null: HPIM-DM does not run here, only listeners are served. */
  readonly address: Address | null;
  /** Best upstream neighbor. */
  readonly bun: { readonly neighbor: Address; readonly rpc: Rpc } | null;
  /** null on the root. */
  readonly nonRoot: {
    readonly assert: AssertVerdict;
    readonly downstream: DownstreamVerdict;
    readonly forwarding: ForwardingVerdict;
  } | null;
  readonly times: InterfaceTimes;
  /** What the interface's neighbors have been told (§10.0). */
  readonly advertised: Rpc | null;
  readonly told: { readonly neighbor: Address; readonly interested: boolean } | null;
}

/** A tree. */
export interface TreeView extends TreeId {
  readonly verdict: TreeVerdict;
  /** Since when it is in this state. */
  readonly since: Millis;
  readonly rpc: Rpc | null;
  readonly originator: boolean;
  readonly root: InterfaceIndex | null;
  /** When the source counts as silent; null: the timer does not run. */
  readonly sourceActiveDue: Millis | null;
  /** Some interface forwards (IT). */
  readonly interested: boolean;
  /** The kernel entry, the tree's own or a flood or blocking one (§13). */
  readonly entry: {
    readonly kind: "tree" | "flood" | "blocking";
    readonly entry: KernelEntry;
  } | null;
  readonly interfaces: readonly TreeInterfaceView[];
}

/** What a SYNCED neighbor has told us of a tree (§7.1). */
export interface NeighborTreeView extends TreeId {
  readonly interface: InterfaceIndex;
  readonly neighbor: Address;
  /** What it offers as UPSTREAM neighbor; null: it is not. */
  readonly upstream: Rpc | null;
  readonly interest: Interest;
  /** Its interest is unknown, and counts as interest for now (§7.1). */
  readonly countsAsInterested: boolean;
}

/** The highest SN that a neighbor has sent of a tree, while it is kept (§15). */
export interface LastSnView extends TreeId {
  readonly interface: InterfaceIndex;
  readonly neighbor: Address;
  readonly lastSn: SequenceNumber;
}

/** What a router shows of itself, one thing after the other: however many trees it knows, no look takes long. */
export interface RouterReading {
  /** In ascending order of the index. */
  interfaces(): readonly InterfaceView[];
  /** Of the trees that are known, in ascending order of source, then group; undefined: there are none yet. */
  treeKeys(): Iterable<TreeKey | undefined>;
  /** The trees, counted by their state as it was last computed; whoever has them counted may rest at each undefined. */
  treeCounts(): Generator<undefined, ReadonlyMap<TreeState, TreeCount>>;
  /** The tree as it is at `now`; undefined: it is not known (any more). */
  tree(key: TreeKey, now: Millis): TreeView | undefined;
  /** The tree as it would be if it became known at `now`, while nothing has been said of it and no data have come. */
  supposedTree(key: TreeKey, now: Millis): TreeView;
  /** The route to a source (§1), whether or not a tree is known of it; undefined: there is none. */
  way(source: Address): Way | undefined;
  /** The next hops of all routes, in no order, as often as they are used; read as they are taken. */
  nextHops(): Iterable<NextHop>;
  /** The tree's derived values as they were last computed, without what they follow from; undefined: it is not known. */
  settled(key: TreeKey): Settled | undefined;
  /** What neighbors have said of the tree, in ascending order of interface and address; none, if it is not known. */
  neighborTrees(key: TreeKey, now: Millis): readonly NeighborTreeView[];
  /** The entry that the kernel was last given for the tree; null: none. */
  entry(key: TreeKey): KernelEntry | null;
  /** Of all neighbors and trees, read as they are taken; undefined: there is nothing at this place (any more). */
  lastSns(): Iterable<LastSnView | undefined>;
  /** How many neighbors an interface has; 0 where HPIM-DM does not run. */
  neighborCount(index: InterfaceIndex): number;
}

/** How many trees there are, and of how many of them the kernel was given an entry. */
export interface TreeCount {
  readonly trees: number;
  readonly entries: number;
}

/** A router, whole. */
export interface RouterView {
  readonly interfaces: readonly InterfaceView[];
  readonly trees: readonly TreeView[];
}
