// hpim-dm show counters, as tables: messages by type, then what went wrong.
import type { CountersAnswer, CountersRow } from "../../api/lists/counters.ts";
import type { Row } from "../table.ts";
import { tableLines } from "../table.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

const HPIM_NAMES: readonly (readonly [keyof CountersRow["sent"]["hpim"], string])[] = [
  ["hello", "Hello"],
  ["sync", "Sync"],
  ["iamUpstream", "IamUpstream"],
  ["iamNoLongerUpstream", "IamNoLongerUpstream"],
  ["interest", "Interest"],
  ["noInterest", "NoInterest"],
  ["ack", "Ack"],
];

const IGMP_NAMES: readonly (readonly [keyof CountersRow["received"]["igmp"], string])[] = [
  ["query", "IGMP query"],
  ["version1Report", "IGMPv1 report"],
  ["version2Report", "IGMPv2 report"],
  ["version3Report", "IGMPv3 report"],
  ["leave", "IGMP leave"],
];

const nameOf = (row: CountersRow): string => row.interface ?? "(unknown)";

function messageRows(row: CountersRow): readonly Row[] {
  const { received, sent } = row;
  const hpim = HPIM_NAMES.map(
    ([type, what]) => [what, received.hpim[type], sent.hpim[type]] as const,
  );
  const igmp = IGMP_NAMES.map(
    ([type, what]) =>
      [what, received.igmp[type], type === "query" ? sent.igmp.query : null] as const,
  );
  return [...hpim, ...igmp]
    .filter(([, heard, said]) => heard > 0 || (said ?? 0) > 0)
    .map(([what, heard, said]) => [nameOf(row), what, String(heard), String(said ?? "-")]);
}

function troubleRows(row: CountersRow): readonly Row[] {
  const failed = Object.entries(row.neighborFailures).map(
    ([reason, count]) => [`neighbor failed: ${reason}`, count] as const,
  );
  const dropped = row.dropped.map(
    ({ protocol, reason, count }) => [`${protocol} dropped: ${reason}`, count] as const,
  );
  return [["retransmissions", row.retransmissions] as const, ...failed, ...dropped]
    .filter(([, count]) => count > 0)
    .map(([what, count]) => [nameOf(row), what, String(count)]);
}

/** The counters that are not 0: messages by type, and below them retransmissions, failures of neighbors, and drops. */
export const renderCounters: Render<CountersAnswer> = function* ({ counters }, look) {
  const messages = counters.flatMap(messageRows);
  const head = ["Interface", "Message", "Received", "Sent"];
  yield* listTable(look, head, messages, "No message has been received or sent.");
  const trouble = counters.flatMap(troubleRows);
  if (trouble.length === 0) return;
  yield "";
  yield* tableLines(["Interface", "What", "Count"], trouble, { empty: "" });
};
