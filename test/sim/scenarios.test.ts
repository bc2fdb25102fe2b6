// All scenarios, on the simulator.
import { test } from "node:test";
import { ACKS_LOST } from "../scenarios/acks-lost.ts";
import { FLOODING } from "../scenarios/flooding.ts";
import { HOLD_FORWARDING } from "../scenarios/hold-forwarding.ts";
import { IGMP } from "../scenarios/igmp.ts";
import { INTEREST } from "../scenarios/interest.ts";
import { LOOP } from "../scenarios/loop.ts";
import { ORIGINATOR } from "../scenarios/originator.ts";
import { SEQUENCE_NUMBERS } from "../scenarios/sequence-numbers.ts";
import { runOnSimulator } from "../scenarios/sim-network.ts";
import { SOURCE_LOOP } from "../scenarios/source-loop.ts";
import { SYNC } from "../scenarios/sync.ts";
import { SYNC_FAULTS } from "../scenarios/sync-faults.ts";
import { SYNCHRONISE_AGAIN } from "../scenarios/synchronise-again.ts";
import { TREE_FORMATION } from "../scenarios/tree-formation.ts";

for (const scenario of [
  ...ACKS_LOST,
  ...SEQUENCE_NUMBERS,
  ...HOLD_FORWARDING,
  ...ORIGINATOR,
  ...FLOODING,
  ...SYNC,
  ...SYNC_FAULTS,
  ...TREE_FORMATION,
  ...INTEREST,
  ...SYNCHRONISE_AGAIN,
  ...LOOP,
  ...SOURCE_LOOP,
  ...IGMP,
]) {
  test(scenario.title, () => runOnSimulator(scenario));
}
