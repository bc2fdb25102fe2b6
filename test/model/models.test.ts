// The properties of all models, in interleavings of the real core. A model is visited whole if it is small enough, and else
// as far as that goes: `make model` visits all of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { explore } from "../../src/sim/explorer/explore.ts";
import { violationText } from "../../src/sim/explorer/trace.ts";
import { MODELS } from "../../src/sim/models/list.ts";

const LIMIT = 3_000;

test("models have names of their own", () => {
  assert.equal(new Set(MODELS.map(({ name }) => name)).size, MODELS.length);
});

for (const model of MODELS) {
  test(`${model.name}: ${model.about}`, () => {
    const found = explore(model, { limit: LIMIT, reduce: true });
    if (found.violation !== null) assert.fail(violationText(found.network, found.violation));
    if (found.unfinished === null) assert.ok(found.atRest > 0);
    else assert.ok(found.states >= LIMIT);
  });
}
