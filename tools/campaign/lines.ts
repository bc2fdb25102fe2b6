// Events of a story as commands of scenario files, and back. Links that fall in two, keys, and second subnets have words
// of their own here: "partition l3 r1.eth0 h2.eth0", "keys r1.eth0 1 2 sends 1", "subnet r1.eth0 s0".
import { prefixHolds } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import type { Millis } from "../../src/base/units.ts";
import { millis } from "../../src/base/units.ts";
import type { Command, Port, WrittenRoute } from "../../src/scenario/command.ts";
import { formatCommand, parseCommand } from "../../src/scenario/commands.ts";
import type { Route, Topology } from "../../src/topology/topology.ts";
import { subnetOf } from "../../src/topology/topology.ts";
import type { Happening, Weather } from "./scene.ts";
import { GOOD_WEATHER } from "./scene.ts";

type Of<K extends Happening["kind"]> = Extract<Happening, { readonly kind: K }>;

const portAt = (end: string): Port => {
  const [router = "", name = ""] = end.split(".");
  return { router, interface: name };
};

const endOf = (port: Port): string => `${port.router}.${port.interface}`;

/** What is written of sending; how often is the campaign's own affair. */
const EVERY = millis(2_000);

/** A change of an interface as commands. */
export function ofInterface({ router, name, change }: Of<"interface">): readonly Command[] {
  const port = { router, interface: name };
  const { up, cost, address, hpim, igmp } = change;
  const commands: Command[] = [];
  if (up !== undefined) commands.push({ kind: up ? "return" : "down", port });
  if (cost !== undefined) commands.push({ kind: "cost", port, cost });
  if (address !== undefined) commands.push({ kind: "readdress", port, address });
  if (hpim !== undefined) commands.push({ kind: "hpim", port, on: hpim });
  if (igmp !== undefined) commands.push({ kind: "igmp", port, on: igmp });
  return commands;
}

function ofWeather({ lost, duplicated, delayed, delay, only }: Weather): Command {
  if (lost + duplicated + delayed === 0) return { kind: "goodWeather" };
  return { kind: "weather", lost, duplicated, delayed, delay, only };
}

/** What a host does as a command; `every`: how often it sends. */
export function ofWish({ kind, on, wish }: Of<"member" | "flow">, every: Millis): Command {
  const about = { host: wish.host, groups: [wish.group] };
  if (kind === "member") return { kind: on ? "join" : "leave", ...about };
  return on ? { kind: "send", ...about, every } : { kind: "stopSending", ...about };
}

const writtenRoute = ({ destination, metric, nextHops }: Route): WrittenRoute => ({
  destination,
  metric,
  via: nextHops.map(({ via }) => via),
});

function ofKeys({ router, name, keys }: Of<"keys">): string {
  const sends = keys.sendWith === null ? [] : ["sends", keys.sendWith];
  return ["keys", `${router}.${name}`, ...keys.identifiers, ...sends].join(" ");
}

/** An event as lines of a scenario file. */
export function linesOf(what: Happening): readonly string[] {
  switch (what.kind) {
    case "interface":
      return ofInterface(what).map(formatCommand);
    case "vanish": {
      const port = { router: what.router, interface: what.name };
      return [formatCommand({ kind: "vanish", port })];
    }
    case "start":
    case "stop":
    case "kill":
      return [formatCommand({ kind: what.kind, routers: [what.router] })];
    case "blink":
    case "rest":
      return [formatCommand(what)];
    case "routes": {
      const routes = what.routes.map(writtenRoute);
      return [formatCommand({ kind: "routes", router: what.router, routes })];
    }
    case "clock": {
      const step = millis(what.seconds * 1_000);
      return [formatCommand({ kind: "clock", router: what.router, step })];
    }
    case "member":
    case "flow":
      return [formatCommand(ofWish(what, EVERY))];
    case "oneWay": {
      const [hearer, sayer] = [portAt(what.pair.to), portAt(what.pair.from)];
      return [formatCommand({ kind: what.on ? "deaf" : "hear", hearer, sayer })];
    }
    case "weather":
      return [formatCommand(ofWeather(what.weather))];
    case "partition":
      return [["partition", what.link, ...what.away].join(" ")];
    case "keys":
      return [ofKeys(what)];
    case "subnet": {
      const joins = what.source === null ? [] : [what.source];
      return [["subnet", `${what.router}.${what.name}`, ...joins].join(" ")];
    }
  }
}

/** What a line says: something happens, time passes, routers learn of routes as late, or what is not of a campaign. */
export type Line =
  | { readonly kind: "happening"; readonly what: Happening }
  | { readonly kind: "wait"; readonly span: Millis }
  | { readonly kind: "lag"; readonly span: Millis }
  | { readonly kind: "start" }
  | { readonly kind: "problem"; readonly message: string };

function ownWords(text: string): Happening | null {
  const [word = "", about = "", ...rest] = text.split(" ");
  const { router, interface: name } = portAt(about);
  if (word === "partition") return { kind: "partition", link: about, away: rest };
  if (word === "subnet") return { kind: "subnet", router, name, source: rest[0] ?? null };
  if (word !== "keys") return null;
  const sends = rest.indexOf("sends");
  const identifiers = (sends === -1 ? rest : rest.slice(0, sends)).map(Number);
  const sendWith = sends === -1 ? null : Number(rest[sends + 1]);
  return { kind: "keys", router, name, keys: { identifiers, sendWith } };
}

function routesOf(topology: Topology, router: string, routes: readonly WrittenRoute[]): Route[] {
  const { interfaces } = known(topology.routers.get(router), `there is ${router}`);
  return routes.map(({ destination, metric, via }) => ({
    destination,
    metric,
    nextHops: via.map((hop) => {
      const port = interfaces.find(({ link }) => prefixHolds(subnetOf(topology, link), hop));
      return { via: hop, interface: known(port, `${router} has a way to its next hop`).name };
    }),
  }));
}

type OnPort = Extract<Command, { readonly port: Port }>;

function onPort(command: OnPort): Happening | null {
  const { router, interface: name } = command.port;
  const at = { kind: "interface", router, name } as const;
  switch (command.kind) {
    case "up":
    case "return":
      return { ...at, change: { up: true } };
    case "down":
      return { ...at, change: { up: false } };
    case "cost":
      return { ...at, change: { cost: command.cost } };
    case "readdress":
      return { ...at, change: { address: command.address } };
    case "hpim":
      return { ...at, change: { hpim: command.on } };
    case "igmp":
      return { ...at, change: { igmp: command.on } };
    case "vanish":
      return { kind: "vanish", router, name };
    default:
      return null;
  }
}

function ofHost(command: Extract<Command, { readonly host: string }>): Happening | null {
  if (!("groups" in command)) return null;
  const [group] = command.groups;
  if (group === undefined) return null;
  const wish = { host: command.host, group };
  const isFlow = command.kind === "send" || command.kind === "stopSending";
  const on = command.kind === "send" || command.kind === "join";
  return { kind: isFlow ? "flow" : "member", wish, on };
}

function happeningOf(topology: Topology, command: Command): Happening | null {
  if ("port" in command) return onPort(command);
  if ("host" in command) return ofHost(command);
  switch (command.kind) {
    case "start":
    case "stop":
    case "kill": {
      const [router] = command.routers;
      return router === undefined ? null : { kind: command.kind, router };
    }
    case "blink":
    case "rest":
      return command;
    case "routes": {
      const routes = routesOf(topology, command.router, command.routes);
      return { kind: "routes", router: command.router, routes };
    }
    case "clock":
      return { kind: "clock", router: command.router, seconds: command.step / 1_000 };
    case "deaf":
    case "hear": {
      const pair = { from: endOf(command.sayer), to: endOf(command.hearer) };
      return { kind: "oneWay", pair, on: command.kind === "deaf" };
    }
    case "weather": {
      const { kind: _, ...weather } = command;
      return { kind: "weather", weather };
    }
    case "goodWeather":
      return { kind: "weather", weather: GOOD_WEATHER };
    default:
      return null;
  }
}

/** What a command of a scenario file says. */
export function parseLine(topology: Topology, text: string): Line {
  const own = ownWords(text);
  if (own !== null) return { kind: "happening", what: own };
  const parsed = parseCommand(text);
  if (parsed.kind === "problem") return parsed;
  const { command } = parsed;
  if (command.kind === "wait" || command.kind === "lag") return command;
  if (command.kind === "start" && command.routers.length === 0) return { kind: "start" };
  const what = happeningOf(topology, command);
  if (what === null) return { kind: "problem", message: `no campaign does "${text}"` };
  return { kind: "happening", what };
}
