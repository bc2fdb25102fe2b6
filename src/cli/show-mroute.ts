// hpim-dm show mroute: the kernel's forwarding entries, as a table.
import type { MrouteAnswer, MrouteRow } from "../api/responses.ts";
import { orDash, table } from "./table.ts";

const outgoing = (entry: MrouteRow): string =>
  entry.unresolved ? "(unresolved)" : orDash(entry.outgoing.join(" "));

/** The entries. */
export const renderMroute = ({ entries }: MrouteAnswer): string =>
  table(
    ["Source", "Group", "Incoming", "Outgoing", "Packets", "Bytes", "Wrong interface"],
    entries.map((entry) => [
      entry.source,
      entry.group,
      orDash(entry.incoming),
      outgoing(entry),
      String(entry.packets),
      String(entry.bytes),
      String(entry.wrongInterface),
    ]),
    { empty: "The kernel has no entries." },
  );
