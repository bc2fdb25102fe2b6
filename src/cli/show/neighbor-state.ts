// hpim-dm show neighbor-state: what the neighbors have said of each tree, as a table.
import type { NeighborStateAnswer, NeighborStateRow } from "../../api/lists/neighbor-state.ts";
import { formatRpc } from "../../base/tree-text.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

const HEAD = ["Source", "Group", "Interface", "Neighbor", "Upstream", "Interest"];

const INTEREST: Readonly<Record<NeighborStateRow["interest"], string>> = {
  interested: "INTERESTED",
  "not interested": "NOT INTERESTED",
  unknown: "unknown",
};

function interestOf({ upstream, interest, countsAsInterested }: NeighborStateRow): string {
  if (upstream !== null) return "-";
  return countsAsInterested ? "unknown, counts as INTERESTED" : INTEREST[interest];
}

const row = (state: NeighborStateRow): string[] => [
  state.source,
  state.group,
  state.interface,
  state.neighbor,
  state.upstream === null ? "NOT UPSTREAM" : `UPSTREAM ${formatRpc(state.upstream)}`,
  interestOf(state),
];

/** What the neighbors have said. */
export const renderNeighborState: Render<NeighborStateAnswer> = ({ states }, look) =>
  listTable(look, HEAD, states.map(row), "There are no trees, or no SYNCED neighbors.");
