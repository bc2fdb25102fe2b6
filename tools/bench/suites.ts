// All suites, in the order in which they are measured: what takes milliseconds next to the bare loops that it is compared with,
// as what else a shared machine does changes within minutes.
import { BARE_SUITES } from "./bare.ts";
import { COMMAND_SUITES } from "./commands.ts";
import { CURVE_SUITES } from "./curves.ts";
import { JOIN_SUITES } from "./joins.ts";
import { MICRO_SUITES } from "./micro.ts";
import { ORIGINATOR_SUITES } from "./originator.ts";
import { ROUTE_CHANGE_SUITES } from "./route-changes.ts";
import type { Suite } from "./row.ts";
import { SEVEN_SUITES } from "./seven-rows.ts";
import { TREE_SUITES } from "./trees.ts";

/** Every suite. */
export const SUITES: readonly Suite[] = [
  ...BARE_SUITES,
  ...SEVEN_SUITES,
  ...COMMAND_SUITES,
  ...TREE_SUITES,
  ...ORIGINATOR_SUITES,
  ...CURVE_SUITES,
  ...JOIN_SUITES,
  ...ROUTE_CHANGE_SUITES,
  ...MICRO_SUITES,
];
