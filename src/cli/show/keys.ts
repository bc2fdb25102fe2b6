// hpim-dm show keys, as a table.
import type { KeysAnswer } from "../../api/lists/keys.ts";
import type { Render } from "./render.ts";
import { listTable } from "./render.ts";

const HEAD = ["Interface", "Identifier", "Algorithm", "Use"];

/** The keys, and which of them sign. */
export const renderKeys: Render<KeysAnswer> = ({ keys }, look) => {
  const rows = keys.map(({ interface: name, identifier, algorithm, signs, weak }) => [
    name,
    String(identifier),
    `${algorithm}${weak ? " (weak)" : ""}`,
    signs ? "signs, accepted" : "accepted",
  ]);
  return listTable(look, HEAD, rows, "There are no keys: nothing is signed.");
};
