// Random networks on the simulator end as the oracle says (§17). `make campaign` runs more of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { live } from "../../tools/campaign/live.ts";
import { reportOf } from "../../tools/campaign/report.ts";
import { storyOf } from "../../tools/campaign/story.ts";

const SEEDS = 80;
const SEEDS_PER_TEST = 10;

for (let first = 1; first <= SEEDS; first += SEEDS_PER_TEST) {
  const last = first + SEEDS_PER_TEST - 1;
  test(`§17 P1-P5, P8, P9: random networks ${first} to ${last} end as the oracle says`, () => {
    for (let seed = first; seed <= last; seed++) {
      const { problems } = live(storyOf(seed));
      if (problems.length > 0) assert.fail(reportOf(storyOf(seed)).join("\n"));
    }
  });
}
