// The premises of P3-P5 and P8 (§17), one by one, for a tree.
import type { ListenerDescription, NetworkDescription } from "./network.ts";
import type { Port } from "./ports.ts";
import { areNeighbors, holds, isEnabled, runsHpim } from "./ports.ts";
import type { ReversePath } from "./reverse-path.ts";
import { compareRpcs } from "./reverse-path.ts";
import type { TreeStates } from "./tree-state.ts";

/** Which premises hold. */
export interface Premises {
  /**
   * Every router on the routes to S runs HPIM-DM on them, no gateway is on S's own link, where nobody advertises, and
   * those that S's subnet is connected to hear S.
   */
  readonly isOnRoutes: boolean;
  /** Routers on one link hear each other. */
  readonly isHeard: boolean;
  /** RPCs fall strictly towards S. */
  readonly doRpcsFall: boolean;
  /** No router has two non-root interfaces on one link other than S's. */
  readonly isPluggedOnce: boolean;
  /** Where there is a listener, all routers that may forward to it serve listeners. */
  readonly areListenersServed: boolean;
}

/** Whether all premises hold. */
export const doAllHold = (premises: Premises): boolean => Object.values(premises).every(Boolean);

/** The router that a route goes to next; undefined: HPIM-DM does not run there. */
function nextPort(tree: TreeStates, { out, gateway }: ReversePath): Port | undefined {
  const onLink = tree.ports.onLink.get(out.link) ?? [];
  return onLink.find((port) => port.address === gateway && runsHpim(port));
}

function isOnRoute(tree: TreeStates, path: ReversePath): boolean {
  if (path.root === null) return false;
  if (path.isOriginator) return path.root.link === tree.source.link;
  return nextPort(tree, path) !== undefined && !holds(path.root, tree.source.address);
}

function doesFall(tree: TreeStates, path: ReversePath): boolean {
  const next = nextPort(tree, path);
  if (path.isOriginator || next === undefined) return true;
  const rpc = tree.paths.get(next.router)?.rpc;
  return rpc !== undefined && compareRpcs(rpc, path.rpc) < 0;
}

/** The enabled ports of each link that do not lead to S itself. */
function crowds(tree: TreeStates): readonly (readonly Port[])[] {
  const counts = (port: Port): boolean => isEnabled(port) && !holds(port, tree.source.address);
  return [...tree.ports.onLink.values()].map((onLink) => onLink.filter(counts));
}

const isRoot = (tree: TreeStates, port: Port): boolean =>
  tree.paths.get(port.router)?.root === port;

const isServed = (
  tree: TreeStates,
  crowd: readonly Port[],
  listener: ListenerDescription,
): boolean => crowd.every((port) => port.link !== listener.link || isRoot(tree, port) || port.igmp);

/** The premises for a tree. */
export function premisesOf(network: NetworkDescription, tree: TreeStates): Premises {
  const paths = [...tree.paths.values()];
  const links = crowds(tree);
  const wanted = network.listeners.filter(({ group }) => group === tree.group);
  const pairs = links.flatMap((crowd) => crowd.flatMap((a) => crowd.map((b) => [a, b] as const)));
  const others = pairs.filter(([a, b]) => a !== b);
  return {
    isOnRoutes: paths.every((path) => isOnRoute(tree, path)),
    isHeard: others.every(([a, b]) => a.router === b.router || areNeighbors(tree.ports, a, b)),
    doRpcsFall: paths.every((path) => doesFall(tree, path)),
    isPluggedOnce: others.every(
      ([a, b]) => a.router !== b.router || isRoot(tree, a) || isRoot(tree, b),
    ),
    areListenersServed: links.every((crowd) => wanted.every((l) => isServed(tree, crowd, l))),
  };
}
