// The way back to a source: RPC, root interface and originator (§1).
import type { Address } from "../base/address.ts";
import { prefixHolds } from "../base/address.ts";
import { compare } from "../base/ordered.ts";
import type { NextHopDescription, RouterDescription } from "./network.ts";
import type { Port } from "./ports.ts";
import { holds, isEnabled, runsHpim } from "./ports.ts";

/** Root path cost; lower is better, preference first. */
export interface Rpc {
  readonly preference: number;
  readonly metric: number;
}

/** What a router's unicast table says of a source. */
export interface ReversePath {
  readonly rpc: Rpc;
  readonly isOriginator: boolean;
  /** null: HPIM-DM does not run on the interface of the route. */
  readonly root: Port | null;
  /** The interface of the route. */
  readonly out: Port;
  readonly gateway: Address | null;
}

/** Negative: `a` is better. */
export const compareRpcs = (a: Rpc, b: Rpc): number =>
  compare(a.preference, b.preference) || compare(a.metric, b.metric);

/** Of several next hops a connected one, else the one with the highest gateway. */
function chosen(hops: readonly NextHopDescription[]): NextHopDescription | undefined {
  const connected = hops.find(({ gateway }) => gateway === null);
  if (connected !== undefined) return connected;
  return hops.toSorted((a, b) => compare(b.gateway ?? "", a.gateway ?? ""))[0];
}

/** The reverse path of a router to `source`; null: it has no route. */
export function reversePath(
  { routes }: RouterDescription,
  ports: readonly Port[],
  source: Address,
): ReversePath | null {
  const portOf = (name: string): Port | undefined => ports.find((port) => port.name === name);
  const live = routes
    .filter(({ destination }) => prefixHolds(destination, source))
    .map((route) => ({
      ...route,
      hop: chosen(route.nextHops.filter((hop) => portOf(hop.interface)?.up === true)),
    }))
    .filter(({ hop }) => hop !== undefined)
    .sort((a, b) => b.destination.length - a.destination.length || compare(a.metric, b.metric));
  const [best] = live;
  const out = best?.hop === undefined ? undefined : portOf(best.hop.interface);
  if (best?.hop === undefined || out === undefined) return null;
  const { gateway } = best.hop;
  const isOriginator = gateway === null && holds(out, source);
  const isRoot = runsHpim(out) || (isOriginator && isEnabled(out));
  const rpc = { preference: best.protocol, metric: best.metric };
  return { rpc, isOriginator, root: isRoot ? out : null, out, gateway };
}
