// The lines of a log that a query wants: by the tree of what happened, or of a message.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { EventQuery } from "../../src/cli/events.ts";
import { lastLines } from "../../src/cli/log-file.ts";

const directory = mkdtempSync(join(tmpdir(), "hpt-log-"));
after(() => rmSync(directory, { recursive: true }));

const LINES = [
  { msg: "a tree", source: "10.1.1.9", group: "239.1.1.1" },
  { msg: "a message", treeSource: "10.1.1.9", treeGroup: "239.1.1.1" },
  { msg: "a report", groups: ["239.9.9.9", "239.1.1.1"] },
  { msg: "another message", treeSource: "10.1.2.9", treeGroup: "239.1.2.1" },
  { msg: "a Hello" },
].map((fields) => JSON.stringify(fields));

async function wanted(query: EventQuery, count = LINES.length): Promise<readonly string[]> {
  const file = join(directory, "hpim-dm.log");
  writeFileSync(file, `${LINES.join("\n")}\n`);
  const found: string[] = [];
  for await (const line of lastLines(file, count, query)) found.push(JSON.parse(line).msg);
  return found;
}

test("by group: trees, messages about them, and reports", async () => {
  const query = { group: "239.1.1.0/24" };
  assert.deepEqual(await wanted(query), ["a tree", "a message", "a report"]);
  assert.deepEqual(await wanted(query, 1), ["a report"]);
});

test("by source: trees, and messages about them", async () => {
  assert.deepEqual(await wanted({ source: "10.1.1.9" }), ["a tree", "a message"]);
  assert.deepEqual(await wanted({ source: "10.1.0.0/16", group: "239.1.2.1" }), [
    "another message",
  ]);
});
