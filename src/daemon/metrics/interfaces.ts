// Metrics of what is counted of each interface (docs/counters.md): messages, failures, asserts, drops. They go with it.
import type { CountersRow } from "../../api/lists/counters.ts";
import { configurationOf } from "../configuration.ts";
import type { AssertChange, InterfaceCounters } from "../counters.ts";
import type { EngineReading } from "../engine-view.ts";
import type { Upcall } from "../host.ts";
import { countersRow } from "../lists/counters.ts";
import { NO_FILTER, wantedPorts } from "../lists/list.ts";
import type { Families, Labels, Sample } from "./exposition.ts";
import { sample } from "./exposition.ts";

/** What is counted of an interface, and its label. */
interface Counted {
  readonly on: Labels;
  readonly row: CountersRow;
  readonly counters: InterfaceCounters;
}

/** Of interfaces on which nothing is configured there is nothing to tell, and there may be many. */
function* counted(engine: EngineReading): Generator<Counted> {
  for (const { index, link } of wantedPorts(engine, NO_FILTER)) {
    const { hpim, igmp } = configurationOf(engine.configuration, link.name);
    if (hpim === null && igmp === null) continue;
    const counters = engine.counters.of(index);
    yield { on: { interface: link.name }, row: countersRow(link.name, counters), counters };
  }
}

function messages(side: "received" | "sent"): (of: Counted) => Generator<Sample> {
  return function* ({ on, row }) {
    for (const [protocol, counts] of [
      ["HPIM-DM", row[side].hpim],
      ["IGMP", row[side].igmp],
    ] as const) {
      for (const [type, count] of Object.entries(counts)) {
        yield sample({ ...on, protocol, type }, count);
      }
    }
  };
}

function* retransmissions({ on, row }: Counted): Generator<Sample> {
  yield sample(on, row.retransmissions);
}

function* failures({ on, row }: Counted): Generator<Sample> {
  for (const [reason, count] of Object.entries(row.neighborFailures)) {
    yield sample({ ...on, reason }, count);
  }
}

const ASSERT_CHANGES: readonly AssertChange[] = ["winner", "loser"];

function* assertChanges({ on, counters }: Counted): Generator<Sample> {
  for (const to of ASSERT_CHANGES) {
    yield sample({ ...on, to }, counters.assertChanges.get(to) ?? 0);
  }
}

const UPCALLS: Readonly<Record<Upcall["reason"], string>> = {
  missingEntry: "no entry",
  wrongInterface: "wrong interface",
};

function* upcalls({ on, counters }: Counted): Generator<Sample> {
  for (const [reason, label] of Object.entries(UPCALLS)) {
    const count = counters.upcalls.get(reason as Upcall["reason"]) ?? 0;
    yield sample({ ...on, reason: label }, count);
  }
}

function* drops({ on, row }: Pick<Counted, "on" | "row">): Generator<Sample> {
  for (const { protocol, reason, count } of row.dropped) {
    yield sample({ ...on, protocol, reason }, count);
  }
}

function* ofEach(
  engine: EngineReading,
  samplesOf: (of: Counted) => Generator<Sample>,
): Generator<Sample> {
  for (const one of counted(engine)) yield* samplesOf(one);
}

function* allDrops(engine: EngineReading): Generator<Sample> {
  yield* ofEach(engine, drops);
  yield* drops({ on: {}, row: countersRow(null, engine.counters.unknown) });
}

/** The counters of interfaces. */
export function* interfaceFamilies(engine: EngineReading): Families {
  const type = "counter";
  yield {
    ...{ name: "hpim_messages_received_total", type },
    help: "Messages that were understood, whatever became of them.",
    samples: ofEach(engine, messages("received")),
  };
  yield {
    ...{ name: "hpim_messages_sent_total", type },
    help: "Messages that left, retransmissions included.",
    samples: ofEach(engine, messages("sent")),
  };
  yield {
    ...{ name: "hpim_retransmissions_total", type },
    help: "HPIM-DM messages that left, had been sent before, and were not answered in time.",
    samples: ofEach(engine, retransmissions),
  };
  yield {
    ...{ name: "hpim_neighbor_failures_total", type },
    help: "HPIM-DM neighbors that failed.",
    samples: ofEach(engine, failures),
  };
  yield {
    ...{ name: "hpim_assert_changes_total", type },
    help: "Trees of which this router became winner or loser of the assert on the interface.",
    samples: ofEach(engine, assertChanges),
  };
  yield {
    ...{ name: "hpim_upcalls_total", type },
    help: "Data packets that the kernel reported: without an entry, or on another interface than its entry's.",
    samples: ofEach(engine, upcalls),
  };
  yield {
    ...{ name: "hpim_drops_total", type },
    help: "Messages, datagrams and new flows that were dropped; without an interface: on those that are not known.",
    samples: allDrops(engine),
  };
}
