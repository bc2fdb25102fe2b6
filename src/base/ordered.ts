// Ordered iteration: what reaches an action or a list never depends on the order of insertion.

/** Total order of numbers, or of strings by code unit (which orders addresses as numbers). */
export function compare<K extends string | number>(a: K, b: K): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

/** So few are put in their order before a general sort would have begun. */
const FEW = 16;

function isAscending<K extends string | number>(keys: readonly K[]): boolean {
  let last: K | undefined;
  for (const key of keys) {
    if (last !== undefined && key < last) return false;
    last = key;
  }
  return true;
}

/** Each moves ahead of the greater ones before it. */
function sortFew<K extends string | number>(keys: K[]): readonly K[] {
  for (let n = 1; n < keys.length; n++) {
    const key = keys[n] as K;
    let place = n;
    for (; place > 0 && key < (keys[place - 1] as K); place--) keys[place] = keys[place - 1] as K;
    keys[place] = key;
  }
  return keys;
}

/** The keys of a map or set, in ascending order; later changes of it do not disturb the walk. */
export function orderedKeys<K extends string | number>(from: {
  keys(): IterableIterator<K>;
}): readonly K[] {
  const keys = [...from.keys()];
  // Most are few, or in order: to sort them is what takes time and memory.
  if (keys.length <= FEW) return sortFew(keys);
  return isAscending(keys) ? keys : keys.sort(compare);
}

/** The entries of a map, in ascending order of their keys. */
export const orderedEntries = <K extends string | number, V>(
  map: ReadonlyMap<K, V>,
): readonly (readonly [K, V])[] => orderedKeys(map).map((key) => [key, map.get(key) as V]);

/** The values of a map, in ascending order of their keys. */
export const orderedValues = <K extends string | number, V>(map: ReadonlyMap<K, V>): readonly V[] =>
  orderedKeys(map).map((key) => map.get(key) as V);
