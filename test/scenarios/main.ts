// Plays scenarios on the simulator; with --rewrite it writes into their files what follows from their commands.
// `make scenarios REWRITE=1 ARGS="hpim-04 igmp"`: those whose names begin so, or all.
import { parseArgs } from "node:util";
import { loadScenario, scenarioNames } from "./files.ts";
import { playOnSimulator } from "./on-simulator.ts";
import { rewriteFile } from "./rewrite.ts";

const { values, positionals } = parseArgs({
  options: { rewrite: { type: "boolean", default: false } },
  allowPositionals: true,
});

const isAsked = (name: string): boolean =>
  positionals.length === 0 || positionals.some((beginning) => name.startsWith(beginning));

async function play(name: string): Promise<string> {
  if (!values.rewrite) {
    await playOnSimulator(loadScenario(name));
    return "as expected";
  }
  const file = `test/scenarios/${name}.scenario`;
  return (await rewriteFile({ name, file })) ? "rewritten" : "unchanged";
}

let failed = 0;
for (const name of scenarioNames.filter(isAsked)) {
  try {
    console.log(`${name}: ${await play(name)}`);
  } catch (error) {
    failed += 1;
    console.log(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
