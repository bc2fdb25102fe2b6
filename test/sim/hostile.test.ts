// What strangers send, on the simulator (§2.1-2.3, P6, P7).
import { test } from "node:test";
import { runHostileCases } from "../hostile/battlefield.ts";
import { runFloods } from "../hostile/floods.ts";
import { simField } from "../hostile/sim-field.ts";

test("P6: every hostile packet is counted by its reason, told once a minute, and changes nothing", () =>
  runHostileCases(simField()));

test("P7: thousands of neighbors, groups, trees and flows meet bounds, are counted, and leave the network as it was", () =>
  runFloods(simField()));
