// Scenario files of models: ways through them that were worth keeping.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { differences } from "../../tools/model/replay-file.ts";

const DIRECTORY = new URL("../../../test/model/scenarios/", import.meta.url);
const FILES = readdirSync(DIRECTORY).filter((name) => name.endsWith(".scenario"));

const read = (name: string): string => readFileSync(new URL(name, DIRECTORY), "utf8");

for (const name of FILES) {
  test(`${name} goes as it says`, () => {
    assert.deepEqual(differences(read(name)), []);
  });
}

test("what goes otherwise is told, by its line", () => {
  const text = `---
title: a Hello
model: S1-00-0
---
> trigger: Hello of R0
> R1 if1 <- Hello(BT 125, CheckpointSN 0) from R0
  R1: 10.0.0.1 UNKNOWN -> SYNCED
`;
  assert.deepEqual(differences(text), [
    "line 6: other things follow",
    "- R1: 10.0.0.1 UNKNOWN -> SYNCED",
    "+ R1: 10.0.0.1 UNKNOWN -> SLAVE",
  ]);
  assert.deepEqual(differences(text.replace("if1", "if2")), [
    "line 6: this cannot happen now; what can:",
    "  > R1 if1 <- Hello(BT 125, CheckpointSN 0) from R0",
  ]);
  assert.deepEqual(differences(text.replace("S1-00-0", "S1")), [
    "the head names no model that there is (model: NAME)",
  ]);
  assert.deepEqual(differences("a Hello\n"), [
    'line 1: the first line is "---", then comes the head',
  ]);
});
