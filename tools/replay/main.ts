// make replay FILE=...: replays a recording of a daemon. Exits 0 only if the engine does all that is recorded.
import { parseArgs } from "node:util";
import { LISTS } from "../../src/api/lists/lists.ts";
import { RecordingError } from "../../src/sim/replay/script.ts";
import type { ShownList } from "./replay-file.ts";
import { replayFile } from "./replay-file.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const isShown = (name: string): name is ShownList => name in LISTS && name !== "mroute";

function fail(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { show: { type: "string", multiple: true, default: [] } },
});
const [file] = positionals;
if (file === undefined || file === "" || positionals.length > 1) {
  fail("Name one recording: make replay FILE=/tmp/r1.recording ARGS='--show neighbors'");
}
const lists = values.show.map((name) => {
  if (isShown(name)) return name;
  const names = Object.keys(LISTS).filter(isShown).join(", ");
  return fail(`A recording does not tell a list "${name}". It tells: ${names}.`);
});
try {
  process.exitCode = replayFile(file, lists, say) === "same" ? 0 : 1;
} catch (error) {
  if (error instanceof RecordingError) fail(`${file} cannot be replayed. ${error.message}`);
  if (error instanceof Error && "syscall" in error) fail(error.message);
  throw error;
}
