// Interfaces as the protocol sees them: where it runs (§5.6), and who can be whose neighbor (§2.3).
import type { Address } from "../base/address.ts";
import { prefixHolds } from "../base/address.ts";
import type { InterfaceDescription, NetworkDescription, RouterDescription } from "./network.ts";

/** An interface of a router. Ports are compared by identity. */
export interface Port extends InterfaceDescription {
  readonly router: string;
}

/** The ports of a network. */
export interface Ports {
  readonly all: readonly Port[];
  readonly ofRouter: ReadonlyMap<string, readonly Port[]>;
  readonly onLink: ReadonlyMap<string, readonly Port[]>;
  /** Whether what `from` sends reaches `to`, which is on the same link. */
  readonly hears: (to: Port, from: Port) => boolean;
  /** The neighbors of each port. */
  readonly neighbors: ReadonlyMap<Port, readonly Port[]>;
}

/** Whether HPIM-DM runs on the port. */
export const runsHpim = (port: Port): boolean => port.up && port.hpim;

/** Whether the port takes part in forwarding: HPIM-DM runs there, or listeners are served. */
export const isEnabled = (port: Port): boolean => port.up && (port.hpim || port.igmp);

/** Whether `source` lies on a subnet of the port. */
export const holds = ({ subnet, alsoOn }: Port, source: Address): boolean =>
  [subnet, ...alsoOn].some((prefix) => prefixHolds(prefix, source));

const portsOf = ({ name, interfaces }: RouterDescription): readonly Port[] =>
  interfaces.map((port) => ({ ...port, router: name }));

/** All ports of a network, with their places. */
export function portsIn(network: NetworkDescription): Ports {
  const ofRouter = new Map(network.routers.map((router) => [router.name, portsOf(router)]));
  const all = [...ofRouter.values()].flat();
  const links = new Set(all.map(({ link }) => link));
  const onLink = new Map([...links].map((link) => [link, all.filter((p) => p.link === link)]));
  const isDeaf = (to: Port, from: Port): boolean =>
    network.deaf.some((pair) => pair.from === from.address && pair.to === to.address);
  const hears = (to: Port, from: Port): boolean => to.up && from.up && !isDeaf(to, from);
  const neighbors = new Map<Port, readonly Port[]>();
  const ports = { all, ofRouter, onLink, hears, neighbors };
  for (const port of all) {
    const others = onLink.get(port.link) ?? [];
    neighbors.set(
      port,
      others.filter((other) => areNeighbors(ports, port, other)),
    );
  }
  return ports;
}

/** §3: whether `to` believes the signature of `from`, or that it has none. */
const believes = ({ accepts }: Port, { signsWith }: Port): boolean =>
  signsWith === null ? accepts.length === 0 : accepts.includes(signsWith);

/** Whether messages of `from` are accepted at `to`. */
function reaches(ports: Ports, from: Port, to: Port): boolean {
  const isLinked = to.link === from.link && to.router !== from.router;
  const run = runsHpim(to) && runsHpim(from);
  const isAccepted = holds(to, from.address) && to.address !== from.address && believes(to, from);
  return isLinked && run && isAccepted && ports.hears(to, from);
}

/** Whether two ports end up SYNCED (P1): messages go both ways. */
export const areNeighbors = (ports: Ports, a: Port, b: Port): boolean =>
  reaches(ports, a, b) && reaches(ports, b, a);

/** The neighbors of a port. */
export const neighborsOf = (ports: Ports, port: Port): readonly Port[] =>
  ports.neighbors.get(port) ?? [];

/** Those that a port hears, but that do not hear it. */
export const halfHeardBy = (ports: Ports, port: Port): readonly Port[] =>
  (ports.onLink.get(port.link) ?? []).filter(
    (other) => reaches(ports, other, port) && !reaches(ports, port, other),
  );
