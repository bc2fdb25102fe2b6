// hpim-dm show metrics: as the daemon gives them, for programs such as node_exporter's textfile collector, and for people.
import { askForStream } from "../client.ts";
import { writeOut } from "../output.ts";

/** `show metrics`. Throws CommandError if the daemon does not answer. */
export const showMetrics = async ({ runtimeDir }: { readonly runtimeDir: string }): Promise<void> =>
  writeOut(await askForStream(runtimeDir, "/metrics"));
