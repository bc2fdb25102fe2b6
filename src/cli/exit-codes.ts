// What commands exit with, as help and manual say it.

/** Codes in rising order, each with what it means. */
export const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = [
  [0, "done"],
  [1, "refused, or the answer is no (doctor, send, receive, decode)"],
  [2, "wrong usage"],
  [3, "the daemon cannot be reached, or this user may not reach or start it"],
];
