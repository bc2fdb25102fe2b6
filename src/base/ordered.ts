// Ordered iteration: what reaches an action or a list never depends on the order of insertion.

/** Total order of numbers, or of strings by code unit (which orders addresses as numbers). */
export function compare<K extends string | number>(a: K, b: K): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

/** The keys of a map or set, in ascending order; later changes of it do not disturb the walk. */
export function orderedKeys<K extends string | number>(from: {
  keys(): IterableIterator<K>;
}): readonly K[] {
  const keys = [...from.keys()];
  return keys.length > 1 ? keys.sort(compare) : keys;
}

/** The entries of a map, in ascending order of their keys. */
export function orderedEntries<K extends string | number, V>(
  map: ReadonlyMap<K, V>,
): readonly (readonly [K, V])[] {
  return [...map.entries()].sort((a, b) => compare(a[0], b[0]));
}

/** The values of a map, in ascending order of their keys. */
export function orderedValues<K extends string | number, V>(map: ReadonlyMap<K, V>): readonly V[] {
  if (map.size <= 1) return [...map.values()];
  return orderedEntries(map).map(([, value]) => value);
}
