// Random networks on the simulator end as the oracle says (§17). `make campaign` runs more of them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { live } from "../../tools/campaign/live.ts";
import { reportOf } from "../../tools/campaign/report.ts";
import { formatStory, parseStory } from "../../tools/campaign/scenario-file.ts";
import { storyOf } from "../../tools/campaign/story.ts";

const SEEDS = 80;
const SEEDS_PER_TEST = 10;

for (let first = 1; first <= SEEDS; first += SEEDS_PER_TEST) {
  const last = first + SEEDS_PER_TEST - 1;
  test(`§17 P1-P5, P8, P9: random networks ${first} to ${last} end as the oracle says`, () => {
    for (let seed = first; seed <= last; seed++) {
      const { problems } = live(storyOf(seed));
      if (problems.length > 0) assert.fail(reportOf(storyOf(seed)));
    }
  });
}

test("a story is the same once it was a scenario file", () => {
  for (let seed = 1; seed <= SEEDS_PER_TEST; seed++) {
    const story = storyOf(seed);
    assert.deepEqual(parseStory(formatStory(story, "a story", [])), { kind: "story", story });
  }
});

/** Stories that once ended otherwise. */
const KEPT = join("test", "sim", "campaign");

for (const file of readdirSync(KEPT)) {
  const text = readFileSync(join(KEPT, file), "utf8");
  test(`§17 campaign ${file}`, () => {
    const parsed = parseStory(text);
    assert.ok(parsed.kind === "story", JSON.stringify(parsed));
    assert.deepEqual(live(parsed.story).problems, []);
  });
}
