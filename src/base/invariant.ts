// What must hold unless this program has a bug.

/** Throws an Error "bug: `what`" unless `condition` holds. Always on: never for bad input, which is a value. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`bug: ${what}`);
}

/** `value`, which this program's own logic says is there. Throws as `invariant` if it is not. */
export function known<T>(value: T | undefined | null, what: string): T {
  invariant(value !== undefined && value !== null, what);
  return value;
}
