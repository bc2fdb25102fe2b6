// All that the findings about one tree follow from.
import { type Address, formatAddress } from "../../base/address.ts";
import type { InterfaceIndex } from "../../base/units.ts";
import type { TreeId } from "../../core/messages.ts";
import type { Way } from "../../core/rpf.ts";
import { treeKey } from "../../core/tree-id.ts";
import type { TreeInterfaceView, TreeView } from "../../core/view.ts";
import type { InstalledEntry } from "../host.ts";
import type { ObservedFlow } from "../surroundings.ts";
import type { Look } from "./look.ts";

/** What was seen of the data of a tree. */
export interface SeenData {
  /** For how long it was looked for them. */
  readonly millis: number;
  readonly flows: readonly ObservedFlow[];
  /** What the kernel counted meanwhile by the tree's entry: packets that arrived where they ought to, and elsewhere. */
  readonly counted: { readonly right: number; readonly wrong: number };
  /** The entry, afterwards. */
  readonly entry: InstalledEntry | null;
}

/** Whether packets that arrived on an interface have got so far that the kernel counted them. */
export const wereCounted = ({ entry, counted }: SeenData, index: InterfaceIndex): boolean =>
  entry?.incoming === index ? counted.right > 0 : counted.wrong > 0;

/** One tree. */
export interface TreeFacts {
  /** As it is; of one that is not known, as it would be. */
  readonly tree: TreeView;
  readonly isKnown: boolean;
  readonly way: Way | undefined;
}

/** The command that explains the tree on another router. */
export const explainOn = (router: Address, { source, group }: TreeId): string =>
  `On ${formatAddress(router)}: hpim-dm explain ${formatAddress(source)} ${formatAddress(group)}`;

/** A tree as it is now. */
export function treeFacts({ engine }: Look, id: TreeId): TreeFacts {
  const { router } = engine;
  const key = treeKey(id);
  const known = router.tree(key, engine.now());
  return {
    tree: known ?? router.supposedTree(key, engine.now()),
    isKnown: known !== undefined,
    way: router.way(id.source),
  };
}

/** The root interface of the tree, as the tree sees it. */
export const rootOf = ({ interfaces }: TreeView): TreeInterfaceView | undefined =>
  interfaces.find(({ role }) => role === "root");

/** Packets of those that arrived on an interface. */
export const packetsOn = (flows: readonly ObservedFlow[], index: InterfaceIndex | null): number =>
  flows.reduce((sum, flow) => (flow.interface === index ? sum + flow.packets : sum), 0);
