// S2: S1 while messages are lost, doubled and overtaken, in bounded time. S3: routers that boot under a clock that stands or
// was set back. S5: S1 and S4 when the sequence numbers of a BootTime are soon used up (§4).
// S6: S4 where little may be under way to a neighbor (§8.6).
import type { Address } from "../../base/address.ts";
import { orderedValues } from "../../base/ordered.ts";
import { interfaceIndex, seconds } from "../../base/units.ts";
import type { RouterMemory } from "../../core/memory.ts";
import type { Neighbor, Running } from "../../core/state.ts";
import type { SyncState } from "../../core/sync.ts";
import type { Incident, Model, TakenStep } from "../explorer/model.ts";
import {
  brokenCheckpoints,
  brokenNeighborhoods,
  brokenPatience,
  brokenReliability,
  CLOCK,
  toAll,
} from "./faults.ts";
import {
  BOOT_TIMES,
  failuresOf,
  helloFrom,
  LINK,
  nextHello,
  SIDES,
  syncModel,
  TRIGGER,
  treesDuringSyncModel,
  treesOfBothModel,
} from "./sync.ts";

const ALL_PARTS = [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => [a, b] as const));

/** SyncHoldTime (§6.5): what was lost by the last fault is noticed by then. */
const RECOVERY = seconds(12);

const linkOf = (memory: RouterMemory | null): Running | null =>
  memory?.interfaces.get(interfaceIndex(LINK))?.running ?? null;

const bootTimeOf = (memory: RouterMemory | null): number => linkOf(memory)?.bootTime ?? 0;

/** The synchronisation with the only neighbor. */
const syncIn = (memory: RouterMemory | null): SyncState | null =>
  orderedValues(linkOf(memory)?.neighbors ?? new Map<Address, Neighbor>())[0]?.sync ?? null;

/** §6.4: the SSN of a neighbor is learnt from its first Sync, which knows ours or none, and from no late one. */
const brokenLearning = ({ router, act, before, after }: TakenStep): readonly string[] => {
  if (act.kind !== "event" || act.event.kind !== "message") return [];
  const { message } = act.event;
  const was = syncIn(before);
  if (message.kind !== "sync" || was?.neighborSsn !== 0) return [];
  if (syncIn(after)?.neighborSsn !== message.mySsn) return [];
  const { syncSn, mySsn, neighborSsn } = message;
  return syncSn === 0 && (neighborSsn === 0 || neighborSsn === was.mySsn)
    ? []
    : [`R${router} learns SSN ${mySsn} from a Sync of SyncSN ${syncSn} for SSN ${neighborSsn}`];
};

/** S2 with so many parts a side. `failing`: a router that fails once, as in S1, with fewer reorderings; null: none does. */
function lossySyncModel(parts: readonly [number, number], failing: 0 | 1 | null): Model {
  const model = syncModel(parts, 0);
  const failures = failing === null ? [] : failuresOf(failing, 1);
  const who = failing === null ? "none" : `R${failing}`;
  const overtakings = failing === null ? Number.POSITIVE_INFINITY : 1;
  const reordering = failing === null ? "any reordering within 2" : "1 reordering";
  return {
    ...model,
    name: `S2-${parts.join("")}${failing === null ? "" : `-${who}`}`,
    about: `Parts with trees: ${parts.join(" and ")}. Failing once: ${who}. Up to 2 losses, 1 duplicate, ${reordering}.`,
    incidents: [...model.incidents, ...failures],
    broken: (rest) =>
      rest.happened("trigger") ? [...model.broken(rest), ...brokenReliability(rest, SIDES)] : [],
    wrong: (taken) => [
      ...brokenCheckpoints(taken),
      ...brokenLearning(taken),
      ...brokenPatience(taken),
      ...(failing === null ? brokenNeighborhoods(taken, () => false) : []),
    ],
    faults: toAll({ losses: 2, duplications: 1, overtakings }),
    clock: { ...CLOCK, within: RECOVERY },
    authors: null,
  };
}

/** S4 with the timers that send again what a synchronisation drops (§7.3): nothing is lost, and nobody given up. */
function timedModel(model: Model): Model {
  return {
    ...model,
    name: `${model.name}-time`,
    about: `${model.about} What is not acknowledged is sent again.`,
    broken: (rest) => [...model.broken(rest), ...brokenReliability(rest, SIDES)],
    wrong: (taken) => [
      ...(model.wrong?.(taken) ?? []),
      ...brokenCheckpoints(taken),
      ...brokenPatience(taken),
      ...brokenNeighborhoods(taken, () => false),
    ],
    clock: CLOCK,
  };
}

/** §4: a BootTime is later than any before. */
const agedBootTimes = ({ router, act, before, after }: TakenStep): readonly string[] =>
  act.kind === "boot" && bootTimeOf(after) <= bootTimeOf(before)
    ? [`R${router} has BootTime ${bootTimeOf(after)} after ${bootTimeOf(before)}`]
    : [];

/** The router reboots when its clock says what its first BootTime was, or less, or more. */
const reboot = (router: 0 | 1, n: number): Incident => ({
  name: `failure ${n} of R${router}`,
  choices: [0, -10, 60].map((step) => {
    const unixSeconds = BOOT_TIMES[router] + step;
    return {
      name: `R${router} reboots at ${unixSeconds}; Hello of R${router}`,
      acts: [{ router, act: { kind: "boot", unixSeconds } }, helloFrom(router)],
    };
  }),
  after: [n === 1 ? "trigger" : `failure ${n - 1} of R${router}`],
  drained: null,
  must: false,
});

/** S3: one router reboots twice, the other once. */
function clockModel(twice: 0 | 1): Model {
  const reboots = (router: 0 | 1): readonly Incident[] =>
    (router === twice ? [1, 2] : [1]).flatMap((n) => [reboot(router, n), nextHello(router, n)]);
  return {
    ...syncModel([1, 0], 0),
    name: `S3-${twice}`,
    about: `R${twice} reboots twice, the other router once, under clocks that stand or were set.`,
    incidents: [TRIGGER, ...SIDES.flatMap(reboots)],
    wrong: agedBootTimes,
    authors: null,
  };
}

/** S5: the model with so few sequence numbers a BootTime. */
const scarce = (model: Model, sequenceNumberLimit: number): Model => ({
  ...model,
  name: `S5-${sequenceNumberLimit}-${model.name}`,
  about: `${model.about} SNs stay below ${sequenceNumberLimit}.`,
  routers: model.routers.map((router) => ({
    ...router,
    settings: { ...router.settings, sequenceNumberLimit },
  })),
  authors: null,
});

/**
 * So many that a synchronisation without trees can end before the next wrap; each tree takes one more. With fewer, the wrap
 * of one router uses up the numbers of the other, whose wrap uses up those of the first, for ever.
 */
const ENOUGH = 4;

/** S6: the model where one message at a time is under way to a neighbor (§8.6): of two trees, one waits. */
const paced = (model: Model): Model => ({
  ...model,
  name: `S6-${model.name}`,
  about: `${model.about} One message at a time is under way.`,
  routers: model.routers.map((router) => ({
    ...router,
    settings: { ...router.settings, windowLimit: 1 },
  })),
  authors: null,
});

/** S2, S3, S5 and S6. */
export const SYNC_FAULT_MODELS: readonly Model[] = [
  ...ALL_PARTS.map((parts) => lossySyncModel(parts, null)),
  ...SIDES.flatMap((failing) => [lossySyncModel([0, 0], failing), lossySyncModel([1, 0], failing)]),
  ...SIDES.flatMap((of) => [
    timedModel(treesDuringSyncModel([of], [0])),
    timedModel(treesDuringSyncModel([of], [1])),
  ]),
  ...SIDES.map(clockModel),
  ...ALL_PARTS.map((parts) => scarce(syncModel(parts, 1), ENOUGH + parts[0] + parts[1])),
  scarce(treesDuringSyncModel([0, 1], []), ENOUGH + 2),
  scarce(treesDuringSyncModel([0], [0]), ENOUGH),
  scarce(treesDuringSyncModel([1], [0]), ENOUGH),
  ...[
    treesDuringSyncModel([0, 1], []),
    treesDuringSyncModel([0, 1], [0]),
    treesOfBothModel([]),
    treesOfBothModel([0]),
  ].map((model) => paced(timedModel(model))),
];
