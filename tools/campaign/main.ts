// make campaign SEEDS=N FIRST=K: random networks on the simulator, against the oracle. Exits 0 only if all are right.
import { parseArgs } from "node:util";
import type { MostCopies } from "./deliveries.ts";
import { live } from "./live.ts";
import { reportOf } from "./report.ts";
import { storyOf } from "./story.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
  },
});
const [first, count] = [Number(values.first), Number(values.seeds)];
if (!Number.isInteger(first) || first < 0 || !Number.isInteger(count) || count < 1) {
  process.stderr.write("SEEDS is a whole number from 1, FIRST one from 0.\n");
  process.exit(2);
}
const begin = performance.now();
const failed: number[] = [];
const nothing: MostCopies = { count: 0, where: "nowhere" };
const most = { ever: nothing, fair: nothing };
const trees = { all: 0, orderly: 0 };
for (let seed = first; seed < first + count; seed++) {
  const judgement = live(storyOf(seed));
  trees.all += judgement.trees;
  trees.orderly += judgement.orderlyTrees;
  const withSeed = ({ count: copies, where }: MostCopies): MostCopies => ({
    count: copies,
    where: `${where}, seed ${seed}`,
  });
  if (judgement.most.count > most.ever.count) most.ever = withSeed(judgement.most);
  if (judgement.mostFair.count > most.fair.count) most.fair = withSeed(judgement.mostFair);
  if (judgement.problems.length === 0) continue;
  failed.push(seed);
  say(`\n${reportOf(storyOf(seed)).join("\n")}\n`);
}
const names = failed.length > 0 ? `: ${failed.join(" ")}` : "";
say(`${count} networks, ${failed.length} failed${names}`);
say(
  `${trees.all} trees were sent to at rest; all premises of §17 held for ${trees.orderly} of them`,
);
say(`most copies of a packet on a link: ${most.ever.count} (${most.ever.where})`);
say(`in fair weather: ${most.fair.count} (${most.fair.where})`);
say(`${((performance.now() - begin) / 1000 / count).toFixed(2)} s a network`);
process.exitCode = failed.length === 0 ? 0 : 1;
