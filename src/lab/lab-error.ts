// What goes wrong with a lab, told to people.

/** A lab cannot do what was asked; the message says which node or link, why, and what can be done. */
export class LabError extends Error {
  override readonly name = "LabError";
}

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
