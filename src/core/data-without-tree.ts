// What stands in the kernel while a tree has no entry of its own (§13): flood and blocking entries.
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import { floodEnd } from "./downstream-interest.ts";
import type { KernelEntry } from "./events.ts";
import type { TreeId } from "./messages.ts";
import type { Rpf } from "./rpf.ts";
import type { TreeInputs } from "./settle.ts";
import type { TreeInterface } from "./settled.ts";
import { isExcluded } from "./tree-id.ts";

/** A flood or blocking entry goes when no packet has arrived on its incoming interface for this long. */
const IDLE_TIME = millis(60_000);

/** A flood or blocking entry (§13). */
export interface StandIn {
  readonly incoming: InterfaceIndex;
  /** It floods for InitialFloodTime from then; -Infinity: it blocks. */
  readonly floodSince: Millis;
  /** Outputs on which data were seen to arrive. */
  readonly cut: ReadonlySet<InterfaceIndex>;
  /** The way back to the source when it was made: it goes when a root appears or moves. */
  readonly root: InterfaceIndex | null;
  readonly originator: boolean;
  /** When a packet was last known to arrive on `incoming`. */
  readonly lastArrival: Millis;
}

/** What the entry depends on, beside the way back to the source. */
type StandInInputs = Pick<TreeInputs, "interfaces" | "settings" | "now">;

/** The way back to the source, as far as data without a tree go: an excluded (S,G) has none (§2.3). */
export const dataRpf = (tree: TreeId, rpf: Rpf): Rpf =>
  isExcluded(tree) ? { ...rpf, root: null } : rpf;

/** §13: what answers data that arrived on `incoming` and started no tree. */
export function standInFor(
  { root, originator }: Rpf,
  incoming: InterfaceIndex,
  now: Millis,
): StandIn {
  return {
    incoming: root === null || originator ? incoming : root,
    floodSince: incoming === root ? now : millis(Number.NEGATIVE_INFINITY),
    cut: new Set(),
    root,
    originator,
    lastArrival: now,
  };
}

/** Whether it is a flood entry now. */
export const isFlooding = (
  { floodSince }: StandIn,
  { settings, now }: Omit<StandInInputs, "interfaces">,
): boolean => floodEnd(floodSince, settings) > now;

/** §13: whether the entry has to go: the way back to the source is another now, or its incoming interface is disabled. */
export const isOutdated = (
  standIn: StandIn,
  rpf: Rpf,
  enabled: readonly TreeInterface[],
): boolean =>
  standIn.root !== rpf.root ||
  standIn.originator !== rpf.originator ||
  !enabled.some(({ index }) => index === standIn.incoming);

/** §13: whether no packet has arrived on the incoming interface for long. */
export const isIdle = (standIn: StandIn, now: Millis): boolean =>
  after(standIn.lastArrival, IDLE_TIME) <= now;

/** §13: data of the tree were seen to arrive on `index`. */
export const stepStandInCut = (standIn: StandIn, index: InterfaceIndex): StandIn =>
  standIn.cut.has(index) ? standIn : { ...standIn, cut: new Set([...standIn.cut, index]) };

/** Whether somebody there may want the data: a listener, or a neighbor that is interested or has not said. */
const mayWant = (at: TreeInterface): boolean =>
  at.listener ||
  at.neighbors.some(({ known }) => known.upstream === null && known.interest !== "not interested");

/** The kernel entry that the stand-in is now (§13). */
export function standInEntry(standIn: StandIn, rpf: Rpf, inputs: StandInInputs): KernelEntry {
  const { incoming } = standIn;
  if (!isFlooding(standIn, inputs)) return { incoming, outgoing: [] };
  const outgoing = inputs.interfaces
    .filter((at) => at.index !== incoming && !standIn.cut.has(at.index))
    .filter((at) => at.allowed && !rpf.onLink.includes(at.index) && mayWant(at))
    .map((at) => at.index);
  return { incoming, outgoing };
}
