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
import { helloOf } from "./parts.ts";
import { type TreeModelOptions, treeModel } from "./trees.ts";

/** All faults together, and one kind alone, of which more models can be visited whole. */
const BUDGETS: Readonly<Record<string, Omit<Faults, "hit">>> = {
  all: { losses: 2, duplications: 1, overtakings: 1 },
  lost: { losses: 2, duplications: 0, overtakings: 0 },
  doubled: { losses: 0, duplications: 1, overtakings: 0 },
  overtaken: { losses: 0, duplications: 0, overtakings: 1 },
};

/** Where a Hello comes at any time, too. */
const ONE_LOSS = { losses: 1, duplications: 0, overtakings: 0 };
const HELLOS = ["T1", "T7", "T8-equal"];

/** Too large to be visited whole: what can be visited in a few minutes is. */
const LARGE: Readonly<Record<string, readonly string[]>> = {
  all: ["T2", "T3", "T4", "T5", "T6", "T8"],
  lost: ["T6"],
  doubled: ["T6"],
  overtaken: ["T6"],
};
const MINUTES = 2;

const words = ({ losses, duplications, overtakings }: Omit<Faults, "hit">): string =>
  `${losses} losses, ${duplications} duplicates, ${overtakings} reorderings`;

/** Addresses of a router end with its number, from 1 (trees.ts). */
const isOf = (router: number | undefined, address: Address): boolean =>
  router !== undefined && formatAddress(address).endsWith(`.${router + 1}`);

/** T9. */
const faultyTreeModel = (options: TreeModelOptions, faults: Omit<Faults, "hit">): Model => {
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

/** Router 1 says Hello at any time: what it advertises by CheckpointSN is believed while messages are outstanding (§15). */
const withHello = (model: Model): Model => ({
  ...model,
  about: `${model.about} R1 says Hello at any time.`,
  incidents: [
    ...model.incidents,
    {
      name: "Hello",
      choices: [
        {
          name: "Hello of R1",
          acts: [helloOf(1, 1), helloOf(1, 2)],
        },
      ],
      after: [],
      drained: null,
      must: false,
    },
  ],
});

/** T9, by the property and the faults. */
export const TREE_FAULT_MODELS: readonly Model[] = [
  ...Object.entries(BUDGETS).flatMap(([name, faults]) =>
    TREES.map((options) => ({
      ...faultyTreeModel(options, faults),
      name: `T9-${options.name}-${name}`,
      ...(LARGE[name]?.includes(options.name) ? { minutes: MINUTES } : {}),
    })),
  ),
  ...TREES.filter(({ name }) => HELLOS.includes(name)).map((options) => ({
    ...withHello(faultyTreeModel(options, ONE_LOSS)),
    name: `T9-${options.name}-hello`,
  })),
];
