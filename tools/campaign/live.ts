// Plays a story and judges its end: P1-P5, P8, P9 (§17), and that nothing is left when the sources are silent.
import { seconds } from "../../src/base/units.ts";
import { doAllHold } from "../../src/oracle/premises.ts";
import { brokenPromises } from "../../src/oracle/promises.ts";
import type { Rest } from "../../src/oracle/rest.ts";
import { restOf } from "../../src/oracle/rest.ts";
import { compareStates } from "./compare.ts";
import type { MostCopies } from "./deliveries.ts";
import { compareDeliveries, mostCopies, unaccounted } from "./deliveries.ts";
import { describe } from "./describe.ts";
import { GROUPS } from "./generate.ts";
import { look, portrait } from "./look.ts";
import { type Scene, sceneAfter } from "./scene.ts";
import type { Story } from "./story.ts";
import type { FrameKind, Said, Traffic } from "./traffic.ts";
import { World } from "./world.ts";

/** With what P2 is watched for, longer than a HoldTime: who would not be heard any more has failed by then. */
const QUIET = seconds(20);
/** A lost Leave has ended a membership by then. Where the oracle knows the trees it tells whether it has. */
const LONG_QUIET = seconds(50);
/** Unknown interest, which counts as interest at first, has ended by then (§7.1). */
const SHORT_REST = seconds(16);
/** A fresh network is at rest: unknown interest and flood entries have ended (§7.1, §13). */
const FRESH_QUIET = seconds(20);
const LOOK_PERIOD = seconds(10);
const DEADLINE = seconds(300);
/** P2 is watched for so long; then the last packets arrive. */
const WATCH = seconds(25);
const TRAVEL_TIME = seconds(1.9);
/**
 * P9, as long as no message is lost: a packet that meets an election may go round until its TTL ends, through two routers
 * at least, and enter the round on two links. Without the rules that cut loops there are hundreds of copies.
 */
const handful = ({ ttl }: Scene): number => 10 + ttl;

/** What a story came to. */
export interface Judgement {
  /** None: all is well. */
  readonly problems: readonly string[];
  /** P9: of all packets, and of those that were sent in fair weather. */
  readonly most: MostCopies;
  readonly mostFair: MostCopies;
  /** What became of data packets at routers. */
  readonly fates: Traffic["fates"];
  /** Trees that were sent to at the end, and those of them for which all premises held. */
  readonly trees: number;
  readonly orderlyTrees: number;
}

const expected = (world: World): Rest => restOf(describe(world.scene), GROUPS);

/** Who is on a source's subnet without being on its link takes what routers send there for the source's: no oracle tells. */
const isJudged = ({ scene }: World): boolean => scene.extra.size === 0;

function waitForRest(world: World): readonly string[] {
  const rest = expected(world);
  for (let waited = 0; ; waited += LOOK_PERIOD) {
    const differences = compareStates(look(world), rest);
    if (differences.length === 0 || waited >= DEADLINE) return differences;
    world.run(LOOK_PERIOD);
  }
}

const FLAPPING: readonly FrameKind[] = ["interest", "noInterest", "ack"];

/** Whether the rest allows this: routers that are not heard go on synchronising, UNSURE ones may flap. */
function mayBeSaid(rest: Rest, { kind, from, to }: Said): boolean {
  const isVain = rest.halfHeard.some(
    ({ router, interface: name, neighbor }) =>
      `${router}.${name}` === from && neighbor.address === to,
  );
  const isOpen = rest.trees.some(({ routers }) => routers.some((r) => r.interested === "open"));
  return (kind === "sync" && isVain) || (FLAPPING.includes(kind) && isOpen);
}

/** P2, and P5 of every packet that is sent meanwhile. */
function watchRest(world: World): readonly string[] {
  const rest = expected(world);
  const begin = world.network.now;
  world.traffic.said.length = 0;
  world.run(WATCH);
  const sent = world.sent.filter(({ at }) => at >= begin);
  world.run(TRAVEL_TIME);
  const spoken = world.traffic.said
    .filter((said) => !mayBeSaid(rest, said))
    .map(({ from, kind, link }) => `P2: ${from} says ${kind} on ${link}`);
  const differences = compareStates(look(world), rest);
  if (rest.halfHeard.length > 0) return [...spoken, ...differences];
  return [...spoken, ...differences, ...compareDeliveries(world, rest, sent)];
}

/** P8. */
function compareWithFresh(world: World, { configuration, seed }: Story): readonly string[] {
  const rest = expected(world);
  const orderly = rest.trees.filter(({ premises }) => doAllHold(premises));
  if (orderly.length === 0) return [];
  const fresh = new World(world.scene, { configuration, seed: seed + 1 });
  fresh.run(FRESH_QUIET);
  const differences = waitForRest(fresh);
  if (differences.length > 0) return differences.map((line) => `fresh: ${line}`);
  const [old, young] = [portrait(world, orderly), portrait(fresh, orderly)];
  return old === young ? [] : [`P8: was\n${old}\nfresh\n${young}`];
}

function silence(world: World): readonly string[] {
  for (const wish of world.scene.flows) {
    world.play({ pause: seconds(0), lag: seconds(0), what: { kind: "flow", wish, on: false } });
  }
  world.run(seconds(35));
  const differences = waitForRest(world);
  const left = [...world.scene.running].flatMap((name) => {
    const trees = world.view(name)?.router.trees.length ?? 0;
    const entries = world.entries(name).length;
    return trees + entries === 0 ? [] : [`left at ${name}: ${trees} trees, ${entries} entries`];
  });
  return [...differences, ...left];
}

/** Plays the events, up to a rest that is not as the oracle says. */
function playAll(world: World, { events }: Story): readonly string[] {
  for (const event of events) {
    world.play(event);
    if (event.what.kind !== "rest" || !isJudged(world)) continue;
    world.run(SHORT_REST);
    const differences = waitForRest(world);
    if (differences.length > 0) return differences;
  }
  return [];
}

function judge(world: World, story: Story): readonly string[] {
  const differing = playAll(world, story);
  if (differing.length > 0) return differing;
  world.play({ pause: seconds(0), lag: seconds(0), what: { kind: "rest" } });
  if (!isJudged(world)) return unaccounted(world, story);
  const network = describe(world.scene);
  const rest = expected(world);
  const areTreesKnown = rest.halfHeard.length === 0;
  world.run(areTreesKnown ? QUIET : LONG_QUIET);
  const always = [() => waitForRest(world), () => watchRest(world)];
  const whereTreesAreKnown = [
    () => rest.trees.flatMap((tree) => brokenPromises(network, tree)),
    () => compareWithFresh(world, story),
    () => silence(world),
  ];
  const stages = [
    ...always,
    ...(areTreesKnown ? whereTreesAreKnown : []),
    () => unaccounted(world, story),
  ];
  for (const stage of stages) {
    const problems = stage();
    if (problems.length > 0) return problems;
  }
  const { count, where } = mostCopies(world, true);
  return count <= handful(world.scene) ? [] : [`P9: ${count} copies of ${where}`];
}

/** Plays a story to its end. A bug that throws is a problem like others. `rows`: where rows of §10 are counted, if they are. */
export function live(story: Story, rows: Map<string, number> | null = null): Judgement {
  const end = story.events.reduce((scene, { what }) => sceneAfter(scene, what), story.scene);
  const { trees } = restOf(describe(end), GROUPS);
  const sent = trees.filter(({ links }) => links.size > 0);
  const world = new World(story.scene, story, rows);
  let problems: readonly string[];
  try {
    problems = judge(world, story);
  } catch (error) {
    problems = [`threw: ${error instanceof Error ? error.stack : String(error)}`];
  }
  const orderlyTrees = sent.filter(({ premises }) => doAllHold(premises)).length;
  const copies = { most: mostCopies(world, false), mostFair: mostCopies(world, true) };
  const { fates } = world.traffic;
  return { problems, ...copies, fates, trees: sent.length, orderlyTrees };
}
