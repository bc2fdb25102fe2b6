// What a router shows of itself: plain values, made on demand.
import type { Address } from "../base/address.ts";
import type { BootTime, InterfaceIndex, Millis, SequenceNumber } from "../base/units.ts";
import type { KernelEntry } from "./events.ts";
import type { Rpc, TreeId } from "./messages.ts";
import type { NeighborState } from "./notices.ts";
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
  /** When it fails unless it is heard. */
  readonly livenessDue: Millis;
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
    readonly neighbors: readonly NeighborView[];
    /** Messages dropped, by reason, in the order of the reasons. */
    readonly dropped: readonly (readonly [reason: string, count: number])[];
  } | null;
}

/** A tree on one interface. */
export interface TreeInterfaceView {
  readonly interface: InterfaceIndex;
  readonly role: "root" | "non-root";
  /** Best upstream neighbor. */
  readonly bun: { readonly neighbor: Address; readonly rpc: Rpc } | null;
  /** null on the root. */
  readonly nonRoot: {
    readonly assert: AssertVerdict;
    readonly downstream: DownstreamVerdict;
    readonly forwarding: ForwardingVerdict;
  } | null;
  /** What the interface's neighbors have been told (§10.0). */
  readonly advertised: Rpc | null;
  readonly told: { readonly neighbor: Address; readonly interested: boolean } | null;
}

/** A tree. */
export interface TreeView extends TreeId {
  readonly verdict: TreeVerdict;
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

/** A router. */
export interface RouterView {
  readonly interfaces: readonly InterfaceView[];
  readonly trees: readonly TreeView[];
}
