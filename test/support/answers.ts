// The lists of an engine as whole answers, without a control socket.
import type { ListName } from "../../src/api/lists/lists.ts";
import type { Answer } from "../../src/api/lists/schemas.ts";
import { LIST_SCHEMAS } from "../../src/api/lists/schemas.ts";
import type { EngineReading } from "../../src/daemon/engine-view.ts";
import { documentOf } from "../../src/daemon/lists/document.ts";
import { type Filter, NO_FILTER } from "../../src/daemon/lists/list.ts";
import { LIST_ROWS } from "../../src/daemon/lists/lists.ts";

/** zod compiles a schema when it is first used. */
const STRICT = new Map<ListName, { readonly parse: (answer: unknown) => unknown }>();

function strictSchemaOf(name: ListName): { readonly parse: (answer: unknown) => unknown } {
  const schema = STRICT.get(name) ?? LIST_SCHEMAS[name].strict();
  STRICT.set(name, schema);
  return schema;
}

/** The answer of the list called `name`; it keeps to its schema, without any other field. */
export function answerOf<Name extends ListName>(
  name: Name,
  engine: EngineReading,
  filter: Partial<Filter> = {},
): Answer<Name> {
  const sections = LIST_ROWS[name](engine, { ...NO_FILTER, ...filter });
  const answer: unknown = JSON.parse([...documentOf(sections)].join(""));
  return strictSchemaOf(name).parse(answer) as Answer<Name>;
}
