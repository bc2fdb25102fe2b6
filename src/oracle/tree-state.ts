// Who is ACTIVE, UNSURE or INACTIVE for a tree at rest, and who advertises where (§9.1, §10 Advertised).
// An ACTIVE router leans on a strictly better one, so one set of routers fits, and starting from the originators finds it.
import type { Address } from "../base/address.ts";
import { compare } from "../base/ordered.ts";
import type { NetworkDescription, SourceDescription } from "./network.ts";
import type { Port, Ports } from "./ports.ts";
import { holds, neighborsOf, runsHpim } from "./ports.ts";
import type { ReversePath, Rpc } from "./reverse-path.ts";
import { compareRpcs, reversePath } from "./reverse-path.ts";

/** State of a tree at a router. */
export type TreeState = "ACTIVE" | "UNSURE" | "INACTIVE";

/** A tree, and what its routers are. */
export interface TreeStates {
  readonly source: SourceDescription;
  readonly group: Address;
  readonly ports: Ports;
  readonly paths: ReadonlyMap<string, ReversePath>;
  readonly states: ReadonlyMap<string, TreeState>;
}

/** A port with the RPC that is known of it. */
export interface Offer {
  readonly port: Port;
  readonly rpc: Rpc;
}

/** Negative: `a` is better: lower RPC, then higher address. */
export const compareOffers = (a: Offer, b: Offer): number =>
  compareRpcs(a.rpc, b.rpc) || compare(b.port.address, a.port.address);

/** What a port's router advertises there (§10); null: nothing. */
export function advertised(tree: TreeStates, port: Port): Offer | null {
  const path = tree.paths.get(port.router);
  if (path === undefined || tree.states.get(port.router) !== "ACTIVE") return null;
  if (!runsHpim(port) || path.root === port || holds(port, tree.source.address)) return null;
  return { port, rpc: path.rpc };
}

/** BUN of a port; null: nobody on the link is UPSTREAM. */
export function bunOf(tree: TreeStates, port: Port): Offer | null {
  const offers = neighborsOf(tree.ports, port).flatMap((other) => advertised(tree, other) ?? []);
  return offers.sort(compareOffers)[0] ?? null;
}

function isActive(tree: TreeStates, path: ReversePath): boolean {
  const { root, isOriginator, rpc } = path;
  if (root === null) return false;
  const { link, groups } = tree.source;
  if (isOriginator) return root.link === link && groups.includes(tree.group);
  const bun = bunOf(tree, root);
  return bun !== null && compareRpcs(bun.rpc, rpc) < 0;
}

function isUnsure(tree: TreeStates, router: string): boolean {
  const path = tree.paths.get(router);
  const counts = (port: Port): boolean => path?.isOriginator !== true || port !== path.root;
  const ports = tree.ports.ofRouter.get(router) ?? [];
  return ports.some((port) => counts(port) && bunOf(tree, port) !== null);
}

/** The states of all routers for a tree. */
export function treeStates(
  network: NetworkDescription,
  ports: Ports,
  source: SourceDescription,
  group: Address,
): TreeStates {
  const paths = new Map<string, ReversePath>();
  for (const router of network.routers) {
    const path = reversePath(router, ports.ofRouter.get(router.name) ?? [], source.address);
    if (path !== null) paths.set(router.name, path);
  }
  const states = new Map<string, TreeState>(network.routers.map(({ name }) => [name, "INACTIVE"]));
  const tree = { source, group, ports, paths, states };
  for (let grows = true; grows; ) {
    grows = false;
    for (const [name, path] of paths) {
      if (states.get(name) === "ACTIVE" || !isActive(tree, path)) continue;
      states.set(name, "ACTIVE");
      grows = true;
    }
  }
  for (const [name, state] of states) {
    if (state === "INACTIVE" && isUnsure(tree, name)) states.set(name, "UNSURE");
  }
  return tree;
}
