// The models that there are.
import { known } from "../../base/invariant.ts";
import type { Model } from "../explorer/model.ts";
import { TREES } from "./authors-trees.ts";
import { DELIVERY_MODELS } from "./delivery.ts";
import { LINK_MODELS } from "./links.ts";
import { LOOP_MODELS } from "./loops.ts";
import { ORIGINATOR_MODELS } from "./originators.ts";
import { SOURCE_LINK_MODELS } from "./source-link.ts";
import { STORM_MODELS } from "./storms.ts";
import { syncModel, treesDuringSyncModel, treesOfBothModel } from "./sync.ts";
import { SYNC_FAULT_MODELS } from "./sync-faults.ts";
import { TREE_FAULT_MODELS } from "./tree-faults.ts";
import { treeModel } from "./trees.ts";

const PARTS = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].map((b) => [a, b] as const));

/** S1 with 0 to 3 parts and up to 0 to 2 failures a side; S4; trees. */
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
  ...SYNC_FAULT_MODELS,
  ...TREES.map(treeModel),
  ...TREE_FAULT_MODELS,
  ...LINK_MODELS,
  ...DELIVERY_MODELS,
  ...LOOP_MODELS,
  ...SOURCE_LINK_MODELS,
  ...ORIGINATOR_MODELS,
  ...STORM_MODELS,
];

/** The model of this name. Throws if there is none. */
export const modelOf = (name: string): Model =>
  known(
    MODELS.find((model) => model.name === name),
    `model "${name}"`,
  );
