// Who forwards where at rest: assert (§9.2), downstream interest (§9.3, §10 Told), forwarding (§9.4), interest (§9.5).
// What a neighbor last told an assert loser depends on history (§8.5), so interest has a third value.
import type { NetworkDescription } from "./network.ts";
import type { Port } from "./ports.ts";
import { holds, isEnabled, neighborsOf } from "./ports.ts";
import type { Offer, TreeStates } from "./tree-state.ts";
import { advertised, bunOf, compareOffers } from "./tree-state.ts";
import type { Truth } from "./truth.ts";
import { anyOf } from "./truth.ts";

/** A non-root interface at rest. */
export interface NonRoot {
  readonly bun: Offer | null;
  readonly isWinner: boolean;
  readonly downstream: Truth;
  readonly forwarding: Truth;
}

/** Interests of a tree, each computed once. */
export interface Forwarding {
  readonly nonRoots: ReadonlyMap<Port, NonRoot>;
  /** Router interest (IT). */
  readonly interested: ReadonlyMap<string, Truth>;
}

/** Whether the tree itself has a kernel entry at the router (§9). */
export function hasEntry(tree: TreeStates, router: string): boolean {
  const path = tree.paths.get(router);
  if (path === undefined || path.root === null) return false;
  const state = tree.states.get(router);
  return state === "ACTIVE" || (state === "UNSURE" && !path.isOriginator);
}

/** Whether the data come to the root from whom they ought to (§9.4). */
function isFed(tree: TreeStates, router: string): boolean {
  const root = tree.paths.get(router)?.root ?? null;
  return tree.states.get(router) === "ACTIVE" || (root !== null && bunOf(tree, root) !== null);
}

function isWinner(tree: TreeStates, port: Port, bun: Offer | null): boolean {
  const path = tree.paths.get(port.router);
  const state = tree.states.get(port.router);
  if (bun === null || path === undefined || state !== "ACTIVE") {
    return bun === null || state === "INACTIVE";
  }
  return compareOffers({ port, rpc: path.rpc }, bun) < 0;
}

/** The forwarding of a tree. `mayLoop`: ports on which data may arrive, where UNSURE routers stop and begin again. */
export function forwardingOf(
  network: NetworkDescription,
  tree: TreeStates,
  mayLoop: (port: Port) => boolean,
): Forwarding {
  const nonRoots = new Map<Port, NonRoot>();
  const interested = new Map<string, Truth>();

  const interestOf = (from: Port, to: Port): Truth => {
    if (advertised(tree, to) === null || advertised(tree, from) !== null) return "no";
    if (bunOf(tree, from)?.port !== to) return "open";
    const path = tree.paths.get(from.router);
    return path?.root === from && !path.isOriginator ? routerInterest(from.router) : "no";
  };

  const downstreamOf = (port: Port): Truth => {
    const { link, igmp } = port;
    const isWanted = network.listeners.some((l) => l.link === link && l.group === tree.group);
    if (igmp && isWanted) return "yes";
    return anyOf(neighborsOf(tree.ports, port).map((other) => interestOf(other, port)));
  };

  const nonRootOf = (port: Port): NonRoot => {
    const bun = bunOf(tree, port);
    const wins = isWinner(tree, port, bun);
    const downstream = downstreamOf(port);
    const hasData = hasEntry(tree, port.router) && isFed(tree, port.router);
    const isAllowed = hasData && wins && !holds(port, tree.source.address);
    const wanted = isAllowed ? downstream : "no";
    const isShaky = tree.states.get(port.router) === "UNSURE" && mayLoop(port);
    return {
      bun,
      isWinner: wins,
      downstream,
      forwarding: isShaky && wanted === "yes" ? "open" : wanted,
    };
  };

  const routerInterest = (router: string): Truth => {
    const known = interested.get(router);
    if (known !== undefined) return known;
    const root = tree.paths.get(router)?.root ?? null;
    for (const port of tree.ports.ofRouter.get(router) ?? []) {
      if (port !== root && isEnabled(port)) nonRoots.set(port, nonRootOf(port));
    }
    const own = (tree.ports.ofRouter.get(router) ?? []).flatMap((p) => nonRoots.get(p) ?? []);
    const interest = anyOf(own.map(({ forwarding }) => forwarding));
    interested.set(router, interest);
    return interest;
  };

  for (const router of tree.ports.ofRouter.keys()) routerInterest(router);
  return { nonRoots, interested };
}

/** Whether the port forwards for certain, or might. */
export const forwards = ({ nonRoots }: Forwarding, port: Port, certainly: boolean): boolean => {
  const truth = nonRoots.get(port)?.forwarding ?? "no";
  return truth === "yes" || (!certainly && truth === "open");
};
