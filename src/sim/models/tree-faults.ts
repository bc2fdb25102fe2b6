// T9: T1 to T8 while messages are lost, doubled and overtaken, with the timers by which they are sent again.
import { type Address, formatAddress } from "../../base/address.ts";
import type { Faults, Model } from "../explorer/model.ts";
import { TREES } from "./authors-trees.ts";
import {
  brokenCheckpoints,
  brokenNeighborhoods,
  brokenPatience,
  CLOCK,
  toTrees,
} from "./faults.ts";
import { type TreeModelOptions, treeModel } from "./trees.ts";

/** All faults together, and one kind alone, of which more models can be visited whole. */
const BUDGETS: Readonly<Record<string, Omit<Faults, "hit">>> = {
  all: { losses: 2, duplications: 1, overtakings: 1 },
  lost: { losses: 2, duplications: 0, overtakings: 0 },
  doubled: { losses: 0, duplications: 1, overtakings: 0 },
  overtaken: { losses: 0, duplications: 0, overtakings: 1 },
};

const words = ({ losses, duplications, overtakings }: Omit<Faults, "hit">): string =>
  `${losses} losses, ${duplications} duplicates, ${overtakings} reorderings`;

/** Addresses of a router end with its number, from 1 (trees.ts). */
const isOf = (router: number | undefined, address: Address): boolean =>
  router !== undefined && formatAddress(address).endsWith(`.${router + 1}`);

/** T9. */
export const faultyTreeModel = (options: TreeModelOptions, faults: Omit<Faults, "hit">): Model => {
  const model = treeModel(options);
  return {
    ...model,
    about: `${model.about} Up to ${words(faults)}.`,
    wrong: (taken) => [
      ...brokenCheckpoints(taken),
      ...brokenPatience(taken),
      ...brokenNeighborhoods(taken, (neighbor) => isOf(options.failure?.of, neighbor)),
    ],
    faults: toTrees(faults),
    clock: CLOCK,
    authors: null,
  };
};

/** T9, by the property and the faults. */
export const TREE_FAULT_MODELS: readonly Model[] = Object.entries(BUDGETS).flatMap(
  ([name, faults]) =>
    TREES.map((options) => ({
      ...faultyTreeModel(options, faults),
      name: `T9-${options.name}-${name}`,
    })),
);
