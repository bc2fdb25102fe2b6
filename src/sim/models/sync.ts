// S1 and S4: two routers on one link synchronise, whatever fails on the way (new_specification_sync.pml). Each may know trees of
// a source of its own, so messages about trees cross the synchronisation (§7.3). No timer runs out but where an incident
// says so: nothing is lost that would be sent again, and a synchronisation is over before its hold time.
import { formatAddress, ip } from "../../base/address.ts";
import { orderedEntries, orderedKeys } from "../../base/ordered.ts";
import { interfaceIndex } from "../../base/units.ts";
import type { RouterEvent } from "../../core/events.ts";
import type { TreeId } from "../../core/messages.ts";
import { UNHEARD } from "../../core/neighbor-tree.ts";
import { isSameRpc } from "../../core/rpc.ts";
import {
  DEFAULT_INTERFACE_SETTINGS,
  DEFAULT_ROUTER_SETTINGS,
  type InterfaceSettings,
} from "../../core/settings.ts";
import type { SettledInterface } from "../../core/settled.ts";
import type { Neighbor } from "../../core/state.ts";
import { type TreeKey, treeOfKey } from "../../core/tree-id.ts";
import type { Choice, Incident, Model, ModelRouter, Rest, TakenStep } from "../explorer/model.ts";
import { dataOf, helloOf, interfaceOf, livenessEnds, noRouteTo, routeOf } from "./parts.ts";

/** The interface that both routers share. */
export const LINK = 1;
const SOURCES = 2;
/** The BootTime of each router when it has booted for the first time: the authors' start values. */
export const BOOT_TIMES = [125, 15] as const;
const ADDRESSES = ["10.0.0.1", "10.0.0.2"] as const;
/** One tree in a Sync: as many parts as trees (§6.3). */
const SETTINGS: InterfaceSettings = { ...DEFAULT_INTERFACE_SETTINGS, treesPerSync: 1 };

const treeOf = (router: 0 | 1, n: number): TreeId => ({
  source: ip(`10.1.${router}.100`),
  group: ip(`239.0.0.${n + 1}`),
});

/** A router that originates so many trees on its own link. */
export function syncRouter(router: 0 | 1, parts: number): ModelRouter {
  const given = { lastBootTime: BOOT_TIMES[router] - 1, protocol: SETTINGS };
  const trees = Array.from({ length: parts }, (_, n) => dataOf(treeOf(router, n), SOURCES));
  return {
    settings: DEFAULT_ROUTER_SETTINGS,
    interfaces: [
      interfaceOf(LINK, `${ADDRESSES[router]}/24`, given),
      interfaceOf(SOURCES, `10.1.${router}.1/24`, given),
    ],
    events: [routeOf(`10.1.${router}.0/24`, 0, SOURCES, null), ...trees],
  };
}

/** Both routers. */
export const SIDES = [0, 1] as const;
const otherSide = (router: 0 | 1): 0 | 1 => (router === 0 ? 1 : 0);

/** The router's next Hello leaves. */
export const helloFrom = (router: 0 | 1): Choice["acts"][number] => helloOf(router, LINK);

/** The authors' three ways to begin. */
export const TRIGGER: Incident = {
  name: "trigger",
  choices: [
    { name: "Hello of R0", acts: [helloFrom(0)] },
    { name: "Hello of R1", acts: [helloFrom(1)] },
    { name: "Hellos of R0 and R1", acts: [helloFrom(0), helloFrom(1)] },
  ],
  after: [],
  drained: null,
  must: true,
};

/** The router reboots and says Hello, or takes its neighbor for dead though it lives: its hold time ends. */
const failure = (router: 0 | 1, n: number): Incident => ({
  name: `failure ${n} of R${router}`,
  choices: [
    {
      name: `R${router} reboots; Hello of R${router}`,
      acts: [{ router, act: { kind: "boot" } }, helloFrom(router)],
    },
    {
      name: `R${router} takes R${otherSide(router)} for dead`,
      acts: [livenessEnds(router, LINK, ADDRESSES[otherSide(router)])],
    },
  ],
  after: [n === 1 ? "trigger" : `failure ${n - 1} of R${router}`],
  drained: null,
  must: false,
});

/** Some time after a failure of the router its neighbor's next Hello is due. */
export const nextHello = (router: 0 | 1, n: number): Incident => ({
  name: `Hello after failure ${n} of R${router}`,
  choices: [{ name: `Hello of R${otherSide(router)}`, acts: [helloFrom(otherSide(router))] }],
  after: [`failure ${n} of R${router}`],
  drained: null,
  must: true,
});

function neighborAt(rest: Rest, router: 0 | 1): Neighbor | undefined {
  const running = rest.memory(router)?.interfaces.get(interfaceIndex(LINK))?.running;
  return running?.neighbors.get(ip(ADDRESSES[otherSide(router)]));
}

/** S1 but for SyncSNs: both are SYNCED, and each knows the other's SnapshotSN and BootTime. */
export const brokenPair = (rest: Rest): readonly string[] =>
  SIDES.flatMap((router) => {
    const other = otherSide(router);
    const there = neighborAt(rest, router);
    const bootTime = rest.memory(other)?.interfaces.get(interfaceIndex(LINK))?.running?.bootTime;
    const sync = there?.sync;
    if (sync?.state !== "SYNCED") return [`R${other} is ${sync?.state ?? "UNKNOWN"} at R${router}`];
    const ssn = neighborAt(rest, other)?.sync?.mySsn;
    return [
      sync.neighborSsn === ssn ? null : `R${router} has another SSN of R${other}`,
      there?.bootTime === bootTime ? null : `R${router} has another BootTime of R${other}`,
    ].filter((line) => line !== null);
  });

/** S1: both ended with the SyncSN that the longer snapshot calls for. */
const brokenSyncSns = (rest: Rest, parts: readonly [number, number]): readonly string[] =>
  SIDES.flatMap((router) => {
    const syncSn = neighborAt(rest, router)?.sync?.currentSyncSn;
    return syncSn === Math.max(...parts, 1) ? [] : [`R${router} ended with SyncSN ${syncSn}`];
  });

/** S4: what one side knows of the other and a tree: whether it is UPSTREAM, and interested in what is advertised to it. */
function brokenView(rest: Rest, router: 0 | 1, key: TreeKey): readonly string[] {
  const other = otherSide(router);
  const on = (side: 0 | 1): SettledInterface | undefined =>
    rest.memory(side)?.trees.get(key)?.settled.interfaces.get(interfaceIndex(LINK));
  const known = neighborAt(rest, other)?.trees.get(key) ?? UNHEARD;
  const { upstream } = known;
  const interest = on(router)?.told?.interested === true ? "interested" : "not interested";
  const isAdvertisedTo = (on(other)?.advertised ?? null) !== null;
  const about = `R${other} is wrong about R${router} and ${formatAddress(treeOfKey(key).source)}:`;
  return [
    isSameRpc(on(router)?.advertised ?? null, upstream) ? null : `${about} UPSTREAM`,
    !isAdvertisedTo || known.interest === interest ? null : `${about} interest`,
  ].filter((line) => line !== null);
}

/** S4: no entry of a snapshot undoes what its sender has said since (§6.6). */
function undoneNews({ router, act, before, after }: TakenStep): readonly string[] {
  if (act.kind !== "event" || act.event.kind !== "message") return [];
  const { interface: index, source, message } = act.event;
  const was = before.interfaces.get(index)?.running?.neighbors.get(source);
  const is = after?.interfaces.get(index)?.running?.neighbors.get(source);
  if (message.kind !== "sync" || was?.sync == null || is?.sync == null) return [];
  const { neighborSsn } = was.sync;
  if (is.sync.neighborSsn !== neighborSsn || is.bootTime !== was.bootTime) return [];
  return orderedEntries(was.trees).flatMap(([key, { lastSn, upstream }]) =>
    lastSn === null ||
    lastSn <= neighborSsn ||
    isSameRpc(is.trees.get(key)?.upstream ?? null, upstream)
      ? []
      : [
          `a Sync has R${router} forget what was said later of ${formatAddress(treeOfKey(key).source)}`,
        ],
  );
}

/** S4: each side's view of the other, unless something is outstanding there: it is sent again by a timer. */
export const brokenViews = (rest: Rest): readonly string[] =>
  SIDES.flatMap((router) => {
    const memory = rest.memory(router);
    const outstanding = memory?.interfaces.get(interfaceIndex(LINK))?.running?.outstanding;
    if (outstanding?.size !== 0) return [];
    const keys = new Set(memory?.trees.keys());
    for (const key of neighborAt(rest, otherSide(router))?.trees.keys() ?? []) keys.add(key);
    return orderedKeys(keys).flatMap((key) => brokenView(rest, router, key));
  });

/** So many failures of the router, one after the other, and its neighbor's Hello after each. */
export const failuresOf = (router: 0 | 1, failures: number): readonly Incident[] =>
  Array.from({ length: failures }, (_, i) => [
    failure(router, i + 1),
    nextHello(router, i + 1),
  ]).flat();

/** With so many parts on both sides together, and two failures a side, S1 may be too large to be visited whole. */
const MANY_PARTS = 5;
const MINUTES = 4;

/**
 * S1 with so many parts and failures a side. A failure is a reboot or a false suspicion, at any time, on either side:
 * the authors' rounds (the same at one side or both) are among these runs, and so are runs without failures.
 */
export const syncModel = (parts: readonly [number, number], failures: number): Model => ({
  name: `S1-${parts.join("")}-${failures}`,
  about: `Parts with trees: ${parts.join(" and ")}. Failures a side: up to ${failures}.`,
  routers: SIDES.map((router) => syncRouter(router, parts[router])),
  prelude: [],
  incidents: [TRIGGER, ...SIDES.flatMap((router) => failuresOf(router, failures))],
  broken: (rest) =>
    rest.happened("trigger")
      ? [...brokenPair(rest), ...brokenSyncSns(rest, parts), ...brokenViews(rest)]
      : [],
  ...(failures === 2 && parts[0] + parts[1] >= MANY_PARTS ? { minutes: MINUTES } : {}),
  authors: { model: "new_specification_sync", states: 10_727_345, depth: 470, seconds: 164 },
});

const atRouter = (
  name: string,
  router: 0 | 1,
  event: RouterEvent,
  after: readonly string[],
): Incident => ({
  name: `${name} at R${router}`,
  choices: [{ name: `${name} at R${router}`, acts: [{ router, act: { kind: "event", event } }] }],
  after,
  drained: null,
  must: false,
});

/** The router originates a second tree, and later has no route to their source any more. A reboot brings back the first. */
const treeLife = (router: 0 | 1): readonly Incident[] => [
  atRouter("tree", router, dataOf(treeOf(router, 1), SOURCES), []),
  atRouter("end of tree", router, noRouteTo(`10.1.${router}.0/24`), [`tree at R${router}`]),
];

/** The RPC of the router's tree changes, which may be in its snapshot. */
const newCost = (router: 0 | 1): Incident =>
  atRouter("cost", router, routeOf(`10.1.${router}.0/24`, 7, SOURCES, null), []);

const namesOf = (routers: readonly (0 | 1)[]): string =>
  routers.length === 0 ? "none" : routers.map((router) => `R${router}`).join(" and ");

/** S4: trees of some routers begin and end during S1, between two parts of a snapshot, too; some routers fail, once each. */
export const treesDuringSyncModel = (
  trees: readonly (0 | 1)[],
  failing: readonly (0 | 1)[],
): Model => ({
  ...syncModel([0, 0], 0),
  wrong: undoneNews,
  name: `S4-${trees.join("")}-${failing.join("") || "none"}`,
  routers: SIDES.map((router) => syncRouter(router, trees.includes(router) ? 1 : 0)),
  about: `Trees of ${namesOf(trees)} begin and end at any time. Failing once: ${namesOf(failing)}.`,
  incidents: [
    TRIGGER,
    ...failing.flatMap((router) => failuresOf(router, 1)),
    ...trees.flatMap(treeLife),
  ],
  broken: (rest) => (rest.happened("trigger") ? [...brokenPair(rest), ...brokenViews(rest)] : []),
  authors: null,
});

/** S4: two messages of each side about a tree of its snapshot, which gets another RPC and ends. */
export const treesOfBothModel = (failing: readonly (0 | 1)[]): Model => ({
  ...treesDuringSyncModel([0, 1], failing),
  name: `S4-both-${failing.join("") || "none"}`,
  about: `Trees of R0 and R1 get another RPC and end, at any time. Failing once: ${namesOf(failing)}.`,
  incidents: [
    TRIGGER,
    ...failing.flatMap((router) => failuresOf(router, 1)),
    ...SIDES.flatMap((router) => [
      newCost(router),
      atRouter("end of tree", router, noRouteTo(`10.1.${router}.0/24`), [`cost at R${router}`]),
    ]),
  ],
});
