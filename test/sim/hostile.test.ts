// What strangers send, on the simulator (§2.1-2.3, P6, P7).
import { test } from "node:test";
import { runHostileCases } from "../hostile/battlefield.ts";
import { HOSTILE_CASES } from "../hostile/cases.ts";
import { runFloods } from "../hostile/floods.ts";
import { LINK_KEY, runKeyedCases } from "../hostile/keyed-cases.ts";
import { simField } from "../hostile/sim-field.ts";

test("P6: every hostile packet is counted by its reason, told once a minute, and changes nothing", () =>
  runHostileCases(simField(), HOSTILE_CASES));

test("P6: where there are keys, forged packets of all types are counted by their reason and change nothing", () =>
  runKeyedCases(simField({ security: { keys: [LINK_KEY] } })));

test("P7: thousands of neighbors, groups, trees and flows meet bounds, are counted, and leave the network as it was", () =>
  runFloods(simField()));
