// Stories as scenario files (docs/scenarios.md), and back: the scene is the head and what comes before "start".
import { millis } from "../../src/base/units.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { formatCommand } from "../../src/scenario/commands.ts";
import { formatHead, parseHead } from "../../src/scenario/head.ts";
import type { Step } from "../../src/scenario/transcript.ts";
import { formatTranscript, parseTranscript } from "../../src/scenario/transcript.ts";
import type { Router, Topology } from "../../src/topology/topology.ts";
import { linesOf, parseLine } from "./lines.ts";
import type { Happening, Scene, StoryEvent } from "./scene.ts";
import { sceneAfter } from "./scene.ts";
import type { Story } from "./story.ts";
import { configurationWith, MANY_NUMBERS, WIDE_WINDOW } from "./story.ts";

/** What a file turned out to be. */
export type ParsedStory =
  | { readonly kind: "story"; readonly story: Story }
  | { readonly kind: "problem"; readonly line: number; readonly message: string };

const step = (command: string, above: readonly string[] = []): Step => ({
  above,
  line: 0,
  command,
  expected: [],
});

function settingsOf({ router, defaults }: Configuration, ttl: number): Record<string, unknown> {
  const { floodInitialData, sequenceNumberLimit, windowLimit } = router;
  const { treesPerSync, holdForwarding } = defaults.hpim;
  return {
    ...{ floodInitialData, sequenceNumberLimit, windowLimit },
    ...{ treesPerSync, holdForwarding, ttl },
  };
}

/** Topology files have no costs of 0, the commands have. */
function freeInterfaces({ routers }: Topology): readonly Happening[] {
  return [...routers.values()].flatMap(({ name: router, interfaces }) =>
    interfaces
      .filter(({ cost }) => cost === 0)
      .map(({ name }) => ({ kind: "interface", router, name, change: { cost: 0 } }) as const),
  );
}

function withCosts(topology: Topology): Topology {
  const routers = new Map<string, Router>();
  for (const [name, router] of topology.routers) {
    const interfaces = router.interfaces.map((at) => ({ ...at, cost: Math.max(1, at.cost) }));
    routers.set(name, { ...router, interfaces });
  }
  return { ...topology, routers };
}

/** What makes the scene of one where nobody sends or wants anything, and no link has keys. */
function beginnings(scene: Scene): readonly Happening[] {
  const { members, flows, keys, parts, extra, deaf } = scene;
  const portOf = (end: string): { router: string; name: string } => {
    const [router = "", name = ""] = end.split(".");
    return { router, name };
  };
  return [
    ...freeInterfaces(scene.topology),
    ...[...keys].map(([end, own]): Happening => ({ kind: "keys", ...portOf(end), keys: own })),
    ...[...extra].map(([end, source]): Happening => ({ kind: "subnet", ...portOf(end), source })),
    ...[...parts].map(([link, away]): Happening => ({ kind: "partition", link, away: [...away] })),
    ...deaf.map((pair): Happening => ({ kind: "oneWay", pair, on: true })),
    ...members.map((wish): Happening => ({ kind: "member", wish, on: true })),
    ...flows.map((wish): Happening => ({ kind: "flow", wish, on: true })),
  ];
}

function eventSteps(events: readonly StoryEvent[]): readonly Step[] {
  let last = millis(0);
  return events.flatMap(({ pause, lag, what }) => {
    const lines = [...linesOf(what)];
    if (lag !== last) lines.unshift(formatCommand({ kind: "lag", span: lag }));
    if (pause > 0) lines.unshift(formatCommand({ kind: "wait", span: pause }));
    last = lag;
    return lines.map((line) => step(line));
  });
}

/** The text of a scenario file that plays the story, with `problems` as a comment at its end. */
export function formatStory(story: Story, title: string, problems: readonly string[]): string {
  const { scene, configuration, seed, events } = story;
  const head = formatHead({
    title,
    continues: null,
    topology: withCosts(scene.topology),
    settings: { campaign: settingsOf(configuration, scene.ttl) },
    quickSettings: null,
    seed,
    latencies: new Map(),
    simulatorOnly: "a campaign plays it",
  });
  const before = beginnings(scene)
    .flatMap(linesOf)
    .map((line) => step(line));
  const steps = [...before, step("start"), ...eventSteps(events)];
  return formatTranscript({ head, steps, below: problems.flatMap(commented) });
}

const commented = (text: string): readonly string[] => text.split("\n").map((line) => `# ${line}`);

type Settings = Readonly<Record<string, unknown>>;

function numberIn(settings: Settings, name: string): number | null {
  const value = settings[name];
  return typeof value === "number" ? value : null;
}

function configurationIn(settings: Settings): Configuration {
  const isOn = (name: string): boolean => settings[name] !== false;
  return configurationWith({
    floodInitialData: isOn("floodInitialData"),
    holdForwarding: isOn("holdForwarding"),
    treesPerSync: numberIn(settings, "treesPerSync"),
    sequenceNumberLimit: numberIn(settings, "sequenceNumberLimit") ?? MANY_NUMBERS,
    windowLimit: numberIn(settings, "windowLimit") ?? WIDE_WINDOW,
  });
}

const problem = (line: number, message: string): ParsedStory => ({
  kind: "problem",
  line,
  message,
});

/** The scene and the events that the commands of a file make of `begin`. */
function follow(
  begin: Scene,
  steps: readonly Step[],
): Pick<Story, "scene" | "events"> | ParsedStory {
  let scene = begin;
  let hasBegun = false;
  let [pause, lag] = [millis(0), millis(0)];
  const events: StoryEvent[] = [];
  const happens = (what: Happening): void => {
    if (hasBegun) events.push({ pause, lag, what });
    else scene = sceneAfter(scene, what);
    pause = millis(0);
  };
  for (const { line, command } of steps) {
    const said = parseLine(begin.topology, command);
    switch (said.kind) {
      case "problem":
        return problem(line, said.message);
      case "start":
        hasBegun = true;
        break;
      case "lag":
        lag = said.span;
        break;
      case "wait":
        pause = millis(pause + said.span);
        break;
      case "happening":
        happens(said.what);
    }
  }
  return { scene, events };
}

/** Of a file that does not say. */
const TTL = 12;

/** The story that a scenario file writes, or what is wrong with it. */
export function parseStory(text: string): ParsedStory {
  const parsed = parseTranscript(text);
  if (parsed.kind === "problem") return parsed;
  const read = parseHead(parsed.transcript.head);
  if (read.kind === "problems") {
    const [first] = read.problems;
    return problem(first?.line ?? 1, first?.message ?? "the head is wrong");
  }
  const { topology, settings, seed } = read.head;
  if (topology === null || typeof topology === "string") {
    return problem(1, "the network stands in the file itself");
  }
  const own = new Map(Object.entries(settings)).get("campaign") ?? {};
  const nothing = { members: [], flows: [], deaf: [] };
  const nowhere = { parts: new Map(), keys: new Map(), extra: new Map() };
  const running = new Set(topology.routers.keys());
  const ttl = numberIn(own, "ttl") ?? TTL;
  const followed = follow(
    { topology, running, ...nothing, ...nowhere, ttl },
    parsed.transcript.steps,
  );
  if ("kind" in followed) return followed;
  return { kind: "story", story: { seed, configuration: configurationIn(own), ...followed } };
}
