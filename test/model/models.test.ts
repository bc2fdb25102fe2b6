// The authors' properties, in all interleavings of the real core. The larger models are left to `make model`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { explore } from "../../src/sim/explorer/explore.ts";
import { traceOf } from "../../src/sim/explorer/trace.ts";
import { MODELS } from "../../src/sim/models/list.ts";

/** Those of more than 200,000 states. */
const isLarge = (name: string): boolean => /^S1-..-2$/.test(name) || name === "T6";

for (const model of MODELS.filter(({ name }) => !isLarge(name))) {
  test(`${model.name}: ${model.about}`, () => {
    const findings = explore(model, { limit: 1_000_000, reduce: true });
    if (findings.violation !== null) assert.fail(traceOf(findings, findings.violation).join("\n"));
    assert.ok(findings.complete);
    assert.ok(findings.atRest > 0);
  });
}
