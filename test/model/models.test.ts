// The authors' properties, in all interleavings of the real core. The larger models are left to `make model`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { explore } from "../../src/sim/explorer/explore.ts";
import { violationText } from "../../src/sim/explorer/trace.ts";
import { MODELS } from "../../src/sim/models/list.ts";

/** Those of more than 200,000 states. */
const isLarge = (name: string): boolean =>
  /^S1-..-2$|^S4-(.-01|01-0|both-0)$|^T[56]$|^T12-reboot-1$|^T15-silence$|^T16-(boot|opposite|fan)-(1|2|both)$/.test(
    name,
  );

for (const model of MODELS.filter(({ name }) => !isLarge(name))) {
  test(`${model.name}: ${model.about}`, () => {
    const found = explore(model, { limit: 1_000_000, reduce: true });
    if (found.violation !== null) assert.fail(violationText(found.network, found.violation));
    assert.equal(found.unfinished, null);
    assert.ok(found.atRest > 0);
  });
}
