// The configuration file as a JSON Schema, for editors: made of the schema that the daemon reads the file with.
import { z } from "zod";
import { configurationFileSchema, SWITCHED } from "./configuration-file.ts";

const schemaOf = (schema: z.ZodType): z.core.JSONSchema.BaseSchema =>
  z.toJSONSchema(schema, { io: "input", override: spellOutSwitched });

/** What a protocol's switch is made of says nothing to zod. */
function spellOutSwitched({
  zodSchema,
  jsonSchema,
}: {
  readonly zodSchema: object;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const settings = SWITCHED.get(zodSchema);
  if (settings === undefined) return;
  const { $schema: _, ...map } = schemaOf(settings);
  for (const key of Object.keys(jsonSchema)) {
    if (key !== "description") Reflect.deleteProperty(jsonSchema, key);
  }
  Object.assign(jsonSchema, { anyOf: [{ type: "boolean" }, map] });
}

/** The JSON Schema (draft 2020-12) of a configuration file. */
export const configurationJsonSchema = (): object => ({
  title: "hpim-dm configuration file",
  ...schemaOf(configurationFileSchema),
});
