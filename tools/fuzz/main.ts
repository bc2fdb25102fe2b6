// make fuzz EXECUTIONS=N SEED=K: fuzzes all targets, or those that are named. Exits 0 only if nothing broke one.
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { keep } from "./keep.ts";
import { brokenText, HEAD, lineOf } from "./report.ts";
import { fuzz } from "./run.ts";

const TARGETS = new URL("../../test/fuzz/targets/", import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    executions: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
  },
});
const [executions, seed] = [Number(values.executions), Number(values.seed)];
const all = readdirSync(TARGETS)
  .filter((file) => file.endsWith(".js"))
  .map((file) => basename(file, ".js"))
  .sort();
const unknown = positionals.filter((name) => !all.includes(name));
if (!Number.isInteger(executions) || executions < 1 || !Number.isInteger(seed) || unknown.length) {
  process.stderr.write(`EXECUTIONS and SEED are whole numbers; targets: ${all.join(" ")}\n`);
  process.exit(2);
}
console.log(HEAD);
for (const name of positionals.length > 0 ? positionals : all) {
  const module = new URL(`${name}.js`, TARGETS).href;
  const outcome = await fuzz({ module, executions, seed, workers: availableParallelism() });
  console.log(lineOf(outcome));
  for (const broken of outcome.broken) {
    process.exitCode = 1;
    console.log(brokenText(outcome.target, broken, keep(outcome.target, broken.input)));
  }
}
