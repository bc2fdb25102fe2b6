// Query parameters of the control API: what a list, or the events, are narrowed by.
import { z } from "@hono/zod-openapi";
import { FILTERS, parseGroups, parseSources } from "../api/lists/filters.ts";
import type { FilterName } from "../api/lists/lists.ts";
import { configurationOf, NOT_CONFIGURED } from "./configuration.ts";
import type { EngineReading } from "./engine-view.ts";
import type { Filter } from "./lists/list.ts";

/** What is said of a value that is refused. */
export const refusedValue = (
  name: string,
  expected: string,
): { readonly error: (issue: { readonly input?: unknown }) => string } => ({
  error: ({ input }) => `${name}=${input} is refused: expected ${expected}.`,
});

/** The parameter of a filter. */
export function filterParameter(name: FilterName): z.ZodOptional<z.ZodString> {
  const { expected, accepts } = FILTERS[name];
  const refused = refusedValue(name, expected);
  return z.string(refused).refine(accepts, refused).optional().describe(expected);
}

/** What is said of a parameter that is none of these. */
export function unknownParameter(names: readonly string[]): {
  readonly error: (issue: z.core.$ZodRawIssue) => string | undefined;
} {
  const takes = names.length === 0 ? "nothing" : names.join(", ");
  return {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `The parameter ${issue.keys.join(", ")} is not known here: this takes ${takes}.`
        : undefined,
  };
}

/** The filter that parameters make. */
export const filterOf = ({
  group,
  source,
  interface: name,
}: {
  readonly [Name in FilterName]?: string | undefined;
}): Filter => ({
  group: (group !== undefined && parseGroups(group)) || null,
  source: (source !== undefined && parseSources(source)) || null,
  interface: name ?? null,
});

/** Whether an interface is there, or something is configured for its name. */
export const isKnownInterface = (engine: EngineReading, name: string): boolean =>
  engine.ports().some(({ link }) => link.name === name) ||
  configurationOf(engine.configuration, name) !== NOT_CONFIGURED;
