// The configuration file as a JSON Schema, for editors: made of the schema that the daemon reads the file with.
import { z } from "zod";
import { configurationFileSchema, SWITCHED } from "./configuration-file.ts";

/** The JSON Schema (draft 2020-12) of a configuration file. */
export const configurationJsonSchema = (): object => ({
  title: "hpim-dm configuration file",
  ...z.toJSONSchema(configurationFileSchema, {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const switched = SWITCHED.get(zodSchema);
      if (switched === undefined) return;
      const { $schema: _, ...settings } = switched.settings() as Record<string, unknown>;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      Object.assign(jsonSchema, { anyOf: [{ type: "boolean" }, settings] });
    },
  }),
});
