// Mutants: patches of test/mutants that break one rule each, and say which test must fail by it.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** A test that must fail. */
export interface Killer {
  /** From the root of the repository, as "test/core/sync.test.ts". */
  readonly file: string;
  readonly title: string;
}

/** One broken rule. */
export interface Mutant {
  /** Area and file, as "sync/lost-answer-is-not-repeated". */
  readonly name: string;
  /** In a few words. */
  readonly breaks: string;
  /** Where the rule stands: a section of docs/protocol.md, of an RFC. */
  readonly cites: string;
  /** At least one; each of them must fail. */
  readonly killers: readonly Killer[];
  /** The patched file, from the root of the repository. */
  readonly file: string;
  /** The whole file; git skips the lines before the patch. */
  readonly patch: string;
}

/** What the rules are about; each has a directory, of three mutants at least. */
export const AREAS = [
  "announce",
  "assert",
  "forget",
  "freshness",
  "igmp",
  "reliable",
  "settle",
  "sync",
] as const;

/** What follows a word at the beginning of a line, of each line that begins with it. */
const valuesOf = (text: string, beginning: string): readonly string[] =>
  text
    .split("\n")
    .flatMap((line) => (line.startsWith(beginning) ? [line.slice(beginning.length).trim()] : []));

function parseKiller(value: string): Killer | undefined {
  const [, file, title] = /^(test\/\S+\.test\.ts): (.+)$/.exec(value) ?? [];
  return file === undefined || title === undefined ? undefined : { file, title };
}

/** Reads a mutant. Throws an Error that says what its file lacks. */
export function parseMutant(name: string, patch: string): Mutant {
  const [breaks] = valuesOf(patch, "Breaks:");
  const [cites] = valuesOf(patch, "Cites:");
  const named = valuesOf(patch, "Fails:").map(parseKiller);
  const killers = named.filter((killer) => killer !== undefined);
  const isWhole = killers.length > 0 && killers.length === named.length;
  if (breaks === undefined || cites === undefined || !isWhole) {
    throw new Error(
      `${name}: its head needs "Breaks: WHAT", "Cites: SECTION", "Fails: test/ROOM/FILE.test.ts: TITLE"`,
    );
  }
  const [file, ...others] = valuesOf(patch, "+++ b/");
  if (file === undefined || others.length > 0) {
    throw new Error(`${name}: it must patch one file, "--- a/FILE", "+++ b/FILE"`);
  }
  return { name, breaks, cites, killers, file, patch };
}

/** The mutants below a directory of areas, in the order of their names. */
export function readMutants(directory: string): readonly Mutant[] {
  return AREAS.flatMap((area) =>
    readdirSync(join(directory, area))
      .sort()
      .map((file) =>
        parseMutant(
          `${area}/${basename(file, ".patch")}`,
          readFileSync(join(directory, area, file), "utf8"),
        ),
      ),
  );
}

/** Those that are named, by area or by name; all, if none is. Throws an Error if a name is nobody's. */
export function chooseMutants(all: readonly Mutant[], names: readonly string[]): readonly Mutant[] {
  const isNamed = (mutant: Mutant, name: string): boolean =>
    mutant.name === name || mutant.name.startsWith(`${name}/`) || mutant.name.endsWith(`/${name}`);
  const unknown = names.filter((name) => !all.some((mutant) => isNamed(mutant, name)));
  if (unknown.length > 0) {
    throw new Error(
      `no mutant ${unknown.join(", ")}. There are:\n${all.map((m) => m.name).join("\n")}`,
    );
  }
  return names.length === 0 ? all : all.filter((m) => names.some((name) => isNamed(m, name)));
}
