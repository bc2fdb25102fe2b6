// The configuration file as a JSON Schema, for editors: made of the schema that the daemon reads the file with.
import { z } from "zod";
import { isDocument, valueAt } from "./configuration-document.ts";
import { configurationFileSchema, SWITCHED } from "./configuration-file.ts";
import { DESCRIPTIONS } from "./setting-descriptions.ts";

/** A JSON Schema, or a part of one, with what each setting is. */
function described(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(described);
  if (!isDocument(part)) return part;
  const entries = Object.entries(part).map(([key, value]) => [key, described(value)] as const);
  const next = Object.fromEntries(entries);
  const { properties: before } = next;
  if (!isDocument(before)) return next;
  const properties = Object.entries(before).map(([name, schema]) => {
    const about = valueAt(DESCRIPTIONS, name);
    if (about === undefined || !isDocument(schema)) return [name, schema];
    const { description: expected } = schema;
    const description = expected === undefined ? about : `${about}; ${expected}`;
    return [name, { ...schema, description }];
  });
  return { ...next, properties: Object.fromEntries(properties) };
}

/** The JSON Schema (draft 2020-12) of a configuration file. */
export function configurationJsonSchema(): unknown {
  const schema = z.toJSONSchema(configurationFileSchema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const switched = SWITCHED.get(zodSchema);
      if (switched === undefined) return;
      const { $schema: _, ...settings } = switched.settings() as Record<string, unknown>;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      Object.assign(jsonSchema, { anyOf: [{ type: "boolean" }, settings] });
    },
  });
  return described({ title: "hpim-dm configuration file", ...schema });
}
