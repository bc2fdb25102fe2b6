// hpim-dm show summary, as two tables: the trees by their state, and the interfaces.
import type { SummaryAnswer } from "../../api/lists/summary.ts";
import { tableLines } from "../table.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

/** The summary. */
export const renderSummary: Render<SummaryAnswer> = function* ({ trees, interfaces }, look) {
  const treeRows = trees.map((row) => [row.state, String(row.trees), String(row.entries)]);
  yield* tableLines(["Trees", "Count", "Kernel entries"], treeRows, { empty: "" });
  yield "";
  const rows = interfaces.map(({ interface: name, synced, synchronising, unacknowledged }) => [
    ...[name, String(synced), String(synchronising), String(unacknowledged)],
  ]);
  const head = ["Interface", "SYNCED", "Synchronising", "Trees awaiting Acks"];
  yield* listTable(look, head, rows, "HPIM-DM runs on no interface.");
};
