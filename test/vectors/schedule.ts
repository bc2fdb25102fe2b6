// What a router of a life is to be told, and when: read out of the captured frames.
import type { Address } from "../../src/base/address.ts";
import { isRoutableGroup } from "../../src/base/address.ts";
import { type BootTime, bootTime } from "../../src/base/units.ts";
import type { Received } from "../../src/core/acceptance.ts";
import type { TreeId } from "../../src/core/messages.ts";
import { type Captured, linkOf, ownFrames, reaches } from "./captured.ts";
import type { Happening, Life } from "./lives.ts";
import type { PlannedRouter } from "./networks.ts";

/** One thing that a router is told. */
export type Step =
  /** The router was killed, and is started anew. */
  | { readonly kind: "restart" }
  | { readonly kind: "begin"; readonly on: Address; readonly bootTime: BootTime }
  | { readonly kind: "end"; readonly on: Address }
  | { readonly kind: "happening"; readonly what: Happening }
  /** The state that it had before the first frame is brought about. */
  | { readonly kind: "setUp" }
  | { readonly kind: "message"; readonly on: Address; readonly received: Received }
  | { readonly kind: "data"; readonly on: Address; readonly tree: TreeId };

/** A step, and its time in microseconds of unix time. */
export interface Timed {
  readonly micros: number;
  readonly step: Step;
}

/** What a router says last on an interface under a BootTime, and first under the next. */
interface Run {
  readonly bootTime: BootTime;
  /** When it said goodbye; null: it did not. */
  goodbye: number | null;
}

/** RFC 2236 §3: a leave is answered by two queries, each given a second. */
const LAST_MEMBER_MICROS = 2e6;
const MICROS = 1e6;

function runsOn(frames: readonly Captured[], on: Address): readonly Run[] {
  const runs: Run[] = [];
  for (const { content, micros } of ownFrames(frames, on)) {
    if (content.kind !== "message") continue;
    const { message } = content;
    if (runs.at(-1)?.bootTime !== message.bootTime) {
      runs.push({ bootTime: message.bootTime, goodbye: null });
    }
    const run = runs.at(-1);
    const isGoodbye = message.kind === "hello" && message.options.holdTimeSeconds === 0;
    if (run !== undefined && isGoodbye) run.goodbye = micros;
  }
  return runs;
}

/** Begins and ends of HPIM-DM on an interface. A BootTime is the second in which it began. */
function lifeOfInterface(frames: readonly Captured[], on: Address): readonly Timed[] {
  const first = frames[0]?.micros ?? 0;
  const runs = runsOn(frames, on);
  if (runs.length === 0) {
    return [{ micros: first, step: { kind: "begin", on, bootTime: bootTime(1) } }];
  }
  return runs.flatMap((run, i): Timed[] => {
    const micros = Math.max(first, run.bootTime * MICROS);
    const killed = i > 0 && runs[i - 1]?.goodbye === null;
    const begin: Timed = { micros, step: { kind: "begin", on, bootTime: run.bootTime } };
    return [
      ...(killed ? [{ micros, step: { kind: "restart" } } as const] : []),
      begin,
      ...(run.goodbye === null
        ? []
        : [{ micros: run.goodbye, step: { kind: "end", on } } as const]),
    ];
  });
}

/** When the captured router acknowledged messages, by sender, BootTime and SN. */
function ackTimes(frames: readonly Captured[], on: Address): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { content, micros, destination } of ownFrames(frames, on)) {
    if (content.kind !== "message" || content.message.kind !== "ack") continue;
    const { neighborBootTime, neighborSn } = content.message;
    times.set(`${destination}/${neighborBootTime}/${neighborSn}`, micros);
  }
  return times;
}

/** All but Acks, which are heard when ours has sent what they acknowledge. */
function messagesTo(
  frames: readonly Captured[],
  on: Address,
  latecomers: readonly string[],
): readonly Timed[] {
  const acks = ackTimes(frames, on);
  return frames.flatMap((frame): Timed[] => {
    const { content, situation, source, destination, ttl, micros } = frame;
    if (content.kind !== "message" || !reaches(frame, on)) return [];
    const { message } = content;
    if (message.kind === "ack") return [];
    const received = { source, destination, ttl, message };
    const step = { kind: "message", on, received } as const;
    if (!("sn" in message) || !latecomers.includes(situation)) return [{ micros, step }];
    const key = `${source}/${message.bootTime}/${message.sn}`;
    return [{ micros: acks.get(key) ?? micros, step }];
  });
}

function dataTo(frames: readonly Captured[], on: Address): readonly Timed[] {
  const own = frames.find(({ source, content }) => source === on && content.kind !== "data");
  return frames
    .filter(({ content, link, sender }) => {
      const isHere = content.kind === "data" && link === linkOf(on);
      return isHere && sender !== own?.sender;
    })
    .map(({ micros, source, destination: group }) => ({
      micros,
      step: { kind: "data", on, tree: { source, group } },
    }));
}

/** RFC 2236: what IGMP finds out on a link with one listener. */
function listenersOn(frames: readonly Captured[], on: Address): readonly Timed[] {
  return frames.flatMap(({ content, link, source, micros }): Timed[] => {
    if (content.kind !== "igmp" || link !== linkOf(on) || source === on) return [];
    const { message } = content;
    if (message.kind !== "report" && message.kind !== "leave") return [];
    if (!isRoutableGroup(message.group)) return [];
    const wanted = message.kind === "report";
    const what = { kind: "listener", on, group: message.group, wanted } as const;
    return [
      { micros: wanted ? micros : micros + LAST_MEMBER_MICROS, step: { kind: "happening", what } },
    ];
  });
}

function happeningsOf(frames: readonly Captured[], life: Life, router: string): readonly Timed[] {
  return life.happenings
    .filter((scheduled) => scheduled.router === router)
    .map(({ situation, seconds, what }) => {
      const first = frames.find((frame) => frame.situation === situation)?.micros ?? 0;
      const micros = seconds === "before" ? first : first + seconds * MICROS;
      return { micros, step: { kind: "happening", what } };
    });
}

/** §3: what the router's interfaces take. */
export const takenBy = (
  { keyed }: Life,
  frames: readonly Captured[],
  { name }: PlannedRouter,
): readonly Captured[] =>
  frames.filter(
    ({ content }) => content.kind === "message" && content.signed === keyed.includes(name),
  );

const RANKS: Readonly<Record<Step["kind"], number>> = {
  restart: 0,
  begin: 1,
  end: 1,
  happening: 2,
  setUp: 3,
  message: 4,
  data: 4,
};

/** All that the router is told, in order. */
export function scheduleOf(
  life: Life,
  frames: readonly Captured[],
  router: PlannedRouter,
): readonly Timed[] {
  const taken = takenBy(life, frames, router);
  const latecomers = life.takenWhenAcknowledged
    .filter((taker) => taker.router === router.name)
    .map(({ situation }) => situation);
  const steps: Timed[] = [
    { micros: frames[0]?.micros ?? 0, step: { kind: "setUp" } },
    ...happeningsOf(frames, life, router.name),
    ...router.serves.flatMap((on) => listenersOn(frames, on)),
    ...router.addresses.flatMap((on) => [
      ...lifeOfInterface(frames, on),
      ...messagesTo(taken, on, latecomers),
      ...dataTo(frames, on),
    ]),
  ];
  return steps.sort((a, b) => a.micros - b.micros || RANKS[a.step.kind] - RANKS[b.step.kind]);
}
