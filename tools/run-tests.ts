// Runs all tests and prints, last, one line that counts them: "N passed, N failed".
// Most run two files at a time, with the branches of the pure rooms that they visit measured. Models run without, which
// would take them three times as long, and so do processes; what measures time on the real kernel runs alone.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { coverageProblems } from "./coverage.ts";

const UNMEASURED_ROOMS = ["cli", "main", "model"];
const TIMED_ROOMS = ["lab", "linux"];
const COVERED_ROOMS = ["core", "membership", "wire"];
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

const isIn = (rooms: readonly string[], file: string): boolean =>
  rooms.some((room) => file.startsWith(join(TEST_ROOT, room)));

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
const timed = all.filter((file) => isIn(TIMED_ROOMS, file));
const unmeasured = all.filter((file) => isIn(UNMEASURED_ROOMS, file));
const measured = all.filter((file) => !timed.includes(file) && !unmeasured.includes(file));
const counts = [
  await runTests(measured, { concurrency: 2, isMeasured: true }),
  await runTests(unmeasured, { concurrency: 2, isMeasured: false }),
  await runTests(timed, { concurrency: 1, isMeasured: false }),
  checkCoverage(),
];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
