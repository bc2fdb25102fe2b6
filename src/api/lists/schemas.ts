// The schema of each list's answer, by the list's name.
import type { z } from "zod";
import { countersSchema } from "./counters.ts";
import { groupsSchema } from "./groups.ts";
import { interfacesSchema } from "./interfaces.ts";
import { keysSchema } from "./keys.ts";
import type { ListName } from "./lists.ts";
import { mrouteSchema } from "./mroute.ts";
import { neighborStateSchema } from "./neighbor-state.ts";
import { neighborsSchema } from "./neighbors.ts";
import { sequenceNumbersSchema } from "./sequence-numbers.ts";
import { settingsSchema } from "./settings.ts";
import { summarySchema } from "./summary.ts";
import { treesSchema } from "./trees.ts";

/** A JSON document: a version, and one or several arrays of rows. */
export const LIST_SCHEMAS = {
  summary: summarySchema,
  interfaces: interfacesSchema,
  neighbors: neighborsSchema,
  "sequence-numbers": sequenceNumbersSchema,
  "neighbor-state": neighborStateSchema,
  trees: treesSchema,
  groups: groupsSchema,
  mroute: mrouteSchema,
  keys: keysSchema,
  settings: settingsSchema,
  counters: countersSchema,
} as const satisfies Readonly<Record<ListName, z.ZodObject>>;

/** The answer of the list called `Name`. */
export type Answer<Name extends ListName> = z.output<(typeof LIST_SCHEMAS)[Name]>;
