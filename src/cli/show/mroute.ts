// hpim-dm show mroute: the kernel's forwarding entries, and how they differ from the daemon's, as a table.
import type { MrouteAnswer, MrouteRow } from "../../api/lists/mroute.ts";
import { orDash } from "../table.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

const HEAD = [
  ...["Source", "Group", "Incoming", "Outgoing", "Packets", "Bytes", "Wrong if"],
  "Difference",
];

const outgoing = (entry: MrouteRow): string =>
  entry.unresolved ? "(unresolved)" : orDash(entry.outgoing.join(" "));

function row(entry: MrouteRow): string[] {
  const { packets, bytes, wrongInterface } = entry;
  return [
    entry.source,
    entry.group,
    orDash(entry.incoming),
    outgoing(entry),
    ...[packets, bytes, wrongInterface].map((count) => (entry.inKernel ? String(count) : "-")),
    orDash(entry.difference),
  ];
}

/** The entries. */
export const renderMroute: Render<MrouteAnswer> = ({ entries }, look) =>
  listTable(look, HEAD, entries.map(row), "The kernel has no entries.");
