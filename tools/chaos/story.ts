// A round of a chaos run as a scenario: what commands can say of it, in order, and the rest as remarks.
import { stringify } from "yaml";
import { known } from "../../src/base/invariant.ts";
import { type Millis, millis } from "../../src/base/units.ts";
import type { Command, InterfaceAddress, Port } from "../../src/scenario/command.ts";
import { formatCommand } from "../../src/scenario/commands.ts";
import { formatTranscript, type Step } from "../../src/scenario/transcript.ts";
import { formatTopology } from "../../src/topology/parse.ts";
import { subnetOf, type Topology } from "../../src/topology/topology.ts";
import { ofInterface, ofWish } from "../campaign/lines.ts";
import type { Happening, Scene } from "../campaign/scene.ts";
import type { Settings } from "./daemons.ts";
import { type Due, type Harm, OTHER_HOST, otherAddress, type Shock, shockText } from "./shock.ts";
import { PACKETS_PER_SECOND } from "./traffic.ts";

/** A round, and what it began with. */
export interface Round {
  readonly title: string;
  readonly scene: Scene;
  readonly settings: Settings;
  readonly due: readonly Due[];
  /** From then on all is repaired. */
  readonly span: Millis;
  /** What was wrong in the end. */
  readonly problems: readonly string[];
}

const EVERY = millis(1000 / PACKETS_PER_SECOND);

interface Told {
  readonly at: Millis;
  readonly remark: string;
  readonly commands: readonly Command[];
}

function addressesOf(
  topology: Topology,
  { router, interface: name }: Port,
): {
  readonly own: InterfaceAddress;
  readonly other: (host: number) => InterfaceAddress;
} {
  const port = topology.routers.get(router)?.interfaces.find((at) => at.name === name);
  const { address, link } = known(port, `${router} has ${name}`);
  const subnet = subnetOf(topology, link);
  const { length } = subnet;
  return {
    own: { address, length },
    other: (host) => ({ address: otherAddress(subnet, host), length }),
  };
}

type Pair = readonly [harm: readonly Command[], heal: readonly Command[]];
const UNSAID: Pair = [[], []];

function interfaceCommands(topology: Topology, port: Port, harm: Harm): Pair {
  const { own, other } = addressesOf(topology, port);
  switch (harm.kind) {
    case "carrier":
    case "down":
      return [[{ kind: "down", port }], [{ kind: "up", port }]];
    case "delete":
      return [[{ kind: "vanish", port }], [{ kind: "return", port }]];
    case "noAddress":
      return [
        [{ kind: "removeAddress", port, address: own }],
        [{ kind: "addAddress", port, address: own }],
      ];
    case "secondAddress": {
      const address = other(OTHER_HOST.secondAddress);
      return [[{ kind: "addAddress", port, address }], [{ kind: "removeAddress", port, address }]];
    }
    case "renumber":
      return [
        [{ kind: "readdress", port, address: other(OTHER_HOST.renumber).address }],
        [{ kind: "readdress", port, address: own.address }],
      ];
    case "hpim":
    case "igmp":
      return [[{ kind: harm.kind, port, on: false }], [{ kind: harm.kind, port, on: true }]];
    default:
      return UNSAID;
  }
}

function harmCommands(topology: Topology, router: string, harm: Harm): Pair {
  if (harm.kind === "kill" || harm.kind === "stop") {
    return [[{ kind: harm.kind, routers: [router] }], [{ kind: "start", routers: [router] }]];
  }
  if (!("name" in harm)) return UNSAID;
  return interfaceCommands(topology, { router, interface: harm.name }, harm);
}

function changeCommands(what: Happening): readonly Command[] {
  switch (what.kind) {
    case "interface":
      return ofInterface(what);
    case "member":
    case "flow":
      return [ofWish(what, EVERY)];
    default:
      return [];
  }
}

function toldOf(topology: Topology, at: Millis, shock: Shock, span: Millis): readonly Told[] {
  const remark = shockText(topology, shock);
  if (shock.kind === "change") return [{ at, remark, commands: changeCommands(shock.what) }];
  const [harm, heal] = harmCommands(topology, shock.router, shock.harm);
  const end = millis(Math.min(at + shock.span, span));
  return [
    { at, remark, commands: harm },
    { at: end, remark: `the end of: ${remark}`, commands: heal },
  ];
}

const step = (command: Command, above: readonly string[] = []): Step => ({
  above,
  line: 0,
  command: formatCommand(command),
  expected: [],
});

function beginning({ members, flows }: Scene): readonly Command[] {
  return [
    { kind: "start", routers: [] },
    { kind: "untilSynced" },
    ...members.map(({ host, group }): Command => ({ kind: "join", host, groups: [group] })),
    ...flows.map(
      ({ host, group }): Command => ({ kind: "send", host, groups: [group], every: EVERY }),
    ),
    { kind: "rest" },
  ];
}

/** The round as a scenario file. */
export function scenarioOf({ title, scene, settings, due, span, problems }: Round): string {
  const told = due
    .flatMap(({ at, shock }) => toldOf(scene.topology, at, shock, span))
    .sort((a, b) => a.at - b.at);
  const steps = beginning(scene).map((command) => step(command));
  let [now, remarks]: [number, string[]] = [0, []];
  for (const { at, remark, commands } of told) {
    remarks.push(`# +${(at / 1000).toFixed(2)} s ${remark}`);
    const wait: Command = { kind: "wait", span: millis(at - now) };
    for (const command of commands.length > 0 && at > now ? [wait, ...commands] : commands) {
      steps.push(step(command, remarks));
      [now, remarks] = [at, []];
    }
  }
  steps.push(step({ kind: "rest" }, remarks));
  steps.push(step({ kind: "showTrees", routers: [], groups: [] }));
  const topology = { topology: "TOPOLOGY" };
  const head = stringify({ title, ...topology, settings }).trimEnd();
  const network = formatTopology(scene.topology).trimEnd().replaceAll(/^/gm, "  ");
  return formatTranscript({
    head: head.replace("topology: TOPOLOGY", `topology:\n${network}`),
    steps,
    below: problems.flatMap((text) => text.split("\n")).map((text) => `# ${text}`),
  });
}
