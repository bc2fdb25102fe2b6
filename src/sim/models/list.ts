// The models that there are.
import { known } from "../../base/invariant.ts";
import type { Model } from "../explorer/model.ts";
import { DELIVERY_MODELS } from "./delivery.ts";
import { LINK_MODELS } from "./links.ts";
import { LOOP_MODELS } from "./loops.ts";
import { ORIGINATOR_MODELS } from "./originators.ts";
import { SOURCE_LINK_MODELS } from "./source-link.ts";
import { syncModel, treesDuringSyncModel, treesOfBothModel } from "./sync.ts";
import { type TreeModelOptions, treeModel } from "./trees.ts";

const PARTS = [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => [a, b] as const));

/** The authors' properties (eventually, and then for ever) and what SPIN said of their models; and T8 where costs are equal. */
const TREES: readonly TreeModelOptions[] = [
  {
    name: "T1",
    topology: "a",
    active: [0, 1, 2, 3, 4],
    failure: null,
    reroutes: false,
    authors: { model: "all_active", states: 7_629, depth: 452, seconds: 4 },
  },
  {
    name: "T2",
    topology: "a",
    active: [0, 1, 2, 3, 4],
    failure: { of: 1, active: [0, 2, 3, 4] },
    reroutes: false,
    authors: { model: "node_1_fail", states: 67_755, depth: 1_187, seconds: 32 },
  },
  {
    name: "T3",
    topology: "a",
    active: [0, 1, 2, 3, 4],
    failure: { of: 2, active: [0, 1, 3, 4] },
    reroutes: false,
    authors: { model: "node_2_fail", states: 67_755, depth: 1_194, seconds: 31 },
  },
  {
    name: "T4",
    topology: "a",
    active: [0, 1, 2, 3, 4],
    failure: { of: 3, active: [0, 1, 2] },
    reroutes: false,
    authors: { model: "node_3_fail", states: 17_821, depth: 1_022, seconds: 14 },
  },
  {
    name: "T5",
    topology: "a",
    active: [0, 1, 2, 3, 4],
    failure: { of: 0, active: [] },
    reroutes: false,
    authors: { model: "originator_fail", states: 1_067_862, depth: 1_528, seconds: 219 },
  },
  {
    name: "T6",
    topology: "b",
    active: [0, 1, 2, 3, 4],
    failure: { of: 3, active: [0, 1, 2, 4] },
    reroutes: true,
    authors: {
      model: "node_3_fail_with_redundant_path",
      states: 784_025,
      depth: 1_592,
      seconds: 202,
    },
  },
  {
    name: "T7",
    topology: "c",
    active: [0, 1, 2, 3, 4],
    failure: null,
    reroutes: false,
    authors: { model: "tree_creation_with_loop", states: 1_173, depth: 452, seconds: 2 },
  },
  {
    name: "T8",
    topology: "c",
    active: [0, 1, 2, 3, 4],
    failure: { of: 0, active: [] },
    reroutes: false,
    authors: { model: "tree_removal_with_loop", states: 238_573, depth: 1_382, seconds: 64 },
  },
  {
    name: "T8-equal",
    topology: "d",
    active: [0, 1, 2],
    failure: { of: 0, active: [] },
    reroutes: false,
    authors: null,
  },
];

/** S1 with 0 to 2 parts and up to 0 to 2 failures a side; S4; trees. */
export const MODELS: readonly Model[] = [
  ...[0, 1, 2].flatMap((failures) => PARTS.map((parts) => syncModel(parts, failures))),
  treesDuringSyncModel([0, 1], []),
  treesDuringSyncModel([0], [0]),
  treesDuringSyncModel([1], [0]),
  treesDuringSyncModel([0], [0, 1]),
  treesDuringSyncModel([1], [0, 1]),
  treesDuringSyncModel([0, 1], [0]),
  treesOfBothModel([]),
  treesOfBothModel([0]),
  ...TREES.map(treeModel),
  ...LINK_MODELS,
  ...DELIVERY_MODELS,
  ...LOOP_MODELS,
  ...SOURCE_LINK_MODELS,
  ...ORIGINATOR_MODELS,
];

/** The model of this name. Throws if there is none. */
export const modelOf = (name: string): Model =>
  known(
    MODELS.find((model) => model.name === name),
    `model "${name}"`,
  );
