// The explorer itself: what it reports, and that its reduction leaves nothing out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../../src/base/invariant.ts";
import { millis } from "../../src/base/units.ts";
import { canonical } from "../../src/sim/explorer/canonical.ts";
import { explore } from "../../src/sim/explorer/explore.ts";
import type { Faults, Model } from "../../src/sim/explorer/model.ts";
import { traceOf, violationText } from "../../src/sim/explorer/trace.ts";
import { modelOf } from "../../src/sim/models/list.ts";

const LIMIT = 1_000_000;

test("a violation comes with the shortest trace that leads to it, as a scenario file", () => {
  const model: Model = { ...modelOf("S1-01-0"), broken: () => ["as the test says"] };
  const findings = explore(model, { limit: LIMIT, reduce: false });
  assert.ok(findings.violation !== null);
  assert.equal(
    violationText(findings.network, findings.violation),
    `---
title: "broken at rest: as the test says"
model: S1-01-0
---
> trigger: Hello of R0
> R1 if1 <- Hello(BT 125, CheckpointSN 0) from R0
  R1: 10.0.0.1 UNKNOWN -> SLAVE
> R0 if1 <- Sync(BT 15, SSN 2, of BT 125 SSN 0, Mm 0, 1 trees) from R1
  R0: 10.0.0.2 UNKNOWN -> MASTER
> R1 if1 <- Sync(BT 125, SSN 1, of BT 15 SSN 2, -- 0) from R0
> R0 if1 <- Sync(BT 15, SSN 2, of BT 125 SSN 1, M- 1) from R1
  R0: 10.0.0.2 MASTER -> SYNCED
  R0: (10.1.1.100, 239.0.0.1) INACTIVE -> UNSURE
> R1 if1 <- Sync(BT 125, SSN 1, of BT 15 SSN 2, -- 1) from R0
  R1: 10.0.0.1 SLAVE -> SYNCED
> R1 if1 <- NoInterest(SN 2) from R0
> R0 if1 <- Ack(SN 2, SSNs 2/1) from R1
  broken at rest: as the test says
`,
  );
});

test("an error of the core comes with its trace", () => {
  const model = modelOf("T7");
  const act = { kind: "event", event: { kind: "routes" } as never } as const;
  const choices = [{ name: "routes that are none", acts: [{ router: 0, act }] }];
  const incidents = model.incidents.map((incident) => ({ ...incident, choices }));
  const findings = explore({ ...model, incidents }, { limit: LIMIT, reduce: true });
  assert.ok(findings.violation?.kind === "error of the core");
  const lines = violationText(findings.network, findings.violation).split("\n");
  assert.equal(lines[4], "> source: routes that are none");
  assert.match(lines[5] ?? "", /^ {2}error of the core: TypeError/);
});

test("a search ends at its limit, and says so", () => {
  const found = explore(modelOf("S1-11-1"), { limit: 1_000, reduce: true });
  const { network, states, unfinished } = found;
  assert.ok(unfinished !== null);
  assert.equal(traceOf(network, "", unfinished).steps.length, found.depth + 1);
  assert.ok(states >= 1_000 && states < 1_010);
});

test("what is not well in the time that a model gives is a violation", () => {
  const model = modelOf("S2-00");
  const clock = { timers: ["liveness"], within: millis(11_999) } as const;
  const findings = explore({ ...model, clock, wrong: () => [] }, { limit: LIMIT, reduce: true });
  assert.ok(findings.violation?.kind === "not well in time");
  const text = violationText(findings.network, findings.violation);
  assert.match(text, /, lost\n(.*\n)*> 12 s pass\n> R[01]: liveness/);
});

/** What the routers remember in each state at rest, and what had happened. */
function restsOf(model: Model, reduce: boolean): ReadonlySet<string> {
  const rests = new Set<string>();
  const { unfinished } = explore(
    {
      ...model,
      broken: ({ memory, happened }) => {
        const incidents = model.incidents.map(({ name }) => happened(name));
        rests.add(canonical([model.routers.map((_, router) => memory(router)), incidents]));
        return [];
      },
    },
    { limit: LIMIT, reduce },
  );
  assert.equal(unfinished, null);
  return rests;
}

/** T8 with few enough faults that all interleavings can be visited. */
const faulty = (faults: Partial<Faults>): Model => {
  const model = modelOf("T9-T8-equal-all");
  const none = { losses: 0, duplications: 0, overtakings: 0 };
  const { hit } = known(model.faults, "faults of T9");
  return { ...model, faults: { ...none, ...faults, hit } };
};

const COMPARED: readonly (readonly [string, Model])[] = [
  ...["S1-01-0", "S1-00-1", "S2-00", "S2-01", "T1", "T7", "T8-equal"].map(
    (name) => [name, modelOf(name)] as const,
  ),
  ["T9-T8-equal, a loss", faulty({ losses: 1 })],
  ["T9-T8-equal, a duplicate", faulty({ duplications: 1 })],
  ["T9-T8-equal, an overtaking", faulty({ overtakings: 1 })],
];

for (const [name, model] of COMPARED) {
  test(`${name}: the reduction keeps every state at rest`, () => {
    assert.deepEqual(restsOf(model, true), restsOf(model, false));
  });
}
