// What is said of a failing story: it is made short first, by leaving out events in ever smaller pieces, then hosts and
// routers; then it is a scenario file.
import { live } from "./live.ts";
import { formatStory } from "./scenario-file.ts";
import type { StoryEvent, Wish } from "./scene.ts";
import type { Story } from "./story.ts";

const fails = (story: Story): boolean => live(story).problems.length > 0;

/** `story` without all those pieces of `size` events that it fails without. */
function withoutPieces(story: Story, size: number): Story {
  let shortest = story;
  for (let from = 0; from < shortest.events.length; ) {
    const candidate = { ...shortest, events: shortest.events.toSpliced(from, size) };
    if (fails(candidate)) shortest = candidate;
    else from += size;
  }
  return shortest;
}

/** A part of the failing `story` that fails, from which no single event can be left out. */
function shrink(story: Story): Story {
  let shortest = story;
  for (let size = Math.ceil(story.events.length / 2); size > 1; size = Math.ceil(size / 2)) {
    shortest = withoutPieces(shortest, size);
  }
  for (let before = -1; before !== shortest.events.length; ) {
    before = shortest.events.length;
    shortest = withoutPieces(shortest, 1);
  }
  return shortest;
}

/** `story` without a router, and all that happens to it. */
function withoutRouter(story: Story, name: string): Story {
  const { scene, events } = story;
  const isOf = (end: string): boolean => end.startsWith(`${name}.`);
  const { topology } = scene;
  const routers = new Map([...topology.routers].filter(([router]) => router !== name));
  const isKept = ({ what }: StoryEvent): boolean => {
    if ("router" in what) return what.router !== name;
    return what.kind !== "oneWay" || !(isOf(what.pair.from) || isOf(what.pair.to));
  };
  const keys = new Map([...scene.keys].filter(([end]) => !isOf(end)));
  const running = new Set(routers.keys());
  const next = { ...scene, topology: { ...topology, routers }, keys, running };
  return { ...story, scene: next, events: events.filter(isKept) };
}

/** `story` without a host, and all that it wants or sends. */
function withoutHost(story: Story, name: string): Story {
  const { scene, events } = story;
  const hosts = new Map([...scene.topology.hosts].filter(([host]) => host !== name));
  const ofOthers = (list: readonly Wish[]): readonly Wish[] =>
    list.filter(({ host }) => host !== name);
  const isKept = ({ what }: StoryEvent): boolean =>
    !("wish" in what && what.wish.host === name) && !("source" in what && what.source === name);
  const { members, flows } = scene;
  const wishes = { members: ofOthers(members), flows: ofOthers(flows) };
  const next = { ...scene, ...wishes, topology: { ...scene.topology, hosts } };
  return { ...story, scene: next, events: events.filter(isKept) };
}

/** `story` without links that nobody is on. */
function withoutBareLinks(story: Story): Story {
  const { topology } = story.scene;
  const { routers, hosts } = topology;
  const used = new Set([
    ...[...routers.values()].flatMap(({ interfaces }) => interfaces.map(({ link }) => link)),
    ...[...hosts.values()].map(({ link }) => link),
  ]);
  const links = new Map([...topology.links].filter(([name]) => used.has(name)));
  const isKept = ({ what }: StoryEvent): boolean =>
    what.kind !== "partition" || used.has(what.link);
  const scene = { ...story.scene, topology: { ...topology, links } };
  return { ...story, scene, events: story.events.filter(isKept) };
}

/** A part of the network of the failing `story` that fails, too. */
function shrinkNetwork(story: Story): Story {
  let smallest = story;
  const attempt = (candidate: Story): void => {
    const bare = withoutBareLinks(candidate);
    if (fails(bare)) smallest = bare;
  };
  for (const name of story.scene.topology.hosts.keys()) attempt(withoutHost(smallest, name));
  for (const name of story.scene.topology.routers.keys()) attempt(withoutRouter(smallest, name));
  return smallest;
}

/** The failing `story`, made short, as a scenario file, with its problems at the end. */
export function reportOf(story: Story): string {
  const short = shrink(shrinkNetwork(shrink(story)));
  const [first = "nothing, if told a second time"] = live(short).problems;
  return formatStory(
    short,
    `seed ${story.seed}: ${first}`.split("\n")[0] ?? "",
    live(short).problems,
  );
}
