// Findings of a diagnosis, for people: what was found, and what mends it.
import type { Finding } from "../api/diagnosis.ts";

/** A finding in lines; what mends it stands behind an arrow. */
export function* findingLines({ sentence, mend }: Finding): Generator<string> {
  yield `- ${sentence}`;
  if (mend !== null) yield `  -> ${mend}`;
}
