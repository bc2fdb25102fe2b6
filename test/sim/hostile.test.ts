// What strangers and neighbors send who want no good, on the simulator (§2.1-2.3, P6, P7). `make fuzz` plays many more.
import { test } from "node:test";
import { runHostileCases } from "../hostile/battlefield.ts";
import { HOSTILE_CASES } from "../hostile/cases.ts";
import { runFloods } from "../hostile/floods.ts";
import { playInsider } from "../hostile/insider.ts";
import { LINK_KEY, runKeyedCases } from "../hostile/keyed-cases.ts";
import { playForgeries, playReplays } from "../hostile/outsider.ts";
import { simField } from "../hostile/sim-field.ts";

test("P6: every hostile packet is counted by its reason, told once a minute, and changes nothing", () =>
  runHostileCases(simField(), HOSTILE_CASES));

test("P6: where there are keys, forged packets of all types are counted by their reason and change nothing", () =>
  runKeyedCases(simField({ security: { keys: [LINK_KEY] } })));

test("P7: thousands of neighbors, groups, trees and flows meet bounds, are counted, and leave the network as it was", () =>
  runFloods(simField()));

for (const seed of [1, 2, 5]) {
  test(`P6: forgeries of an outsider change nothing but counters, to the bit, seed ${seed}`, () =>
    playForgeries({ seed, steps: 40 }));

  test(`P6: replays of an outsider change no tree, end no neighborhood, cost no packet, seed ${seed}`, () =>
    playReplays({ seed, steps: 40 }));
}

for (const [seed, isKeyed, isForging, name] of [
  [1, false, false, "without keys, in its own name"],
  [3, false, true, "without keys, in anybody's name"],
  [2, true, false, "with a key, in its own name"],
  [4, true, true, "with a key, in anybody's name"],
] as const) {
  test(`P7: an insider ${name} fills no memory, reaches no other link, and is made good, seed ${seed}`, () =>
    playInsider({ seed, isKeyed, isForging, steps: 60 }));
}
