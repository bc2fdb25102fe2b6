// What commands do that run until they are told to end.

/** Ctrl-C, a closed terminal and "kill" have the command come to its own end; told again, it is under way. */
export function onEnding(end: () => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
}

/** So does that nobody reads any more what it says ("| head"). */
export const onReaderGone = (end: () => void): void => void process.stdout.once("error", end);
