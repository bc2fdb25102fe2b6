// A configuration file as plain data, before it is held to the schema: maps of keys, as YAML has them. Changes that
// commands make are such a document too, laid over the file's.
import { keyFor } from "./interface-name.ts";

/** A map of settings and sections. */
export interface ConfigurationDocument {
  readonly [key: string]: unknown;
}

/** Whether a value is a map, and so no list, text, number or switch. */
export const isDocument = (value: unknown): value is ConfigurationDocument =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a map has under `key`; undefined: nothing, or it is no map. */
export const valueAt = (document: unknown, key: string): unknown =>
  isDocument(document) && Object.hasOwn(document, key) ? document[key] : undefined;

/** Switching on a protocol that has settings of its own keeps them. */
function valueLaidOver(below: unknown, above: unknown): unknown {
  if (isDocument(below) && isDocument(above)) return overlay(below, above);
  return isDocument(below) && above === true ? below : above;
}

/** The document `below` with what `above` sets in place of its own, key by key. */
function overlay(
  below: ConfigurationDocument,
  above: ConfigurationDocument,
): ConfigurationDocument {
  const over = Object.entries(above).map(([key, value]) => [
    key,
    valueLaidOver(valueAt(below, key), value),
  ]);
  return { ...below, ...Object.fromEntries(over) };
}

/** The sections of interfaces, by names and patterns. */
export function interfacesOf(document: ConfigurationDocument): ConfigurationDocument {
  const sections = valueAt(document, "interfaces");
  return isDocument(sections) ? sections : {};
}

/** What `document` says of the interface called `name`, under its own name or by a pattern; undefined: nothing. */
export function sectionFor(document: ConfigurationDocument, name: string): unknown {
  const sections = interfacesOf(document);
  const key = keyFor(Object.keys(sections), name);
  return key === undefined ? undefined : sections[key];
}

/**
 * The document `below` with what `above` sets in place of its own. An interface of which `below` speaks by a pattern only
 * gets a section of its own, with all that the pattern says.
 */
export function laidOver(
  below: ConfigurationDocument,
  above: ConfigurationDocument,
): ConfigurationDocument {
  const own = Object.keys(interfacesOf(above)).flatMap((name) => {
    const before = sectionFor(below, name);
    return before === undefined ? [] : [[name, before] as const];
  });
  const spelled =
    own.length === 0
      ? below
      : { ...below, interfaces: { ...interfacesOf(below), ...Object.fromEntries(own) } };
  return overlay(spelled, above);
}

/** What `document` has at `path`; an interface's section is also found by a pattern. */
export function valueIn(document: ConfigurationDocument, path: readonly string[]): unknown {
  const [top, name, ...rest] = path;
  const isOfInterface = top === "interfaces" && name !== undefined;
  let value: unknown = isOfInterface ? sectionFor(document, name) : document;
  for (const key of isOfInterface ? rest : path) value = valueAt(value, key);
  return value;
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
