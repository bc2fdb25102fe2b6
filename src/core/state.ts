// All that a router remembers. Only router.ts owns one; the modules that change it do so within a turn.
import type { Address, Family } from "../base/address.ts";
import type { AddressTable } from "../base/address-table.ts";
import type { PrefixTable } from "../base/prefix-table.ts";
import type { Random } from "../base/random.ts";
import type { SourceFilter } from "../base/source-filter.ts";
import { wantsSource } from "../base/source-filter.ts";
import type { TimerTable } from "../base/timer-table.ts";
import type { BootTime, InterfaceIndex, Millis, SequenceNumber } from "../base/units.ts";
import type { StandIn } from "./data-without-tree.ts";
import type { InterfaceFacts, KernelEntry, Route } from "./events.ts";
import type { TreeId } from "./messages.ts";
import type { NeighborTree } from "./neighbor-tree.ts";
import type { Pace } from "./pacing.ts";
import type { OutstandingMessages } from "./reliable.ts";
import type { Rpf } from "./rpf.ts";
import type { RouterSettings } from "./settings.ts";
import type { InterfaceMemory, Settled } from "./settled.ts";
import type { SyncState } from "./sync.ts";
import type { TimerEvent } from "./timers.ts";
import type { TreeTimes } from "./times.ts";
import type { TreeKey } from "./tree-id.ts";

/** A neighbor (§6.1, §7.1). */
export interface Neighbor {
  readonly address: Address;
  /** The highest known of it. */
  bootTime: BootTime;
  /** null: UNKNOWN; a synchronisation begins before the turn ends. */
  sync: SyncState | null;
  checkpointSn: SequenceNumber;
  /** Trees of which something is stored about it. */
  readonly trees: Map<TreeKey, NeighborTree>;
  /** When it was discovered. */
  readonly since: Millis;
  /** When it became SYNCED; null: it is not. */
  syncedAt: Millis | null;
  /** How long it lives by what it said last (§5.3); null: it is not SYNCED. */
  holdTime: Millis | null;
  /** Something that it said was not stored, for want of room (P7). */
  refused: boolean;
  /** §8.6. */
  pace: Pace;
}

/** HPIM-DM, running on an interface (§4, §5). */
export interface Running {
  readonly address: Address;
  bootTime: BootTime;
  interfaceSn: SequenceNumber;
  readonly neighbors: Map<Address, Neighbor>;
  /** §8. */
  readonly outstanding: Map<TreeKey, OutstandingMessages>;
  /** §8.6: trees whose message to a neighbor, or to all (null), waits for its turn; the longest first. */
  readonly waiting: Map<Address | null, Set<TreeKey>>;
  /** The last time at which a neighbor became SYNCED. */
  syncedAt: Millis;
}

/** An interface of the machine, enabled or not. */
export interface RouterInterface {
  facts: InterfaceFacts;
  running: Running | null;
}

/** Counters of a kernel entry. */
export interface Counted {
  readonly packets: number;
  readonly wrongInterface: number;
}

/** A new kernel entry counts from 0 (§9.1). */
export const NOTHING_COUNTED: Counted = { packets: 0, wrongInterface: 0 };

/** What the counters of a tree's kernel entry have told since they are watched. */
export interface Watch {
  /** Packets that arrived on the root since one arrived elsewhere. */
  readonly alone: number;
}

/** A tree of which something is known. */
export interface Tree {
  readonly id: TreeId;
  readonly key: TreeKey;
  settled: Settled;
  times: TreeTimes;
  /** By interface, where something is remembered. */
  memory: ReadonlyMap<InterfaceIndex, InterfaceMemory>;
  /** Since when SourceActiveTimer counts: when the last packet of the source is known to have come; null: it does not run (§9.1). */
  sourceActiveSince: Millis | null;
  /** What the kernel entry had counted at the last reading. */
  counted: Counted;
  /** The watch of the counters for data that come round (§9.4, §14); what came before the first reading does not count. */
  watch: "from next reading" | Watch | null;
  /** What stands in the kernel while the tree has no entry of its own (§13). */
  standIn: StandIn | null;
  /** The entry that the kernel was last given; null: none. */
  installed: KernelEntry | null;
}

/** An interface that HPIM-DM runs on. */
export interface RunningInterface extends RouterInterface {
  running: Running;
}

/** A source of trees. */
export interface Source {
  rpf: Rpf;
  readonly trees: Set<TreeKey>;
}

/** A router, of one address family. */
export interface RouterState {
  readonly family: Family;
  settings: RouterSettings;
  readonly random: Random;
  readonly timers: TimerTable<TimerEvent>;
  readonly interfaces: Map<InterfaceIndex, RouterInterface>;
  readonly routes: PrefixTable<readonly Route[]>;
  readonly trees: Map<TreeKey, Tree>;
  readonly sources: AddressTable<Source>;
  readonly treesByGroup: Map<Address, Set<TreeKey>>;
  /** The groups that listeners want, by interface, and of which sources (§12). */
  readonly listeners: Map<InterfaceIndex, Map<Address, SourceFilter>>;
  /** Trees with a flood or blocking entry (§13). */
  readonly standIns: Set<TreeKey>;
  /** Trees whose SourceActiveTimer has ended, but for a last reading of the counters (§9.1). */
  readonly expiring: Set<TreeKey>;
}

/** The interface, if HPIM-DM runs on it. */
export function runningAt(state: RouterState, index: InterfaceIndex): RunningInterface | undefined {
  const at = state.interfaces.get(index);
  return at !== undefined && isRunning(at) ? at : undefined;
}

const isRunning = (at: RouterInterface): at is RunningInterface => at.running !== null;

/** Whether listeners are served on the interface (§5.6). */
export const servesListeners = (at: RouterInterface): boolean =>
  at.facts.membership && at.facts.up && at.facts.addresses.length > 0;

/** Whether some listener on the interface wants the tree (§12). */
export function hasListener(
  { listeners }: RouterState,
  at: RouterInterface,
  { source, group }: TreeId,
): boolean {
  const wanted = listeners.get(at.facts.index)?.get(group);
  return wanted !== undefined && servesListeners(at) && wantsSource(wanted, source);
}

/** Whether the interface takes part in trees: HPIM-DM runs on it, or listeners are served there. */
export const isEnabled = (at: RouterInterface): boolean =>
  at.running !== null || servesListeners(at);

/** Whether the neighbor is SYNCED: only then it counts (§6.7). */
export const isSynced = (neighbor: Neighbor): boolean => neighbor.sync?.state === "SYNCED";
