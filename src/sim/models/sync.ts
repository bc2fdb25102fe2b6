// S1: two routers on one link synchronise, whatever fails on the way (new_specification_sync.pml).
import { ip } from "../../base/address.ts";
import { interfaceIndex } from "../../base/units.ts";
import type { TreeId } from "../../core/messages.ts";
import {
  DEFAULT_INTERFACE_SETTINGS,
  DEFAULT_ROUTER_SETTINGS,
  type InterfaceSettings,
} from "../../core/settings.ts";
import type { Neighbor } from "../../core/state.ts";
import type { Choice, Incident, Model, ModelRouter, Rest } from "../explorer/model.ts";
import { dataOf, helloOf, interfaceOf, livenessEnds, routeOf } from "./parts.ts";

const LINK = 1;
const SOURCES = 2;
/** The BootTime of each router when it has booted for the first time: the authors' start values. */
const BOOT_TIMES = [125, 15] as const;
const ADDRESSES = ["10.0.0.1", "10.0.0.2"] as const;
/** One tree in a Sync: as many parts as trees (§6.3). */
const SETTINGS: InterfaceSettings = { ...DEFAULT_INTERFACE_SETTINGS, treesPerSync: 1 };

const treeOf = (router: 0 | 1, n: number): TreeId => ({
  source: ip(`10.1.${router}.100`),
  group: ip(`239.0.0.${n + 1}`),
});

function syncRouter(router: 0 | 1, parts: number): ModelRouter {
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

const SIDES = [0, 1] as const;
const otherSide = (router: 0 | 1): 0 | 1 => (router === 0 ? 1 : 0);

const helloFrom = (router: 0 | 1): Choice["acts"][number] => helloOf(router, LINK);

const TRIGGER: Incident = {
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
const nextHello = (router: 0 | 1, n: number): Incident => ({
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

/** S1: both are SYNCED, with the same SyncSN, and each knows the other's SnapshotSN and BootTime. */
function brokenSync(rest: Rest, parts: readonly [number, number]): readonly string[] {
  const lastSyncSn = Math.max(...parts, 1);
  return SIDES.flatMap((router) => {
    const other = otherSide(router);
    const there = neighborAt(rest, router);
    const here = neighborAt(rest, other);
    const bootTime = rest.memory(other)?.interfaces.get(interfaceIndex(LINK))?.running?.bootTime;
    const sync = there?.sync;
    if (sync?.state !== "SYNCED") return [`R${other} is ${sync?.state ?? "UNKNOWN"} at R${router}`];
    return [
      sync.currentSyncSn === lastSyncSn
        ? null
        : `R${router} ended with SyncSN ${sync.currentSyncSn}`,
      sync.neighborSsn === here?.sync?.mySsn ? null : `R${router} has another SSN of R${other}`,
      there?.bootTime === bootTime ? null : `R${router} has another BootTime of R${other}`,
    ].filter((line) => line !== null);
  });
}

const failuresOf = (router: 0 | 1, failures: number): readonly Incident[] =>
  Array.from({ length: failures }, (_, i) => [
    failure(router, i + 1),
    nextHello(router, i + 1),
  ]).flat();

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
  broken: (rest) => (rest.happened("trigger") ? brokenSync(rest, parts) : []),
  authors: { model: "new_specification_sync", states: 10_727_345, depth: 470, seconds: 164 },
});
