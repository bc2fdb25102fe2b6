// What strangers send, on the simulator (§2.1-2.3, P6, P7).
import assert from "node:assert/strict";
import { test } from "node:test";
import { countersOf, runHostileCases, sceneOf } from "../hostile/battlefield.ts";
import { HOSTILE_CASES } from "../hostile/cases.ts";
import { runFloods } from "../hostile/floods.ts";
import { KEYED_CASES, LINK_KEY, temptations } from "../hostile/keyed-cases.ts";
import { simField } from "../hostile/sim-field.ts";
import { signed } from "../support/hmac.ts";

test("P6: every hostile packet is counted by its reason, told once a minute, and changes nothing", () =>
  runHostileCases(simField(), HOSTILE_CASES));

test("P6: where there are keys, forged packets of all types are counted by their reason and change nothing", async () => {
  const field = simField({ security: { keys: [LINK_KEY] } });
  await runHostileCases(field, KEYED_CASES);
  const { received } = await countersOf(field);
  const right = temptations(await sceneOf(field)).map((bytes) => signed(bytes, LINK_KEY));
  await field.inject(right);
  const { received: later, neighborFailures } = await countersOf(field);
  for (const [kind, count] of Object.entries(received.hpim)) {
    assert.ok(
      later.hpim[kind as keyof typeof later.hpim] > count,
      `${kind}, signed rightly, is taken`,
    );
  }
  assert.equal(neighborFailures.goodbye, 1, "what was forged would have been believed");
});

test("P7: thousands of neighbors, groups, trees and flows meet bounds, are counted, and leave the network as it was", () =>
  runFloods(simField()));
