// hpim-dm show LIST: a list of the daemon, as a table for people or as JSON.
import type { z } from "zod";
import {
  groupsSchema,
  interfacesSchema,
  mrouteSchema,
  neighborsSchema,
  treesSchema,
} from "../api/responses.ts";
import { ask } from "./client.ts";
import { renderGroups } from "./show-groups.ts";
import { renderInterfaces } from "./show-interfaces.ts";
import { renderMroute } from "./show-mroute.ts";
import { renderNeighbors } from "./show-neighbors.ts";
import { renderTrees } from "./show-trees.ts";

/** Options of the command, as commander names them. */
export interface ShowOptions {
  readonly runtimeDir: string;
  readonly json?: boolean;
}

function list<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  render: (answer: z.output<Schema>, width?: number) => string,
): (options: ShowOptions) => Promise<void> {
  return async ({ runtimeDir, json }) => {
    const answer = await ask(runtimeDir, ["GET", `/v1/${name}`], schema);
    console.log(json ? JSON.stringify(answer, null, 2) : render(answer, process.stdout.columns));
  };
}

/** The lists that can be shown, by name. Each throws CommandError if the daemon does not answer. */
export const LISTS: Readonly<
  Record<
    "interfaces" | "neighbors" | "trees" | "groups" | "mroute",
    (options: ShowOptions) => Promise<void>
  >
> = {
  interfaces: list("interfaces", interfacesSchema, renderInterfaces),
  neighbors: list("neighbors", neighborsSchema, renderNeighbors),
  trees: list("trees", treesSchema, renderTrees),
  groups: list("groups", groupsSchema, renderGroups),
  mroute: list("mroute", mrouteSchema, renderMroute),
};
