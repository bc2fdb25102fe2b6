// The JSON Schema of the configuration file, with what each setting is, for editors to show.
import { isDocument, valueAt } from "./configuration-document.ts";
import { DESCRIPTIONS } from "./setting-descriptions.ts";

function withDescription(name: string, schema: unknown): unknown {
  const about = valueAt(DESCRIPTIONS, name);
  if (about === undefined || !isDocument(schema)) return schema;
  const values = valueAt(schema, "description");
  return { ...schema, description: values === undefined ? about : `${about}; ${values}` };
}

/** A JSON Schema, or a part of one, in which each property that is a setting says what it is. */
export function withDescriptions(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withDescriptions);
  if (!isDocument(part)) return part;
  const whole = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, withDescriptions(value)]),
  );
  const properties = valueAt(whole, "properties");
  if (!isDocument(properties)) return whole;
  const described = Object.entries(properties).map(([name, schema]) => [
    name,
    withDescription(name, schema),
  ]);
  return { ...whole, properties: Object.fromEntries(described) };
}
