// Whether the routers, interfaces, hosts and links that a command names are in the network.
import { didYouMean } from "../api/suggestion.ts";
import { endsOf, nodesOf, type Topology } from "../topology/topology.ts";
import type { Command, Port, SaidMessage } from "./command.ts";

interface Names {
  readonly routers: readonly string[];
  readonly hosts: readonly string[];
  readonly links: readonly string[];
  readonly ports: readonly string[];
  readonly nodes: readonly string[];
}

function namesOf(topology: Topology): Names {
  const routers = [...topology.routers.values()];
  return {
    routers: [...topology.routers.keys()],
    hosts: [...topology.hosts.keys()],
    links: [...topology.links.keys()],
    ports: routers.flatMap(({ name, interfaces }) => interfaces.map((at) => `${name}.${at.name}`)),
    nodes: nodesOf(topology),
  };
}

const portText = (port: Port): string => `${port.router}.${port.interface}`;

/** The names in a command by what they name. */
function namedIn(command: Command): readonly (readonly [what: keyof Names, name: string])[] {
  const named: (readonly [keyof Names, string])[] = [];
  if ("routers" in command) for (const name of command.routers) named.push(["routers", name]);
  if ("router" in command) named.push(["routers", command.router]);
  if ("hosts" in command) for (const name of command.hosts) named.push(["hosts", name]);
  if ("host" in command) named.push(["hosts", command.host]);
  if ("links" in command) for (const name of command.links) named.push(["links", name]);
  if ("link" in command) named.push(["links", command.link]);
  if ("port" in command) named.push(["ports", portText(command.port)]);
  if ("hearer" in command) {
    named.push(["ports", portText(command.hearer)], ["ports", portText(command.sayer)]);
  }
  for (const { node, link } of saidIn(command)) named.push(["nodes", node], ["links", link]);
  return named;
}

function saidIn(command: Command): readonly SaidMessage[] {
  if (command.kind === "untilSaid") return [command];
  return "since" in command && command.since !== null ? [command.since] : [];
}

const SINGULAR: Readonly<Record<keyof Names, string>> = {
  routers: "router",
  hosts: "host",
  links: "link",
  ports: "interface",
  nodes: "router or host",
};

/** What is wrong with the names in a command; undefined: nothing. */
export function nameProblem(topology: Topology, command: Command): string | undefined {
  const names = namesOf(topology);
  for (const [what, name] of namedIn(command)) {
    if (names[what].includes(name)) continue;
    return `the network has no ${SINGULAR[what]} ${name}${didYouMean(name, names[what])}`;
  }
  for (const { node, link } of saidIn(command)) {
    if (endsOf(topology, link).some((end) => end.node === node)) continue;
    return `${node} is not on link ${link}`;
  }
  return undefined;
}
