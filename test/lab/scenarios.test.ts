// Scenarios that the simulator runs, on the real kernel: real daemons, packets, captures and time.
import { test } from "node:test";
import { ACKS_LOST } from "../scenarios/acks-lost.ts";
import { HOLD_FORWARDING } from "../scenarios/hold-forwarding.ts";
import { QUICK_IGMP } from "../scenarios/igmp.ts";
import { INTEREST } from "../scenarios/interest.ts";
import { runOnKernel } from "../scenarios/lab-network.ts";
import { LOOP } from "../scenarios/loop.ts";
import { ORIGINATOR } from "../scenarios/originator.ts";
import { SEQUENCE_NUMBERS } from "../scenarios/sequence-numbers.ts";
import { SOURCE_LOOP } from "../scenarios/source-loop.ts";
import { SYNC } from "../scenarios/sync.ts";
import { SYNC_FAULTS } from "../scenarios/sync-faults.ts";
import { SYNCHRONISE_AGAIN } from "../scenarios/synchronise-again.ts";
import { TREE_FORMATION } from "../scenarios/tree-formation.ts";
import { needsRoot } from "../support/namespace.ts";

/** The others are about timers alone, whose length is what takes time. */
const IGMP_ON_KERNEL = ["1", "5", "7", "8"];

const ON_KERNEL = [
  ...ACKS_LOST,
  ...SEQUENCE_NUMBERS,
  ...HOLD_FORWARDING,
  ...ORIGINATOR,
  ...SYNC,
  ...SYNC_FAULTS,
  ...TREE_FORMATION,
  ...INTEREST,
  ...SYNCHRONISE_AGAIN,
  ...LOOP,
  ...SOURCE_LOOP,
  ...QUICK_IGMP.filter(({ title }) =>
    IGMP_ON_KERNEL.some((number) => title.startsWith(`IGMP test ${number}: `)),
  ),
];

for (const scenario of ON_KERNEL) {
  test(`on the real kernel: ${scenario.title}`, needsRoot, (context) =>
    runOnKernel(context, scenario),
  );
}
