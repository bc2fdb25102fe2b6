// Runs all tests and prints, last, one line that counts them: "N passed, N failed".
// Two files run at a time, three where tests wait for real time. The branches that tests of the pure rooms visit are measured, which models and fuzzing would
// take three times as long by, and processes know nothing of. What takes all that the machine has runs alone.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { coverageProblems } from "./coverage.ts";

const UNMEASURED_ROOMS = ["cli", "dissector", "fuzz", "lab", "linux", "main", "model", "mutants"];
const ALONE: readonly string[] = [join("lab", "bursts.test.js"), join("lab", "siege.test.js")];
const COVERED_ROOMS = ["capture", "core", "membership", "wire"];
const TEST_ROOT = "dist/test";
const COVERAGE = "coverage";

interface Count {
  readonly passed: number;
  readonly failed: number;
}

function testFiles(): readonly string[] {
  return readdirSync(TEST_ROOT, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.js"))
    .sort()
    .map((name) => join(TEST_ROOT, name));
}

/** Whether a file is one of these, or in one of these rooms. */
const isIn = (places: readonly string[], file: string): boolean =>
  places.some((place) => file.startsWith(join(TEST_ROOT, place)));

/** Runs `node --test`; its own report goes to the terminal, and is counted from a second one. */
async function runTests(
  files: readonly string[],
  options: { readonly concurrency: number; readonly isMeasured: boolean },
): Promise<Count> {
  const tap = "dist/test-results.tap";
  rmSync(tap, { force: true });
  const node = [
    "--test",
    `--test-concurrency=${options.concurrency}`,
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=tap",
    `--test-reporter-destination=${tap}`,
    ...files,
  ];
  const include = COVERED_ROOMS.flatMap((room) => ["--include", `dist/src/${room}/**`]);
  const measured = ["--reporter=json", "--reporter=text-summary", "--reports-dir", COVERAGE];
  const [command, args] = options.isMeasured
    ? [
        "node_modules/.bin/c8",
        ["--exclude-after-remap=false", ...measured, ...include, "node", ...node],
      ]
    : ["node", node];
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  const status = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  const report = readFileSync(tap, "utf8");
  const numberOf = (what: string): number =>
    Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(report)?.[1] ?? 0);
  const failed = numberOf("fail") + numberOf("cancelled") + numberOf("skipped") + numberOf("todo");
  return { passed: numberOf("pass"), failed: status === 0 ? failed : Math.max(1, failed) };
}

/** Branches that no test visits count as one failed test. */
function checkCoverage(): Count {
  const problems = coverageProblems(COVERAGE);
  for (const problem of problems) console.log(problem);
  return problems.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const all = testFiles();
const alone = all.filter((file) => isIn(ALONE, file));
const unmeasured = all.filter((file) => isIn(UNMEASURED_ROOMS, file) && !isIn(ALONE, file));
const measured = all.filter((file) => !isIn(UNMEASURED_ROOMS, file));
const counts = [
  await runTests(measured, { concurrency: 2, isMeasured: true }),
  await runTests(unmeasured, { concurrency: 3, isMeasured: false }),
  await runTests(alone, { concurrency: 1, isMeasured: false }),
  checkCoverage(),
];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
