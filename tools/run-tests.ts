// Runs all tests and prints, last, one line that counts them: "N passed, N failed".
// Tests of the pure rooms run together, with the branches that they visit measured. Models run without, which would take
// them three times as long; tests of the real kernel run one file after the other, since they measure time.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { coverageProblems } from "./coverage.ts";

const KERNEL_ROOMS = ["linux", "lab", "cli", "main"];
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

const isOfKernel = (file: string): boolean =>
  KERNEL_ROOMS.some((room) => file.startsWith(join(TEST_ROOT, room)));

const isOfModel = (file: string): boolean => file.startsWith(join(TEST_ROOT, "model"));

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
const pure = await runTests(
  all.filter((file) => !isOfKernel(file) && !isOfModel(file)),
  { concurrency: 2, isMeasured: true },
);
const models = await runTests(all.filter(isOfModel), { concurrency: 2, isMeasured: false });
const kernel = await runTests(all.filter(isOfKernel), { concurrency: 1, isMeasured: false });
const coverage = checkCoverage();
const passed = pure.passed + models.passed + kernel.passed + coverage.passed;
const failed = pure.failed + models.failed + kernel.failed + coverage.failed;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
