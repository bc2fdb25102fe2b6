// What goes wrong with a lab, told to people.

/** A lab cannot do what was asked; the message says which node or link, why, and what can be done. */
export class LabError extends Error {
  override readonly name = "LabError";
}

/** This user may have no lab on this machine; the message says why, and what allows it. */
export class LabForbiddenError extends Error {
  override readonly name = "LabForbiddenError";
}

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
