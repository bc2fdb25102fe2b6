// What is known without history: three values.

/** "open": it may depend on what happened before, or change for ever. */
export type Truth = "yes" | "no" | "open";

/** Whether any is true. */
export function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes("yes")) return "yes";
  return truths.includes("open") ? "open" : "no";
}
