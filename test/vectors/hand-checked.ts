// What some frames of the captures say, in the form of "hpim-dm decode --json" with the keys of INDEX.md; each was checked by
// eye, against its bytes and protocol.md §2. Which frames have to do with each other is left out.
import { readFileSync } from "node:fs";
import { VECTORS } from "../support/pcap.ts";

/** A line of "hpim-dm decode --json", as far as tests look at single fields. */
export interface Said {
  readonly frame: number;
  readonly malformed?: string;
  readonly securityIdentifier?: number;
  readonly securityLength?: number;
  readonly securityValid?: boolean | null;
  readonly repeats?: number;
  readonly acknowledges?: number | null;
}

/** A frame, and the capture that it is of. */
export interface HandChecked {
  readonly file: string;
  readonly said: Said;
}

/** The frames. */
export const HAND_CHECKED: readonly HandChecked[] = readFileSync(
  new URL("hand-checked.jsonl", VECTORS),
  "utf8",
)
  .trimEnd()
  .split("\n")
  .map((line) => {
    const { file, ...said } = JSON.parse(line);
    return { file, said };
  });

/** What is said of a frame, without what it has to do with others. */
export function withoutRelations({ repeats: _, acknowledges: __, ...said }: Said): Said {
  return said;
}
