// Names of the kinds of events and of networks that a campaign is to have seen.
import { known } from "../../src/base/invariant.ts";
import { endsOn } from "./generate.ts";
import type { Happening, Scene, Weather } from "./scene.ts";

type OfInterface = Extract<Happening, { kind: "interface" }>["change"];

function changeName({ up, cost, address, hpim, igmp }: OfInterface): string {
  if (up !== undefined) return up ? "interface up" : "interface down";
  if (cost !== undefined) return "metric changed";
  if (address !== undefined) return "address changed";
  const protocols = [
    ["HPIM-DM", hpim],
    ["IGMP", igmp],
  ] as const;
  const [name, on] = known(
    protocols.find(([, state]) => state !== undefined),
    "something changes",
  );
  return `${name} switched ${on === true ? "on" : "off"}`;
}

const weatherName = ({ lost, duplicated, delayed }: Weather): string =>
  lost + duplicated + delayed === 0 ? "good weather" : "bad weather";

const keysName = (identifiers: readonly number[]): string =>
  identifiers.length > 1 ? "key added" : "key changed";

const LASTING = {
  ...{ vanish: "interface gone", start: "daemon started", stop: "daemon stopped" },
  ...{ kill: "daemon killed", blink: "routes gone for a moment", routes: "routes replaced" },
  ...{ clock: "clock stepped", rest: "rest" },
} as const;

/** The name of the kind of an event. */
export function eventName(what: Happening): string {
  switch (what.kind) {
    case "interface":
      return changeName(what.change);
    case "member":
      return what.on ? "joined" : "left";
    case "flow":
      return what.on ? "source began" : "source stopped";
    case "oneWay":
      return what.on ? "one way lost" : "one way restored";
    case "partition":
      return what.away.length > 0 ? "link partitioned" : "link healed";
    case "keys":
      return keysName(what.keys.identifiers);
    case "subnet":
      return what.source === null ? "subnet left" : "subnet joined";
    case "weather":
      return weatherName(what.weather);
    default:
      return LASTING[what.kind];
  }
}

const SIZES = [
  [12, "4 to 12 routers"],
  [30, "13 to 30 routers"],
  [60, "31 to 60 routers"],
] as const;

const NAMES = {
  lan: "network with a LAN",
  cable: "network with a point-to-point link",
  parallel: "network with parallel links",
  loop: "network with a loop",
  sources: "network with several sources",
  originators: "network with two originators",
  keys: "network with keys",
} as const;

/** What is in a network, by name. */
export function featuresOf({ topology, keys }: Scene): readonly string[] {
  const { routers, links, hosts } = topology;
  const ends = new Map([...links.keys()].map((link) => [link, endsOn(topology, link)]));
  const crowds = [...ends.values()].map((on) => on.map((end) => end.split(".")[0]));
  const pairs = crowds.filter((on) => on.length === 2).map((on) => on.toSorted().join());
  const sources = [...hosts.values()].filter(({ name }) => name.startsWith("s"));
  // A network without loops has one link less than it has ends that are not a router's first.
  const plugged = crowds.reduce((sum, on) => sum + on.length, 0);
  const size = known(
    SIZES.find(([most]) => routers.size <= most),
    "networks have at most 60 routers",
  );
  const has: Readonly<Record<keyof typeof NAMES, boolean>> = {
    lan: crowds.some((on) => on.length > 2),
    cable: pairs.length > 0,
    parallel: new Set(pairs).size < pairs.length,
    loop: plugged > routers.size + links.size - 1,
    sources: sources.length > 1,
    originators: sources.some(({ link }) => (ends.get(link)?.length ?? 0) > 1),
    keys: keys.size > 0,
  };
  const names = Object.entries(NAMES).filter(([name]) => has[name as keyof typeof NAMES]);
  return [size[1], ...names.map(([, text]) => text)];
}

/** All kinds of events, and of networks. */
export const ALL_KINDS: readonly string[] = [
  ...["interface up", "interface down", "interface gone", "metric changed", "address changed"],
  ...["subnet joined", "subnet left"],
  ...["HPIM-DM switched on", "HPIM-DM switched off", "IGMP switched on", "IGMP switched off"],
  ...["daemon started", "daemon stopped", "daemon killed", "routes gone for a moment"],
  ...["routes replaced", "clock stepped", "joined", "left", "source began", "source stopped"],
  ...["one way lost", "one way restored", "link partitioned", "link healed", "key added"],
  ...["key changed", "good weather", "bad weather", "rest"],
  ...SIZES.map(([, name]) => name),
  ...Object.values(NAMES),
];
