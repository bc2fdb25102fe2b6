// The verdicts of §9 as English sentences: why a tree, and an interface of it, are as they are.
import { formatAddress } from "../base/address.ts";
import { formatRpc } from "../base/tree-text.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import type { Rpc } from "../core/messages.ts";
import type {
  AssertVerdict,
  DownstreamVerdict,
  ElectionVerdict,
  ForwardingVerdict,
  Offer,
  TreeVerdict,
} from "../core/verdicts.ts";

/** The name of an interface. */
export type NameOf = (index: InterfaceIndex) => string;

const offers = ({ neighbor, rpc }: Offer): string =>
  `${formatAddress(neighbor)} offers ${formatRpc(rpc)}`;

const ours = (rpc: Rpc | null): string => (rpc === null ? "nothing" : formatRpc(rpc));

const left = (until: Millis, now: Millis): string =>
  `${(Math.max(0, until - now) / 1000).toFixed(1)}s`;

const NOT_ALLOWED_HERE = "the lists of this interface do not allow the tree";

/** Why an interface is assert winner or loser (§9.2, §2.4); `rpc` is our own. */
export const assertReason = (verdict: AssertVerdict, rpc: Rpc | null): string =>
  verdict.why === "not allowed here" ? NOT_ALLOWED_HERE : electionReason(verdict, rpc);

function electionReason(verdict: ElectionVerdict, rpc: Rpc | null): string {
  const { rival } = verdict;
  if (rival === null) {
    return verdict.why === "tree inactive" ? "the tree is inactive" : "no neighbor offers the tree";
  }
  switch (verdict.why) {
    case "no upstream neighbor":
      return "no neighbor offers the tree";
    case "tree inactive":
      return "the tree is inactive";
    case "lower cost":
      return `${offers(rival)}, more than our ${ours(rpc)}`;
    case "higher address":
      return `${offers(rival)}, the same, with the lower address`;
    case "neighbor offers lower cost":
      return `${offers(rival)}, less than our ${ours(rpc)}`;
    case "neighbor has higher address":
      return `${offers(rival)}, the same, with the higher address`;
    case "tree unsure":
      return `${offers(rival)}, and the tree is unsure`;
  }
}

/** Why downstream is interested or not (§9.3, §2.4). */
export function downstreamReason(verdict: DownstreamVerdict): string {
  switch (verdict.why) {
    case "listener":
      return "a listener wants the group";
    case "neighbor interested":
      return `${formatAddress(verdict.neighbor)} is interested`;
    case "neighbor counts as interested":
      return `${formatAddress(verdict.neighbor)} has not said whether it is interested`;
    case "not allowed here":
      return NOT_ALLOWED_HERE;
    case "nobody there":
      return "there is neither neighbor nor listener";
    case "all not interested":
      return "no neighbor is interested, and nobody listens";
    case "all upstream or not interested":
      return "every neighbor is upstream or not interested, and nobody listens";
  }
}

/** Why an interface forwards or not (§9.4, §2.4); `why`: the reasons of what it follows from. */
export function forwardingReason(
  verdict: ForwardingVerdict,
  why: { readonly assert: string; readonly downstream: string },
  now: Millis,
): string {
  switch (verdict.why) {
    case "assert winner":
      return `${why.downstream}; assert winner: ${why.assert}`;
    case "holding":
      return `assert loser: ${why.assert}; holds for ${left(verdict.until, now)}, or until data arrive here`;
    case "not allowed here":
      return NOT_ALLOWED_HERE;
    case "tree has no kernel entry":
      return "the tree has no entry in the kernel";
    case "no upstream neighbor on the root":
      return "the tree is UNSURE, and no upstream neighbor sends its data to the root";
    case "source is on this link":
      return "the source is on this link";
    case "not interested":
      return why.downstream;
    case "assert loser":
      return `assert loser: ${why.assert}`;
    case "data arrive here":
      return `data arrive here, from another router or round a loop: stopped for ${left(verdict.until, now)}`;
  }
}

/** Why a tree is ACTIVE, UNSURE or INACTIVE (§9.1); `rpc` is our own. */
export function treeReason(verdict: TreeVerdict, rpc: Rpc | null, nameOf: NameOf): string {
  switch (verdict.state) {
    case "ACTIVE":
      if (verdict.offer === null) return "the source sends on its own link";
      return `${offers(verdict.offer)}, less than our ${ours(rpc)}`;
    case "INACTIVE":
      return withoutTreeReason(verdict.why);
    case "UNSURE":
      return `${withoutTreeReason(verdict.why)}; ${offers(verdict.offer)} on ${nameOf(verdict.interface)}`;
  }
}

function withoutTreeReason(why: Exclude<TreeVerdict, { state: "ACTIVE" }>["why"]): string {
  switch (why) {
    case "no upstream neighbor":
      return "no neighbor offers the tree";
    case "no route":
      return "there is no route to the source";
    case "not allowed on the root":
      return "the lists of the interface of the route to the source do not allow the tree";
    case "no root interface":
      return "HPIM-DM does not run on the interface of the route to the source";
    case "no upstream neighbor on the root":
      return "no neighbor on the root interface offers the tree";
    case "upstream neighbor on the root is not nearer":
      return "the neighbor on the root interface is not nearer to the source";
    case "source is silent":
      return "the source is silent";
  }
}
