// The list of trees.
import type { TreeInterface, TreeRow } from "../../api/lists/trees.ts";
import type { Address } from "../../base/address.ts";
import { formatAddress } from "../../base/address.ts";
import type { Millis } from "../../base/units.ts";
import type { AssertVerdict } from "../../core/verdicts.ts";
import type { TreeInterfaceView, TreeView } from "../../core/view.ts";
import type { EngineReading } from "../engine-view.ts";
import type { NameOf } from "../reasons.ts";
import { assertReason, downstreamReason, forwardingReason, treeReason } from "../reasons.ts";
import type { Filter, List, Rows } from "./list.ts";
import { secondsFrom, wantedTrees, wantsInterface } from "./list.ts";

function forwardingState({
  forwarding,
}: NonNullable<TreeInterfaceView["nonRoot"]>): "forwarding" | "holding" | "pruned" {
  if (forwarding.why === "holding") return "holding";
  return forwarding.forwarding ? "forwarding" : "pruned";
}

function winnerAddress(address: Address | null, { winner, rival }: AssertVerdict): string | null {
  const forwards = winner ? address : rival?.neighbor;
  return forwards ? formatAddress(forwards) : null;
}

function nonRootOf(side: TreeInterfaceView, tree: TreeView, now: Millis): TreeInterface["nonRoot"] {
  const { nonRoot } = side;
  if (nonRoot === null) return null;
  const { assert, downstream, forwarding } = nonRoot;
  const why = {
    assert: assertReason(assert, tree.rpc),
    downstream: downstreamReason(downstream),
  };
  return {
    assert: {
      winner: assert.winner,
      winnerAddress: winnerAddress(side.address, assert),
      reason: why.assert,
    },
    downstream: { interested: downstream.interested, reason: why.downstream },
    forwarding: { state: forwardingState(nonRoot), reason: forwardingReason(forwarding, why, now) },
  };
}

function entryOf(tree: TreeView, nameOf: NameOf): TreeRow["entry"] {
  if (tree.entry === null) return null;
  const { kind, entry } = tree.entry;
  return { kind, incoming: nameOf(entry.incoming), outgoing: entry.outgoing.map(nameOf) };
}

function treeInterface(
  side: TreeInterfaceView,
  tree: TreeView,
  now: Millis,
  nameOf: NameOf,
): TreeInterface {
  const { role, bun, advertised, told } = side;
  return {
    interface: nameOf(side.interface),
    role,
    bun: bun && { neighbor: formatAddress(bun.neighbor), rpc: bun.rpc },
    advertised,
    told: told && { neighbor: formatAddress(told.neighbor), interested: told.interested },
    nonRoot: nonRootOf(side, tree, now),
  };
}

/** The tree, with those of its interfaces that the filter wants; undefined: with none, although it wants one. */
function row(tree: TreeView, engine: EngineReading, filter: Filter): TreeRow | undefined {
  const { source, group, verdict, rpc, originator, root, interested, sourceActiveDue } = tree;
  const now = engine.now();
  const nameOf: NameOf = (index) => engine.nameOf(index);
  const sides = tree.interfaces.filter((side) => wantsInterface(filter, nameOf(side.interface)));
  if (filter.interface !== null && sides.length === 0) return undefined;
  return {
    source: formatAddress(source),
    group: formatAddress(group),
    state: verdict.state,
    reason: treeReason(verdict, rpc, nameOf),
    ...{ rpc, originator, interested },
    root: root === null ? null : nameOf(root),
    sourceExpiresInSeconds: sourceActiveDue === null ? null : secondsFrom(now, sourceActiveDue),
    entry: entryOf(tree, nameOf),
    interfaces: sides.map((side) => treeInterface(side, tree, now, nameOf)),
  };
}

function* rows(engine: EngineReading, filter: Filter): Rows<TreeRow> {
  for (const key of wantedTrees(engine, filter)) {
    const tree = key && engine.router.tree(key, engine.now());
    yield tree && row(tree, engine, filter);
  }
}

/** The list of trees. */
export const listTrees: List<"trees"> = (engine, filter) => ({ trees: rows(engine, filter) });
