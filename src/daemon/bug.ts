// Bugs of ours that are met where somebody else would catch them: the daemon ends all the same, and its log says where.

/** Throws `error` in a turn of the event loop of its own, as an uncaught exception. */
export function throwUncaught(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
