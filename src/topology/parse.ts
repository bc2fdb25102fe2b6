// Topology files: YAML text to a Topology, or all that is wrong with it, each with its path and line; and back.
import { type Document, isNode, LineCounter, parseDocument, stringify } from "yaml";
import { type Address, formatAddress, formatPrefix, prefixHolds } from "../base/address.ts";
import { compare } from "../base/ordered.ts";
import { checkMeaning } from "./check.ts";
import {
  type Complaint,
  checkShape,
  type Path,
  type RouterEntry,
  type TopologyFile,
} from "./schema.ts";
import type { Host, Link, Route, Router, RouterInterface, Topology } from "./topology.ts";

/** One thing wrong with a topology file. */
export interface TopologyProblem {
  /** Where: "routers.R1.interfaces.eth0.link"; empty for the whole file or its YAML. */
  readonly path: string;
  /** Line of the text, from 1. */
  readonly line: number;
  readonly message: string;
}

/** What a text turned out to be. */
export type ParsedTopology =
  | { readonly kind: "topology"; readonly topology: Topology }
  | { readonly kind: "problems"; readonly problems: readonly TopologyProblem[] };

/** The problem as a line of text: "line 12: routers.R1.routes.0.via: ...". */
export const formatProblem = ({ path, line, message }: TopologyProblem): string =>
  `line ${line}: ${path === "" ? "" : `${path}: `}${message}`;

function lineOf(document: Document, path: Path, lines: LineCounter): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function withInterfaces(
  name: string,
  { interfaces, routes }: RouterEntry,
  links: ReadonlyMap<string, Link>,
): Router {
  const ports = Object.entries(interfaces).map(
    ([port, rest]): RouterInterface => ({ name: port, ...rest }),
  );
  const towards = (via: Address): string =>
    ports.find(({ link }) => {
      const subnet = links.get(link)?.subnet;
      return subnet !== undefined && prefixHolds(subnet, via);
    })?.name ?? "";
  return {
    name,
    interfaces: ports,
    routes: routes.map(({ to, via, metric }): Route => {
      const gateways = [via].flat().sort(compare);
      const nextHops = gateways.map((gateway) => ({ via: gateway, interface: towards(gateway) }));
      return { destination: to, nextHops, metric };
    }),
  };
}

function topologyOf(file: TopologyFile): Topology {
  const named = <V extends object>(record: Record<string, V>): [string, V & { name: string }][] =>
    Object.entries(record).map(([name, value]) => [name, { name, ...value }]);
  const links = new Map<string, Link>(named(file.links));
  const routers = Object.entries(file.routers).map(
    ([name, router]) => [name, withInterfaces(name, router, links)] as const,
  );
  return {
    name: file.name,
    igmpVersion: file.igmpVersion,
    links,
    routers: new Map<string, Router>(routers),
    hosts: new Map<string, Host>(named(file.hosts)),
    flows: file.flows,
  };
}

/** What the text says as plain data, or why that cannot be told: an alias of nothing, or a bomb of aliases. */
function plainOf(document: Document): { readonly value: unknown } | { readonly message: string } {
  try {
    return { value: document.toJS() };
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
}

/** The topology that `text` (YAML) writes, or all that is wrong with it. Never throws. */
export function parseTopology(text: string): ParsedTopology {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    ...{ lineCounter: lines, prettyErrors: false, stringKeys: true },
  });
  const problems = document.errors.map(({ message, pos }) => ({
    path: "",
    line: lines.linePos(pos[0]).line,
    message,
  }));
  if (problems.length > 0) return { kind: "problems", problems };
  const placed = ({ path, message }: Complaint): TopologyProblem => ({
    path: path.join("."),
    line: lineOf(document, path, lines),
    message,
  });
  const plain = plainOf(document);
  if ("message" in plain) return { kind: "problems", problems: [{ path: "", line: 1, ...plain }] };
  const shape = checkShape(plain.value);
  const complaints = "file" in shape ? checkMeaning(shape.file) : shape.complaints;
  return "file" in shape && complaints.length === 0
    ? { kind: "topology", topology: topologyOf(shape.file) }
    : { kind: "problems", problems: complaints.map(placed).sort((a, b) => a.line - b.line) };
}

const routeText = ({ destination, nextHops, metric }: Route): object => ({
  to: formatPrefix(destination),
  via: nextHops.map(({ via }) => formatAddress(via)),
  metric,
});

/** YAML text that `parseTopology` reads as `topology`. */
export function formatTopology(topology: Topology): string {
  const record = <V extends { readonly name: string }, T>(
    map: ReadonlyMap<string, V>,
    write: (value: V) => T,
  ): Record<string, T> => Object.fromEntries([...map].map(([name, value]) => [name, write(value)]));
  const placeOf = <V extends { readonly address: Address; readonly name: string }>({
    name: _,
    address,
    ...rest
  }: V): object => ({ ...rest, address: formatAddress(address) });
  const file = {
    name: topology.name,
    igmpVersion: topology.igmpVersion,
    links: record(topology.links, ({ subnet, snooping }) => ({
      subnet: formatPrefix(subnet),
      snooping,
    })),
    routers: record(topology.routers, ({ interfaces, routes }) => ({
      interfaces: Object.fromEntries(interfaces.map((port) => [port.name, placeOf(port)])),
      routes: routes.map(routeText),
    })),
    hosts: record(topology.hosts, placeOf),
    flows: topology.flows.map((flow) => ({ ...flow, group: formatAddress(flow.group) })),
  };
  return stringify(file satisfies Record<keyof TopologyFile, unknown>);
}
