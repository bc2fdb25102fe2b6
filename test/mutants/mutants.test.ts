// The mutants themselves, and the tool that has tests notice them. `make mutants` tries all of them; here are some quick ones.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { healthProblems, judge } from "../../tools/mutants/judge.ts";
import {
  AREAS,
  chooseMutants,
  type Mutant,
  parseMutant,
  readMutants,
} from "../../tools/mutants/mutant.ts";
import { type Outcome, outcomesOf } from "../../tools/mutants/outcomes.ts";
import { Workshop } from "../../tools/mutants/workshop.ts";
import { fromRoot } from "../support/root.ts";

const QUICK = ["igmp/highest-address-queries", "sync/lost-answer-is-not-repeated"];
/** Mistakes of the router that came before ours, made in ours. */
const MISTAKES = ["B3", "B4", "B5", "B7", "B10", "B12", "B14", "B15", "B16", "B20"];

const mutants = readMutants(fromRoot("test/mutants"));
const workshop = new Workshop(fromRoot());
after(() => workshop.close());

test("there are mutants of each area, and one for each known mistake", () => {
  for (const area of AREAS) {
    assert.ok(mutants.filter(({ name }) => name.startsWith(`${area}/`)).length >= 3, area);
  }
  const cited = mutants.flatMap(({ cites }) => cites.split(", "));
  for (const mistake of MISTAKES) assert.ok(cited.includes(mistake), mistake);
});

test("every mutant patches what is there, and names tests that are there", async () => {
  for (const mutant of mutants) {
    assert.equal(await workshop.patch(mutant, "check"), null, mutant.name);
    for (const { file } of mutant.killers) readFileSync(fromRoot(file));
  }
});

for (const mutant of chooseMutants(mutants, QUICK)) {
  test(`${mutant.cites}: killed when ${mutant.breaks}`, async () => {
    assert.equal(await judge(workshop, mutant), null);
  });
}

const failed = (byAssertion: boolean, words: string): Outcome => ({
  kind: "failed",
  byAssertion,
  words,
});
const CAPACITY = "test/core/sync-capacity.test.ts";
const UNMOVED = "§6.3: at least one tree, however small the MTU";

/** A mutant that replaces one line of a file by another. */
const replacing = (line: string, by: string): Mutant =>
  parseMutant(
    "sync/made-for-this-test",
    `Breaks: something
Cites: §6.3
Fails: ${CAPACITY}: ${UNMOVED}

--- a/src/core/sync-capacity.ts
+++ b/src/core/sync-capacity.ts
@@ -7,3 +7,3 @@
 const LONGEST_DATAGRAM_BYTES = 0xffff;
-${line}
+${by}
 const FIXED_BYTES = 16;
`,
  );

for (const [what, line, by, words] of [
  ["survives", "const HEADER_BYTES = 8;", "const HEADER_BYTES = 9;", /^SURVIVED .*write the test/],
  ["no longer applies", "const HEADER_BYTES = 7;", "const HEADER_BYTES = 9;", /^does not apply/],
  ["does not compile", "const HEADER_BYTES = 8;", "const HEADER_BYTES = '8';", /^does not compile/],
  [
    "is badly written",
    "const HEADER_BYTES = 8;",
    "const HEADER_BYTES  = 9;",
    /^does not pass the linter/,
  ],
] as const) {
  test(`a mutant that ${what} is told, with what is to be done`, async () => {
    assert.match((await judge(workshop, replacing(line, by))) ?? "killed", words);
  });
}

test("a test that is not there, or fails without any mutant, is told", async () => {
  const gone = { file: CAPACITY, title: "§6.3: at least two trees" };
  const [problem, ...others] = await healthProblems(workshop, CAPACITY, [
    gone,
    { file: CAPACITY, title: UNMOVED },
  ]);
  assert.match(problem ?? "", /no test is called "§6.3: at least two trees"/);
  assert.deepEqual(others, []);
});

test("a report of tests tells assertions and invariants from what else a test may fall over", () => {
  const report = [
    "ok 1 - one \\# of two",
    "ok 2 - another # SKIP test name does not match pattern",
    "not ok 3 - an assertion",
    "  error: |-",
    "    Expected values to be strictly equal:",
    "  code: 'ERR_ASSERTION'",
    "not ok 4 - an invariant",
    "  error: 'bug: a timer outlived its interface'",
    "  code: 'ERR_TEST_FAILURE'",
    "not ok 5 - a crash",
    "  error: 'x is not a function'",
    "  code: 'ERR_TEST_FAILURE'",
  ].join("\n");
  assert.deepEqual(
    [...outcomesOf(report)],
    [
      ["one # of two", { kind: "passed" }],
      ["an assertion", failed(true, "Expected values to be strictly equal:")],
      ["an invariant", failed(true, "bug: a timer outlived its interface")],
      ["a crash", failed(false, "x is not a function")],
    ],
  );
});

test("a patch without a head is told what it lacks, and a name that is nobody's what there is", () => {
  assert.throws(() => parseMutant("sync/x", "+++ b/src/core/sync.ts\n"), /sync\/x: its head needs/);
  assert.throws(
    () => chooseMutants(mutants, ["nobody"]),
    /no mutant nobody. There are:\nannounce\//,
  );
});
