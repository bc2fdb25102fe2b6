// What a scenario has made of its network so far: what runs, what is plugged in and configured, who sends.
import { type Address, formatAddress } from "../../src/base/address.ts";
import { compare } from "../../src/base/ordered.ts";
import type { Act, Command, Port, SimulatedAct } from "../../src/scenario/command.ts";
import type { Router, RouterInterface, Topology } from "../../src/topology/topology.ts";
import type { ScenarioNetwork } from "./scenario-network.ts";

const SIMULATED: ReadonlySet<Act["kind"]> = new Set<SimulatedAct["kind"]>([
  "vanish",
  "return",
  "readdress",
  "routes",
  "blink",
  "lag",
  "clock",
  "weather",
  "goodWeather",
  "deaf",
  "hear",
  "rest",
]);

/** Whether only the simulator can do it. */
export const isSimulated = (command: Command): command is SimulatedAct =>
  (SIMULATED as ReadonlySet<string>).has(command.kind);

/** A network, and what it has come to. */
export interface Stage {
  /** With the present states, addresses and protocols of the interfaces. */
  readonly topology: Topology;
  readonly running: ReadonlySet<string>;
  /** Groups that hosts send to. */
  readonly sending: ReadonlyMap<string, readonly Address[]>;
  /** "R1.eth0 R2.eth0": what the second says does not reach the first. */
  readonly deaf: ReadonlySet<string>;
}

/** `topology` with an interface changed. */
export function withPort(
  topology: Topology,
  port: Port,
  change: Partial<RouterInterface>,
): Topology {
  const router = topology.routers.get(port.router);
  if (router === undefined) return topology;
  const interfaces = router.interfaces.map((at) =>
    at.name === port.interface ? { ...at, ...change } : at,
  );
  return {
    ...topology,
    routers: new Map(topology.routers).set(router.name, { ...router, interfaces }),
  };
}

/** How an act changes the interface that it is about. */
function portChange(act: Act): Partial<RouterInterface> {
  switch (act.kind) {
    case "up":
    case "return":
      return { up: true };
    case "down":
    case "vanish":
      return { up: false };
    case "hpim":
      return { hpim: act.on };
    case "igmp":
      return { igmp: act.on };
    case "readdress":
      return { address: act.address };
    default:
      return {};
  }
}

const deafKey = (hearer: Port, sayer: Port): string =>
  `${hearer.router}.${hearer.interface} ${sayer.router}.${sayer.interface}`;

function withFlow(stage: Stage, host: string, groups: readonly Address[]): Stage {
  const sending = new Map(stage.sending);
  if (groups.length === 0) sending.delete(host);
  else sending.set(host, groups);
  return { ...stage, sending };
}

/** `stage` after an act. */
export function stageAfter(stage: Stage, act: Act): Stage {
  if ("port" in act) {
    return { ...stage, topology: withPort(stage.topology, act.port, portChange(act)) };
  }
  switch (act.kind) {
    case "start": {
      const routers = act.routers.length > 0 ? act.routers : [...stage.topology.routers.keys()];
      return { ...stage, running: new Set([...stage.running, ...routers]) };
    }
    case "stop":
    case "kill":
      return {
        ...stage,
        running: new Set([...stage.running].filter((name) => !act.routers.includes(name))),
      };
    case "send": {
      const before = stage.sending.get(act.host) ?? [];
      return withFlow(stage, act.host, [...new Set([...before, ...act.groups])]);
    }
    case "stopSending": {
      const before = stage.sending.get(act.host) ?? [];
      const left = before.filter((group) => !act.groups.includes(group));
      return withFlow(stage, act.host, act.groups.length === 0 ? [] : left);
    }
    case "deaf":
      return { ...stage, deaf: new Set([...stage.deaf, deafKey(act.hearer, act.sayer)]) };
    case "hear": {
      const key = deafKey(act.hearer, act.sayer);
      return { ...stage, deaf: new Set([...stage.deaf].filter((other) => other !== key)) };
    }
    default:
      return stage;
  }
}

const speaks = ({ up, hpim }: RouterInterface): boolean => up && hpim;

const canHear = ({ deaf }: Stage, a: Port, b: Port): boolean =>
  !deaf.has(deafKey(a, b)) && !deaf.has(deafKey(b, a));

/** The neighbors that a router is to have: "eth0 10.2.2.1". */
function neighborsDue(stage: Stage, router: Router): readonly string[] {
  const others = [...stage.topology.routers.values()].filter(
    ({ name }) => name !== router.name && stage.running.has(name),
  );
  const due = router.interfaces.filter(speaks).flatMap((at) => {
    const here = { router: router.name, interface: at.name };
    return others.flatMap(({ name, interfaces }) =>
      interfaces
        .filter((other) => speaks(other) && other.link === at.link)
        .filter((other) => canHear(stage, here, { router: name, interface: other.name }))
        .map((other) => `${at.name} ${formatAddress(other.address)}`),
    );
  });
  return due.sort(compare);
}

/** Routers whose neighbors are not exactly those that they are to have, all SYNCED. */
export async function unsynced(network: ScenarioNetwork, stage: Stage): Promise<readonly string[]> {
  const found: string[] = [];
  for (const router of stage.topology.routers.values()) {
    if (!stage.running.has(router.name)) continue;
    const rows = await network.neighbors(router.name);
    const synced = rows.filter(({ state }) => state === "SYNCED");
    const has = synced.map((row) => `${row.interface} ${row.address}`).sort(compare);
    const due = neighborsDue(stage, router);
    const isSynced = rows.length === synced.length && has.join() === due.join();
    if (isSynced) continue;
    const states = rows.map((row) => `${row.interface} ${row.address} ${row.state}`);
    found.push(`${router.name} has ${states.join(", ") || "no neighbors"}; due: ${due.join(", ")}`);
  }
  return found;
}
