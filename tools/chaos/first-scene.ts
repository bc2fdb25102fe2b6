// What a chaos run begins with.
import { orderedKeys } from "../../src/base/ordered.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { GROUPS } from "../campaign/generate.ts";
import type { Scene, Wish } from "../campaign/scene.ts";
import { DATA_TTL } from "./traffic.ts";

/** All routers run, and nothing is wanted or sent. */
export const silentScene = (topology: Topology): Scene => ({
  topology,
  running: new Set(orderedKeys(topology.routers)),
  ...{ members: [], flows: [], deaf: [], parts: new Map(), keys: new Map() },
  ttl: DATA_TTL,
});

/** All routers run; two groups are wanted, and sent to from two sides. */
export function firstScene(topology: Topology): Scene {
  const wishes = (host: string, index: number): readonly Wish[] =>
    GROUPS.slice(index, index + 1).map((group) => ({ host, group }));
  return {
    ...silentScene(topology),
    members: [...["h1", "h2", "h3"].flatMap((host) => wishes(host, 0)), ...wishes("h0", 1)],
    flows: [...wishes("s0", 0), ...wishes("s1", 1)],
  };
}
