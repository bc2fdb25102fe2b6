// One text for each value: what is equal has the same text, whatever the order in which it was built.
import { compare, orderedEntries, orderedKeys } from "../../base/ordered.ts";

type Key = string | number;

/** The text of a value of plain data, maps and sets. */
export function canonical(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value instanceof Set)
    return `[${orderedKeys(value as ReadonlySet<Key>)
      .map(canonical)
      .join()}]`;
  const entries =
    value instanceof Map
      ? orderedEntries(value as ReadonlyMap<Key, unknown>)
      : Object.entries(value).sort(([a], [b]) => compare(a, b));
  return `{${entries.map(([key, of]) => `${canonical(key)}:${canonical(of)}`).join()}}`;
}
