// make mutants ARGS="[AREA | NAME]...": breaks one rule of the protocol at a time, and has the tests notice.
// Two copies of the repository, so that two are tried at a time. Exits 0 only if every mutant is killed.
import { healthProblems, judge, killersByFile } from "./judge.ts";
import { chooseMutants, type Mutant, readMutants } from "./mutant.ts";
import { Workshop } from "./workshop.ts";

const WORKSHOPS = 2;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Has each workshop take one thing after the other. */
async function share<T>(
  things: Iterable<T>,
  workshops: readonly Workshop[],
  work: (workshop: Workshop, thing: T) => Promise<void>,
): Promise<void> {
  const queue = [...things];
  const serve = async (workshop: Workshop): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await work(workshop, next);
    }
  };
  await Promise.all(workshops.map(serve));
}

function line({ name, cites, killers }: Mutant, verdict: string, seconds: number): string {
  const columns = [
    verdict.padEnd(8),
    name.padEnd(42),
    cites.padEnd(18),
    seconds.toFixed(1).padStart(5),
  ];
  const by = killers.map(({ file, title }) => `${file}: ${title}`);
  return [columns.join("  "), ...by].join(`\n${" ".repeat(10)}`);
}

/** Tells what is wrong with the tests that mutants name, as long as nothing is broken. */
async function checkHealth(
  mutants: readonly Mutant[],
  workshops: readonly Workshop[],
): Promise<boolean> {
  const problems: string[] = [];
  await share(killersByFile(mutants), workshops, async (workshop, [file, killers]) => {
    problems.push(...(await healthProblems(workshop, file, killers)));
  });
  for (const problem of problems.sort()) say(problem);
  return problems.length === 0;
}

async function run(mutants: readonly Mutant[], workshops: readonly Workshop[]): Promise<boolean> {
  const began = performance.now();
  if (!(await checkHealth(mutants, workshops))) return false;
  const left: string[] = [];
  await share(mutants, workshops, async (workshop, mutant) => {
    const at = performance.now();
    const problem = await judge(workshop, mutant);
    const seconds = (performance.now() - at) / 1000;
    say(line(mutant, problem === null ? "killed" : "NOT", seconds));
    if (problem === null) return;
    left.push(`${mutant.name} (${mutant.breaks}): ${problem}`);
    say(`          ${problem}`);
  });
  const seconds = (performance.now() - began) / 1000;
  say(`${mutants.length} mutants, ${left.length} not killed, ${seconds.toFixed(0)} s`);
  for (const problem of left.sort()) say(problem);
  return left.length === 0;
}

function chosen(): readonly Mutant[] {
  try {
    return chooseMutants(readMutants("test/mutants"), process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(2);
  }
}

const named = chosen();
const opened = Array.from({ length: WORKSHOPS }, () => new Workshop("."));
process.on("exit", () => {
  for (const workshop of opened) workshop.close();
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
process.exitCode = (await run(named, opened)) ? 0 : 1;
