// What models judge besides states at rest: every state, every step of a router, and rests beside fresh starts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { explore } from "../../src/sim/explorer/explore.ts";
import type { Choice, Model } from "../../src/sim/explorer/model.ts";
import { FreshStarts } from "../../src/sim/models/history.ts";
import { modelOf } from "../../src/sim/models/list.ts";
import { SOURCE } from "../../src/sim/models/trees.ts";

const explored = (name: string, change: Partial<Model>) =>
  explore({ ...modelOf(name), ...change }, { limit: 10_000, reduce: false });

test("what does not hold in a state with messages on the way is found, by the shortest way", () => {
  const isKnown = (router: number) => (state: Parameters<NonNullable<Model["always"]>>[0]) =>
    (state.memory(router)?.trees.size ?? 0) > 0 ? [`R${router} knows the tree`] : [];
  const { violation } = explored("T1", { always: isKnown(3) });
  assert.deepEqual(violation?.lines, ["R3 knows the tree"]);
  // The packet, and IamUpstreams of R0 and of R1 or R2.
  assert.deepEqual([violation?.kind, violation?.path.length], ["broken on the way", 3]);
});

test("a step that a router must not take is found where it is taken", () => {
  const { violation } = explored("T1", {
    wrong: ({ router, actions }) =>
      router === 3 && actions.some((action) => action.kind === "entry") ? ["R3 has an entry"] : [],
  });
  assert.deepEqual([violation?.kind, violation?.lines], ["broken step", ["R3 has an entry"]]);
});

test("P8: a rest is that of a fresh start in the same configuration, and of no other", () => {
  const model = modelOf("T10-port-3-10.4.0");
  const fresh = new FreshStarts(model.routers, SOURCE.choices[0] as Choice);
  const { violation, atRest } = explored("T10-port-3-10.4.0", {
    broken: (rest) => [
      ...fresh.broken(rest, true),
      ...(fresh.broken(rest, false).length > 0 ? [] : ["the source seems to be silent"]),
    ],
  });
  assert.deepEqual([violation, atRest > 1], [null, true]);
});
