// Makes a scenario's acts happen in a network.
import { formatAddress } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { seconds } from "../../src/base/units.ts";
import type { Act } from "../../src/scenario/command.ts";
import { membershipKindOf } from "./lines-of-membership.ts";
import { namesOn } from "./names.ts";
import type { ScenarioNetwork } from "./scenario-network.ts";
import { isSimulated, type Stage, unsynced } from "./stage.ts";

/** Nothing but Hellos is said for so long: no timer of a synchronisation or retransmission is left (§16). */
const REST_MILLIS = seconds(60);

type About<K extends Act["kind"]> = Extract<Act, { readonly kind: K }>;

/** How often a node has said a kind of message on a link since the mark, and when last. */
export async function sayings(
  network: ScenarioNetwork,
  stage: Stage,
  { node, link, message }: Pick<About<"untilSaid">, "node" | "link" | "message">,
): Promise<readonly number[]> {
  const names = namesOn(stage.topology, link);
  const isMembership = ["generalQuery", "groupQuery", "report", "leave"].includes(message);
  const seen = isMembership
    ? (await network.igmp(link)).filter((one) => membershipKindOf(one) === message)
    : (await network.messages(link)).filter((one) => one.message.kind === message);
  return seen.flatMap(({ from, at }) => (names(from).split(".")[0] === node ? [at] : []));
}

/** When a message that is not a Hello was last said anywhere; -Infinity: never since the mark. */
export async function lastSaid(network: ScenarioNetwork, stage: Stage): Promise<number> {
  const links = [...stage.topology.links.keys()];
  const perLink = await Promise.all(links.map((link) => network.messages(link)));
  const last = perLink.map((seen) => seen.findLast(({ message }) => message.kind !== "hello")?.at);
  return Math.max(...last.map((at) => at ?? Number.NEGATIVE_INFINITY));
}

/** Lets time pass until nothing but Hellos has been said for `millis`, nor since `begin`. */
export function untilQuiet(
  network: ScenarioNetwork,
  stage: Stage,
  { begin, millis }: { readonly begin: number; readonly millis: number },
): Promise<void> {
  return network.until(async () => {
    const since = network.clock() - Math.max(begin, await lastSaid(network, stage));
    if (since < millis) throw new Error(`messages have been said ${since} ms ago`);
  }, network.patience.until);
}

async function untilSynced(network: ScenarioNetwork, stage: Stage): Promise<void> {
  await network.until(async () => {
    const routers = await unsynced(network, stage);
    if (routers.length > 0) throw new Error(`not synced: ${routers.join("; ")}`);
  }, network.patience.until);
}

async function untilSaid(
  network: ScenarioNetwork,
  stage: Stage,
  act: About<"untilSaid">,
): Promise<void> {
  await network.until(async () => {
    const { length } = await sayings(network, stage, act);
    if (length < act.times) throw new Error(`said ${length} times, not ${act.times}`);
  }, network.patience.until);
}

async function change(
  network: ScenarioNetwork,
  { kind, port, ...rest }: About<"up" | "down" | "cost">,
): Promise<void> {
  const at = { router: port.router, interface: port.interface };
  if ("cost" in rest) await network.change({ ...at, cost: rest.cost });
  else await network.change({ ...at, up: kind === "up" });
}

async function onInterface(network: ScenarioNetwork, act: Act): Promise<void> {
  switch (act.kind) {
    case "up":
    case "down":
    case "cost":
      return change(network, act);
    case "addAddress":
    case "removeAddress": {
      const { router, interface: name } = act.port;
      const text = `${formatAddress(act.address.address)}/${act.address.length}`;
      return network.setAddress(router, name, text, act.kind === "addAddress");
    }
    case "hpim":
    case "igmp":
      return network.setProtocol(act.port.router, act.port.interface, act.kind, act.on);
    default:
      throw new Error(`bug: nothing does ${act.kind}`);
  }
}

async function each(items: readonly string[], act: (item: string) => Promise<void>): Promise<void> {
  await Promise.all(items.map(act));
}

/** Does what a person or the network does in a scenario; `stage` is what has become of it so far. */
export async function perform(network: ScenarioNetwork, stage: Stage, act: Act): Promise<void> {
  if (isSimulated(act)) {
    known(network.simulate, `the network can ${act.kind}`)(act);
    if (act.kind === "rest") {
      await untilQuiet(network, stage, { begin: network.clock(), millis: REST_MILLIS });
    }
    return;
  }
  switch (act.kind) {
    case "start":
      return network.start(...act.routers);
    case "stop":
      return each(act.routers, (router) => network.stop(router));
    case "kill":
      return each(act.routers, (router) => network.kill(router));
    case "join":
      return each(act.groups.map(formatAddress), (group) => network.join(act.host, group));
    case "leave":
      return each(act.groups.map(formatAddress), (group) => network.leave(act.host, group));
    case "send":
      return network.send(act.host, act.groups.map(formatAddress), act.every);
    case "stopSending":
      return network.stopSending(act.host, act.groups.map(formatAddress));
    case "unplug":
      return network.unplug(act.host);
    case "lose": {
      const { router: from, link, message: kind, skip, count } = act;
      return network.lose({ from, link, kind, skip, ...(count === null ? {} : { count }) });
    }
    case "loseNothing":
      return network.loseNothing();
    case "wait":
      return network.pause(act.span);
    case "mark":
      return network.mark();
    case "untilSynced":
      return untilSynced(network, stage);
    case "untilSaid":
      return untilSaid(network, stage, act);
    default:
      return onInterface(network, act);
  }
}
