// Whether tests notice a mutant: it must apply, compile, pass the linter, and fail the tests that it names.
import type { Killer, Mutant } from "./mutant.ts";
import type { Outcome } from "./outcomes.ts";
import type { Workshop } from "./workshop.ts";

/** What is wrong with a mutant or its tests, and what to do; null: it was killed. */
export type Problem = string | null;

/** The killers of some mutants, each once, by file. */
export function killersByFile(mutants: readonly Mutant[]): ReadonlyMap<string, readonly Killer[]> {
  const files = new Map<string, Map<string, Killer>>();
  for (const killer of mutants.flatMap(({ killers }) => killers)) {
    const ofFile = files.get(killer.file) ?? new Map<string, Killer>();
    files.set(killer.file, ofFile.set(killer.title, killer));
  }
  return new Map([...files].map(([file, killers]) => [file, [...killers.values()]]));
}

function healthProblem({ title }: Killer, outcome: Outcome | undefined): Problem {
  if (outcome === undefined)
    return `no test is called "${title}": name the one that took its place`;
  if (outcome.kind === "passed") return null;
  return `"${title}" fails without any mutant: ${outcome.words}`;
}

/** What is wrong with the killers in one file while nothing is broken. */
export async function healthProblems(
  workshop: Workshop,
  file: string,
  killers: readonly Killer[],
): Promise<readonly string[]> {
  const outcomes = await workshop.test(file, killers);
  return killers
    .map((killer) => healthProblem(killer, outcomes.get(killer.title)))
    .filter((problem) => problem !== null)
    .map((problem) => `${file}: ${problem}`);
}

function survivalProblem({ file, title }: Killer, outcome: Outcome | undefined): Problem {
  if (outcome === undefined) return `"${title}" of ${file} does not end`;
  if (outcome.kind === "passed") {
    return `SURVIVED "${title}" of ${file}: write the test that sees the rule broken, and name it in the patch`;
  }
  if (outcome.byAssertion) return null;
  return `"${title}" of ${file} fails by no assertion: ${outcome.words}`;
}

async function problemOf(workshop: Workshop, mutant: Mutant): Promise<Problem> {
  const compiler = await workshop.compile();
  if (compiler !== null)
    return `does not compile: it would be no mistake that tests have to find\n${compiler}`;
  const linter = await workshop.lint(mutant.file);
  if (linter !== null)
    return `does not pass the linter: write it as code that would be let in\n${linter}`;
  for (const [file, killers] of killersByFile([mutant])) {
    const outcomes = await workshop.test(file, killers);
    for (const killer of killers) {
      const problem = survivalProblem(killer, outcomes.get(killer.title));
      if (problem !== null) return problem;
    }
  }
  return null;
}

/** Tries a mutant in a workshop, which is afterwards as it was, but for what is compiled. */
export async function judge(workshop: Workshop, mutant: Mutant): Promise<Problem> {
  const refusal = await workshop.patch(mutant, "apply");
  if (refusal !== null) {
    return `does not apply: ${mutant.file} has changed. Break the same rule in what it is now, or, if the rule has gone, delete the patch\n${refusal}`;
  }
  const problem = await problemOf(workshop, mutant);
  await workshop.patch(mutant, "take away");
  return problem;
}
