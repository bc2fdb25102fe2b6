// What happens to the routers of a chaos run: plain values, drawn at random for a seed.
import type { Address, Prefix } from "../../src/base/address.ts";
import { formatAddress, formatPrefix, ip } from "../../src/base/address.ts";
import type { Random } from "../../src/base/random.ts";
import type { Millis } from "../../src/base/units.ts";
import { millis } from "../../src/base/units.ts";
import { subnetOf, type Topology } from "../../src/topology/topology.ts";
import { GROUPS, happens, pick } from "../campaign/generate.ts";
import { linesOf } from "../campaign/lines.ts";
import type { Happening, Scene, Wish } from "../campaign/scene.ts";
import { sceneAfter } from "../campaign/scene.ts";

/** "carrier": the other end of the cable goes down; "delete": the interface is made anew, with another number. */
export interface DeviceHarm {
  readonly kind: "carrier" | "down" | "delete" | "noAddress" | "secondAddress" | "renumber";
  readonly name: string;
}

/** What the machine of a router suffers for a while. */
export type Harm =
  /** SIGKILL, or SIGTERM; then a new start. */
  | { readonly kind: "kill" | "stop" }
  /** SIGSTOP; then SIGCONT. */
  | { readonly kind: "hang" }
  | DeviceHarm
  /** A part of what arrives there is lost. */
  | { readonly kind: "loss"; readonly name: string }
  /** A protocol is switched off, by a command. */
  | { readonly kind: "hpim" | "igmp"; readonly name: string }
  /** The route to a link's subnet is gone, leads nowhere, or gets a worse metric. */
  | { readonly kind: "noRoute" | "blackhole" | "worseRoute"; readonly link: string }
  /** Another configuration file is loaded. */
  | { readonly kind: "reload" }
  /** Thousands of routes to elsewhere come and go at once: news of them finds no room, above all while a daemon hangs. */
  | { readonly kind: "routeBurst" };

/** A thing that happens: a harm, which ends by itself; or a change that stays. */
export type Shock =
  | { readonly kind: "harm"; readonly router: string; readonly harm: Harm; readonly span: Millis }
  | { readonly kind: "change"; readonly what: Happening };

/** A shock, and when it comes after the beginning of the round. */
export interface Due {
  readonly at: Millis;
  readonly shock: Shock;
}

/** How rounds are drawn. */
export interface Temper {
  /** Harm is done for so long. */
  readonly span: Millis;
  /** Mean time between shocks. */
  readonly pause: Millis;
  /** A neighbor that is silent for so long has failed. */
  readonly holdTime: Millis;
  readonly longestHarm: Millis;
  /** Routers whose daemon is never killed: what it leaks adds up. */
  readonly spared: ReadonlySet<string>;
}

const INTERFACE_HARMS = [
  ...(["carrier", "carrier", "down", "down", "delete", "delete"] as const),
  ...(["noAddress", "secondAddress", "renumber", "hpim", "igmp", "loss"] as const),
];
const ROUTE_HARMS = ["noRoute", "blackhole", "worseRoute"] as const;

function harmAtRandom(random: Random, { topology }: Scene, temper: Temper): Shock {
  const router = pick(random, [...topology.routers.values()]);
  const within = (longest: number): Millis => millis(20 + random.below(Math.max(1, longest)));
  // Short, about the hold time, and long.
  const span = within(
    pick(random, [200, temper.holdTime, 2 * temper.holdTime, temper.longestHarm]),
  );
  const harmed = (harm: Harm): Shock => ({ kind: "harm", router: router.name, harm, span });
  const what = random.below(100);
  if (what < 18 && !temper.spared.has(router.name)) {
    return harmed({ kind: what < 13 ? "kill" : "stop" });
  }
  if (what < 36) return harmed({ kind: "hang" });
  if (what < 80) {
    const { name } = pick(random, router.interfaces);
    return harmed({ kind: pick(random, INTERFACE_HARMS), name });
  }
  if (what < 95) {
    const link = pick(random, [...topology.links.keys()]);
    return harmed({ kind: pick(random, ROUTE_HARMS), link });
  }
  return harmed({ kind: what < 98 ? "reload" : "routeBurst" });
}

function wishAtRandom(random: Random, scene: Scene): Happening {
  const isFlow = happens(random, 40);
  const list = isFlow ? scene.flows : scene.members;
  const names = [...scene.topology.hosts.keys()].filter((name) => name.startsWith("s") === isFlow);
  const wish: Wish = { host: pick(random, names), group: pick(random, GROUPS) };
  const on = !list.some(({ host, group }) => host === wish.host && group === wish.group);
  return { kind: isFlow ? "flow" : "member", wish, on };
}

function changeAtRandom(random: Random, scene: Scene): Happening {
  if (happens(random, 60)) return wishAtRandom(random, scene);
  const router = pick(random, [...scene.topology.routers.values()]);
  const { name } = pick(random, router.interfaces);
  const cost = 5 * (1 + random.below(4));
  return { kind: "interface", router: router.name, name, change: { cost } };
}

/** What has some listener hear some source, if none does. */
function leastTraffic({ flows, members }: Scene): readonly Happening[] {
  const heard = flows.filter((flow) => members.some((member) => member.group === flow.group));
  if (heard.length > 0) return [];
  return GROUPS.slice(0, 1).flatMap((group): readonly Happening[] => [
    { kind: "flow", wish: { host: "s0", group }, on: true },
    { kind: "member", wish: { host: "h2", group }, on: true },
  ]);
}

/** The shocks of a round that begins with `scene`, in order. A few rounds are gentle, a few are storms. */
export function shocksOf(random: Random, scene: Scene, temper: Temper): readonly Due[] {
  const pause = temper.pause * pick(random, [0.3, 1, 1, 1, 4]);
  const due: Due[] = [];
  let present = scene;
  const change = (at: number, what: Happening): void => {
    present = sceneAfter(present, what);
    due.push({ at: millis(at), shock: { kind: "change", what } });
  };
  for (let at = 0; at < temper.span; at += 1 + random.below(2 * pause)) {
    if (happens(random, 25)) change(at, changeAtRandom(random, present));
    else due.push({ at: millis(at), shock: harmAtRandom(random, present, temper) });
  }
  for (const what of leastTraffic(present)) change(temper.span, what);
  return due;
}

/** Host part of the addresses that interfaces get in place of theirs, or beside them. */
export const OTHER_HOST = { renumber: 77, secondAddress: 88 } as const;

/** The address of a subnet of /24 with this host part. */
export const otherAddress = ({ address }: Prefix, host: number): Address =>
  ip(formatAddress(address).replace(/\.0$/, `.${host}`));

const seconds = (span: Millis): string => `${(span / 1000).toFixed(2)} s`;

function harmText(topology: Topology, router: string, harm: Harm): string {
  if ("name" in harm) return `${harm.kind} ${router}.${harm.name}`;
  if (!("link" in harm)) return `${harm.kind} ${router}`;
  return `${harm.kind} ${router} to ${formatPrefix(subnetOf(topology, harm.link))}`;
}

/** A shock in words. */
export function shockText(topology: Topology, shock: Shock): string {
  if (shock.kind === "change") return linesOf(shock.what).join("; ");
  return `${harmText(topology, shock.router, shock.harm)} for ${seconds(shock.span)}`;
}
