// Packets of a model: they go by what the routers have installed, and routers hear of what has no way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { explore } from "../../src/sim/explorer/explore.ts";
import type { Model } from "../../src/sim/explorer/model.ts";
import { modelOf } from "../../src/sim/models/list.ts";

const LIMIT = 20_000;

const explored = (name: string, change: Partial<Model> = {}) =>
  explore({ ...modelOf(name), ...change }, { limit: LIMIT, reduce: true });

test("§9.4: a packet goes round until its TTL ends where a winner knows of a loser that has not heard of it", () => {
  const { violation, mostCopies } = explored("T16-fan-forming");
  assert.deepEqual([violation, mostCopies], [null, 6]);
});

test("more copies than a model allows are a violation, with the shortest way to them", () => {
  const { violation } = explored("T16-fan-forming", { mostCopies: 2 });
  assert.deepEqual(violation?.lines, ["10.1.0.0/24 carries 6 copies of a packet"]);
  assert.deepEqual([violation?.kind, violation?.path.length], ["broken step", 9]);
});

test("a packet goes no further than its TTL", () => {
  const { incidents } = modelOf("T16-fan-forming");
  const weak = incidents.map((incident) => ({
    ...incident,
    choices: incident.choices.map((choice) =>
      choice.packet === undefined ? choice : { ...choice, packet: { ...choice.packet, ttl: 5 } },
    ),
  }));
  const { violation, mostCopies } = explored("T16-fan-forming", { incidents: weak });
  assert.deepEqual([violation, mostCopies], [null, 2]);
});
