// Makes the devices, addresses, states and routes of a lab what its topology says, whatever has happened to them.
import { familyOf, formatAddress } from "../base/address.ts";
import { known } from "../base/invariant.ts";
import { ROUTE_PROTOCOL, routesOf } from "../topology/routes.ts";
import {
  endsOf,
  type LinkEnd,
  nodesOf,
  type RouterInterface,
  subnetOf,
} from "../topology/topology.ts";
import type { Lab } from "./lab.ts";
import { LabError } from "./lab-error.ts";
import { namespaceOf, portOf, switchNamespaceOf } from "./names.ts";
import { cablesOf, type DevicePlace, namespacesOf, portLines, routeText } from "./plan.ts";
import { type BatchLine, line, run } from "./run.ts";

/** What is repaired: interfaces of routers, and all routes of nodes. */
export interface RepairScope {
  readonly devices: readonly DevicePlace[];
  readonly routesOf: readonly string[];
}

/** Of ip(8). */
interface ActualDevice {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly master?: string;
  readonly addr_info: readonly ActualAddress[];
}

interface ActualAddress {
  readonly family: string;
  readonly scope: string;
  readonly local: string;
  readonly prefixlen: number;
}

interface ActualHop {
  readonly gateway?: string;
  readonly dev: string;
}

interface ActualRoute extends ActualHop {
  readonly type?: string;
  readonly dst: string;
  readonly metric?: number;
  readonly nexthops?: readonly ActualHop[];
}

/** For one batch in a namespace; null: outside of them all. */
type Repairs = ReadonlyMap<string | null, readonly BatchLine[]>;

/** Cables first, then devices, then their routes; and once more for what happens meanwhile. */
const PASSES = 4;

async function read<T>(namespace: string, words: readonly string[]): Promise<readonly T[]> {
  const { code, stdout, stderr } = await run(["ip", "-n", namespace, "-json", ...words]);
  if (code !== 0) throw new LabError(`Namespace ${namespace} cannot be read: ${stderr.trim()}`);
  // ip(8) writes an empty object for what the words leave out.
  const rows: readonly Partial<T>[] = stdout.trim() === "" ? [] : JSON.parse(stdout);
  return rows.filter((row): row is T => Object.keys(row).length > 0);
}

type ActualDevices = ReadonlyMap<string, ActualDevice>;

async function devicesIn(namespace: string): Promise<ActualDevices> {
  const devices = await read<ActualDevice>(namespace, ["address", "show"]);
  return new Map(devices.map((device) => [device.ifname, device]));
}

const isUp = ({ flags }: ActualDevice): boolean => flags.includes("UP");

/** What makes `device` up or down, with the one address that it is to have. */
function deviceRepairs(
  { topology }: Lab,
  node: string,
  expected: RouterInterface,
  device: ActualDevice,
): readonly BatchLine[] {
  const { name, link, address, up } = expected;
  const family = familyOf(address) === 6 ? "inet6" : "inet";
  const due = `${formatAddress(address)}/${subnetOf(topology, link).length}`;
  const has = device.addr_info
    .filter((at) => at.family === family && at.scope === "global")
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`);
  const about = `${node}.${name} on link ${link}`;
  const commands: string[] = [];
  if (has.join() !== due) commands.push(`address flush dev ${name} scope global`);
  if (has.join() !== due) commands.push(`address add ${due} dev ${name}`);
  if (isUp(device) !== up) commands.push(`link set dev ${name} ${up ? "up" : "down"}`);
  return commands.map((command) => line(about, command));
}

/** A route as `routeText` writes it; one that leads nowhere begins with its type. */
function actualText(route: ActualRoute): string {
  const hops = (route.nexthops ?? [route]).map(({ gateway, dev }) => `via ${gateway} dev ${dev}`);
  const way = hops.length === 1 ? hops.join("") : hops.map((hop) => `nexthop ${hop}`).join(" ");
  const key = `${route.dst} proto ${ROUTE_PROTOCOL} metric ${route.metric ?? 0}`;
  return route.type === undefined ? `${key} ${way}` : `${route.type} ${key}`;
}

/** Destination and metric: what a new route replaces. */
const keyOf = (text: string): string => /\S+ proto \d+ metric \d+/.exec(text)?.[0] ?? text;

async function routeRepairs(lab: Lab, node: string): Promise<readonly BatchLine[]> {
  const due = (routesOf(lab.topology).get(node) ?? []).map(routeText);
  const family = [...lab.topology.links.values()].some((l) => familyOf(l.subnet.address) === 6);
  const words = [family ? "-6" : "-4", "route", "show", "proto", `${ROUTE_PROTOCOL}`];
  const actual = (await read<ActualRoute>(namespaceOf(lab.name, node), words)).map((route) =>
    actualText(route.dst === "default" ? { ...route, dst: family ? "::/0" : "0.0.0.0/0" } : route),
  );
  const missing = due.filter((text) => !actual.includes(text));
  const extra = actual.filter((text) => !due.includes(text));
  // A replaced one of the same metric needs no deletion, and must have none.
  const replaced = new Set(missing.map(keyOf));
  return [
    ...missing.map((text) => line(`A route of ${node}`, `route replace ${text}`)),
    ...extra
      .filter((text) => !replaced.has(keyOf(text)))
      .map((text) => line(`An old route of ${node}`, `route del ${text}`)),
  ];
}

const portOfRouter = ({ topology }: Lab, { node, device }: DevicePlace): RouterInterface =>
  known(
    topology.routers.get(node)?.interfaces.find(({ name }) => name === device),
    `the topology has ${node}.${device}`,
  );

function portRepairs(lab: Lab, link: string, end: LinkEnd, ports: ActualDevices) {
  const port = ports.get(portOf(end.node, end.interface));
  if (port === undefined || (isUp(port) && port.master !== undefined)) return [];
  return portLines(known(lab.topology.links.get(link), `the topology has link ${link}`), end);
}

/** What is not as it should be, as far as it can be repaired now. */
async function findRepairs(lab: Lab, scope: RepairScope): Promise<Repairs> {
  const repairs = new Map<string | null, readonly BatchLine[]>();
  const add = (namespace: string | null, lines: readonly BatchLine[]): void => {
    if (lines.length > 0) repairs.set(namespace, [...(repairs.get(namespace) ?? []), ...lines]);
  };
  const switches = switchNamespaceOf(lab.name);
  const hasSwitches = namespacesOf(lab.topology, lab.name).includes(switches);
  const ports = hasSwitches ? await devicesIn(switches) : new Map<string, ActualDevice>();
  const nodes = new Set(scope.devices.map(({ node }) => node));
  const actual = new Map<string, ActualDevices>();
  for (const node of nodes) actual.set(node, await devicesIn(namespaceOf(lab.name, node)));
  for (const place of scope.devices) {
    const expected = portOfRouter(lab, place);
    const device = actual.get(place.node)?.get(place.device);
    const isAt = ({ node, device: name }: DevicePlace): boolean =>
      node === place.node && name === place.device;
    if (device === undefined) {
      const cables = cablesOf(lab.topology, lab.name, expected.link);
      const made = repairs.get(null) ?? [];
      const lines = cables.filter(({ ends }) => ends.some(isAt)).map((cable) => cable.line);
      add(
        null,
        lines.filter(({ command }) => !made.some((other) => other.command === command)),
      );
      continue;
    }
    add(namespaceOf(lab.name, place.node), deviceRepairs(lab, place.node, expected, device));
    for (const end of endsOf(lab.topology, expected.link)) {
      const isOwn = isAt({ node: end.node, device: end.interface });
      if (isOwn) add(switches, portRepairs(lab, expected.link, end, ports));
    }
  }
  if (repairs.size > 0) return repairs;
  for (const node of scope.routesOf) {
    add(namespaceOf(lab.name, node), await routeRepairs(lab, node));
  }
  return repairs;
}

/**
 * Repairs what can be repaired. Returns what is not as it should be all the same, in words: a route, for one, through an
 * interface that is broken and not in `scope`. Throws LabError if the lab is not there.
 */
export async function repairLab(
  lab: Lab,
  scope: RepairScope = everythingIn(lab),
): Promise<readonly string[]> {
  const said = new Map<string | null, string>();
  for (let pass = 0; ; pass++) {
    const repairs = await findRepairs(lab, scope);
    if (repairs.size === 0 || pass === PASSES) {
      return [...repairs].map(([namespace, lines]) => {
        const wanted = lines.map(({ about, command }) => `${about}: ip ${command}`).join("; ");
        return `${wanted}: ${said.get(namespace) ?? ""}`;
      });
    }
    for (const [namespace, lines] of repairs) {
      const where = namespace === null ? [] : ["-n", namespace];
      const text = lines.map(({ command }) => `${command}\n`).join("");
      const { stderr } = await run(["ip", ...where, "-force", "-batch", "-"], text);
      said.set(namespace, stderr.trim());
    }
  }
}

function everythingIn({ topology }: Lab): RepairScope {
  const routers = [...topology.routers.values()];
  const devices = routers.flatMap(({ name: node, interfaces }) =>
    interfaces.map(({ name: device }) => ({ node, device })),
  );
  return { devices, routesOf: nodesOf(topology) };
}
