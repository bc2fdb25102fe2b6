// The list of counters: every type of message and every failure by its name, and the reasons of drops that came up.
import type { CountersRow } from "../../api/lists/counters.ts";
import type { InterfaceCounters } from "../counters.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Filter, List } from "./list.ts";
import { wantedPorts } from "./list.ts";

type MessageCounts = InterfaceCounters["received"];

const messages = (counts: MessageCounts): CountersRow["received"]["hpim"] => ({
  hello: counts.get("hello") ?? 0,
  sync: counts.get("sync") ?? 0,
  iamUpstream: counts.get("iamUpstream") ?? 0,
  iamNoLongerUpstream: counts.get("iamNoLongerUpstream") ?? 0,
  interest: counts.get("interest") ?? 0,
  noInterest: counts.get("noInterest") ?? 0,
  ack: counts.get("ack") ?? 0,
});

const igmpMessages = (
  counts: InterfaceCounters["receivedIgmp"],
): CountersRow["received"]["igmp"] => ({
  query: counts.get("query") ?? 0,
  version1Report: counts.get("version1Report") ?? 0,
  version2Report: counts.get("version2Report") ?? 0,
  version3Report: counts.get("version3Report") ?? 0,
  leave: counts.get("leave") ?? 0,
});

const failures = (
  counts: InterfaceCounters["neighborFailures"],
): CountersRow["neighborFailures"] => ({
  goodbye: counts.get("goodbye") ?? 0,
  silent: counts.get("silent") ?? 0,
  "no acknowledgement": counts.get("no acknowledgement") ?? 0,
  "no synchronisation": counts.get("no synchronisation") ?? 0,
  "interface ended": counts.get("interface ended") ?? 0,
});

/** The row of an interface; null: of all that the daemon does not know. */
export const countersRow = (name: string | null, counters: InterfaceCounters): CountersRow => ({
  interface: name,
  received: {
    hpim: messages(counters.received),
    igmp: igmpMessages(counters.receivedIgmp),
  },
  sent: { hpim: messages(counters.sent), igmp: { query: counters.sentQueries } },
  retransmissions: counters.retransmissions,
  neighborFailures: failures(counters.neighborFailures),
  dropped: counters.dropped.map(({ protocol, reason, count }) => ({ protocol, reason, count })),
});

function* rows(engine: EngineReading, filter: Filter): Generator<CountersRow> {
  for (const { index, link } of wantedPorts(engine, filter)) {
    yield countersRow(link.name, engine.counters.of(index));
  }
  const { unknown } = engine.counters;
  if (filter.interface === null && unknown.dropped.length > 0) yield countersRow(null, unknown);
}

/** The list of counters. */
export const listCounters: List<"counters"> = (engine, filter) => ({
  counters: rows(engine, filter),
});
