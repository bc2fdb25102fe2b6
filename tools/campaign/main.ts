// make campaign SEEDS=N FIRST=K: random networks on the simulator, against the oracle. Exits 0 only if all are right.
import { parseArgs } from "node:util";
import { live } from "./live.ts";
import { shrink } from "./shrink.ts";
import { storyLines, storyOf } from "./story.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
  },
});
const first = Number(values.first);
const count = Number(values.seeds);
const begin = performance.now();
const failed: number[] = [];
let most = { mostCopies: 0, text: "" };
let trees = 0;
let orderly = 0;
for (let seed = first; seed < first + count; seed++) {
  const story = storyOf(seed);
  const { problems, mostCopies, mostCopied, ...sent } = live(story);
  trees += sent.trees;
  orderly += sent.orderlyTrees;
  if (mostCopies > most.mostCopies) most = { mostCopies, text: `seed ${seed}: ${mostCopied}` };
  if (problems.length === 0) continue;
  failed.push(seed);
  const short = shrink(story);
  say(
    `\nFAILED seed ${seed}, shrunk from ${story.events.length} to ${short.events.length} events:`,
  );
  for (const line of storyLines(short)) say(`  ${line}`);
  for (const problem of live(short).problems) say(`  ${problem}`);
}
say(
  `${count} networks, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(" ")}` : ""}`,
);
say(`${trees} trees were sent to at rest; all premises of §17 held for ${orderly} of them`);
say(`most copies of a packet on a link: ${most.mostCopies} (${most.text})`);
say(`${((performance.now() - begin) / 1000 / count).toFixed(2)} s a network`);
process.exitCode = failed.length === 0 ? 0 : 1;
