// T1 to T8 as the authors have them, and what SPIN said of their models; and T8 where costs are equal.
import type { TreeModelOptions } from "./trees.ts";

/** By their properties: what is so eventually, and then for ever. */
export const TREES: readonly TreeModelOptions[] = [
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
