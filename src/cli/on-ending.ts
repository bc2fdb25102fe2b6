// What commands do that run until they are told to end.

/** Ctrl-C, a closed terminal and "kill" have the command come to its own end; told again, it is under way. */
export function onEnding(end: () => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
}

/**
 * So does that nobody reads any more what it says ("| head"), and that so many milliseconds have passed, unless undefined.
 * Returns what no longer waits for that.
 */
export function onEndingOrAfter(end: () => void, millis: number | undefined): () => void {
  onEnding(end);
  process.stdout.once("error", end);
  const timer = millis === undefined ? undefined : setTimeout(end, millis);
  return () => clearTimeout(timer);
}
