// The scenarios of HPIM-DM that run on the simulator and on the real kernel alike.
import { ACKS_LOST } from "./acks-lost.ts";
import { FIRST_COPIES_LOST } from "./first-copies-lost.ts";
import { HOLD_FORWARDING } from "./hold-forwarding.ts";
import { INTEREST } from "./interest.ts";
import { LOOP } from "./loop.ts";
import { ORIGINATOR } from "./originator.ts";
import type { Scenario } from "./scenario-network.ts";
import { SEQUENCE_NUMBERS } from "./sequence-numbers.ts";
import { SOURCE_LOOP } from "./source-loop.ts";
import { SYNC } from "./sync.ts";
import { SYNC_FAULTS } from "./sync-faults.ts";
import { SYNCHRONISE_AGAIN } from "./synchronise-again.ts";
import { TREE_FORMATION } from "./tree-formation.ts";

export const EVERYWHERE: readonly Scenario[] = [
  ...ACKS_LOST,
  ...FIRST_COPIES_LOST,
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
];

/** Whether it is one of the numbered tests of HPIM-DM. */
export const isNumbered = ({ title }: Scenario): boolean => title.startsWith("HPIM-DM test ");
