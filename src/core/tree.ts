// State of a tree (§9.1), and the timer that tells whether its source sends.
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { compareRpc } from "./rpc.ts";
import type { Rpf } from "./rpf.ts";
import type { Settled } from "./settled.ts";
import type { Offer, TreeVerdict } from "./verdicts.ts";

/** The best upstream neighbor of each interface that has one, by ascending interface. */
export type BestUpstreamNeighbors = ReadonlyMap<InterfaceIndex, Offer>;

type UnsureReason = Extract<TreeVerdict, { state: "UNSURE" }>["why"];

function originatorVerdict(
  root: InterfaceIndex | null,
  sourceActive: boolean,
  buns: BestUpstreamNeighbors,
): TreeVerdict {
  if (root !== null && sourceActive) return { state: "ACTIVE", why: "source sends", offer: null };
  const why = root === null ? "no root interface" : "source is silent";
  for (const [index, offer] of buns) {
    if (index !== root) return { state: "UNSURE", why, interface: index, offer };
  }
  return { state: "INACTIVE", why };
}

function unsureReason(rpf: Rpf, buns: BestUpstreamNeighbors): UnsureReason {
  if (rpf.rpc === null) return "no route";
  if (rpf.denied) return "not allowed on the root";
  if (rpf.root === null) return "no root interface";
  return buns.has(rpf.root)
    ? "upstream neighbor on the root is not nearer"
    : "no upstream neighbor on the root";
}

/** §9.1. `sourceActive`: SourceActiveTimer runs. */
export function treeVerdict(
  rpf: Rpf,
  sourceActive: boolean,
  buns: BestUpstreamNeighbors,
): TreeVerdict {
  if (rpf.originator) return originatorVerdict(rpf.root, sourceActive, buns);
  const offer = rpf.root === null ? undefined : buns.get(rpf.root);
  if (offer !== undefined && rpf.rpc !== null && compareRpc(offer.rpc, rpf.rpc) < 0) {
    return { state: "ACTIVE", why: "upstream neighbor is nearer", offer };
  }
  for (const [index, some] of buns) {
    return { state: "UNSURE", why: unsureReason(rpf, buns), interface: index, offer: some };
  }
  return {
    state: "INACTIVE",
    why: rpf.denied ? "not allowed on the root" : "no upstream neighbor",
  };
}

/** §9.1: since when SourceActiveTimer counts, when the route to the source may have changed. null: it does not run. */
export function stepSourceActive(
  since: Millis | null,
  before: Settled,
  rpf: Rpf,
  now: Millis,
): Millis | null {
  if (!rpf.originator) return null;
  const takesOver = !before.rpf.originator && before.state === "ACTIVE";
  return takesOver ? now : since;
}
