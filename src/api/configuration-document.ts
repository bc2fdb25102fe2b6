// A configuration file as plain data, before it is held to the schema: maps of keys, as YAML has them. Changes that
// commands make are such a document too, laid over the file's.

/** A map of settings and sections. */
export interface ConfigurationDocument {
  readonly [key: string]: unknown;
}

/** Whether a value is a map, and so no list, text, number or switch. */
export const isDocument = (value: unknown): value is ConfigurationDocument =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const valueAt = (document: ConfigurationDocument, key: string): unknown =>
  Object.hasOwn(document, key) ? document[key] : undefined;

/** Switching on a protocol that has settings of its own keeps them. */
function laidOver(below: unknown, above: unknown): unknown {
  if (isDocument(below) && isDocument(above)) return overlay(below, above);
  return isDocument(below) && above === true ? below : above;
}

/** The document `below` with what `above` sets in place of its own. */
export function overlay(
  below: ConfigurationDocument,
  above: ConfigurationDocument,
): ConfigurationDocument {
  const over = Object.entries(above).map(([key, value]) => [
    key,
    laidOver(valueAt(below, key), value),
  ]);
  return { ...below, ...Object.fromEntries(over) };
}

/** `document` with `value` at `path`; undefined: with nothing there, nor the sections that this leaves empty. */
export function withValue(
  document: ConfigurationDocument,
  [key, ...rest]: readonly [string, ...string[]],
  value: unknown,
): ConfigurationDocument {
  const { [key]: before, ...others } = document;
  const [next, ...further] = rest;
  const below = isDocument(before) && Object.hasOwn(document, key) ? before : {};
  const after = next === undefined ? value : withValue(below, [next, ...further], value);
  const isEmpty = after === undefined || (isDocument(after) && Object.keys(after).length === 0);
  return isEmpty ? others : { ...document, [key]: after };
}
