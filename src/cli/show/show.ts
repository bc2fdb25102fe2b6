// hpim-dm show LIST: a list of the daemon, as a table for people or, as the daemon writes it, as JSON.
import type { FilterName, ListName } from "../../api/lists/lists.ts";
import { LISTS } from "../../api/lists/lists.ts";
import type { Answer } from "../../api/lists/schemas.ts";
import type { VersionAnswer } from "../../api/responses.ts";
import { ask, askForStream } from "../client.ts";
import { writeLines, writeOut } from "../output.ts";
import { duration, tableLines } from "../table.ts";
import type { Render } from "./render.ts";
import { RENDERERS } from "./renderers.ts";

/** Options of the command, as commander names them. */
export interface ShowOptions extends Readonly<Partial<Record<FilterName, string>>> {
  readonly runtimeDir: string;
  readonly json?: boolean;
  /** So many rows of each table at most. */
  readonly limit?: number;
}

function queryOf(name: ListName, options: ShowOptions): string {
  const query = new URLSearchParams();
  for (const filter of LISTS[name].filters) {
    const value = options[filter];
    if (value !== undefined) query.set(filter, value);
  }
  if (options.limit !== undefined) query.set("limit", `${options.limit}`);
  return query.toString();
}

/** Shows a list. Throws CommandError if the daemon does not answer, or refuses. */
export async function showList<Name extends ListName>(
  name: Name,
  options: ShowOptions,
): Promise<void> {
  const { runtimeDir, json } = options;
  const query = queryOf(name, options);
  const path = `/v1/${name}${query === "" ? "" : `?${query}`}`;
  if (json) return writeOut(await askForStream(runtimeDir, path));
  const answer = await ask<Answer<Name>>(runtimeDir, ["GET", path]);
  const look = { width: process.stdout.columns, isNarrowed: query !== "" };
  const render: Render<Answer<Name>> = RENDERERS[name];
  return writeLines(render(answer, look));
}

/** Shows which daemon runs. Throws CommandError if it does not answer. */
export async function showVersion({ runtimeDir, json }: ShowOptions): Promise<void> {
  if (json) return writeOut(await askForStream(runtimeDir, "/v1/version"));
  const what = ["GET", "/v1/version"] as const;
  const { version, program, pid, uptimeSeconds } = await ask<VersionAnswer>(runtimeDir, what);
  const row = [program, String(version), String(pid), duration(uptimeSeconds)];
  return writeLines(tableLines(["Program", "API version", "Process", "Up"], [row], { empty: "" }));
}
