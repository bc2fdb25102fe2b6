// What is shown in a scenario: looks at a network, and tells what there is as lines.
import { type Address, formatAddress } from "../../src/base/address.ts";
import type { Show } from "../../src/scenario/command.ts";
import { endsOf } from "../../src/topology/topology.ts";
import type { OpenKey } from "../support/hmac.ts";
import { sayings } from "./acts.ts";
import { copyLines, membershipCopyLines } from "./lines-of-copies.ts";
import type { PacketId } from "./lines-of-data.ts";
import { copiesText, doubledText, lostText, totalText } from "./lines-of-data.ts";
import { membershipLines } from "./lines-of-membership.ts";
import {
  exchangeLines,
  messageLines,
  numberLines,
  saidLines,
  snapshotLines,
} from "./lines-of-messages.ts";
import * as state from "./lines-of-state.ts";
import { namesOn } from "./names.ts";
import type { ScenarioNetwork } from "./scenario-network.ts";
import { afterText, settingMillis } from "./spans.ts";
import type { Stage } from "./stage.ts";

/** What is looked at. */
export interface Sight {
  readonly network: ScenarioNetwork;
  readonly stage: Stage;
  /** With which all messages are to be signed, if there are any. */
  readonly keys: readonly OpenKey[];
  /** Lines that are expected; they say how exactly a time is to be told. */
  readonly expected: readonly string[];
}

/** Packets of a steady flow that are looked at. */
const WINDOW = 25;
/** All copies of a packet have been seen by then, in milliseconds. */
const UNDER_WAY = 100;

type About<K extends Show["kind"]> = Extract<Show, { readonly kind: K }>;
type Lines = Promise<readonly string[]>;

/** Those that are named, or all that run. */
const routersOf = ({ stage }: Sight, { routers }: { readonly routers: readonly string[] }) =>
  routers.length > 0
    ? routers
    : [...stage.topology.routers.keys()].filter((name) => stage.running.has(name));

const linksOf = ({ stage }: Sight, { links }: { readonly links: readonly string[] }) =>
  links.length > 0 ? links : [...stage.topology.links.keys()];

const hostsOf = ({ stage }: Sight, { hosts }: { readonly hosts: readonly string[] }) =>
  hosts.length > 0 ? hosts : [...stage.topology.hosts.keys()];

async function ofEach(
  items: readonly string[],
  linesOf: (item: string) => Promise<readonly string[] | string>,
): Lines {
  return (await Promise.all(items.map(linesOf))).flat();
}

/** The lines of each link, each behind the link's name. */
const ofLinks = (
  sight: Sight,
  show: { readonly links: readonly string[] },
  linesOf: (link: string) => Lines,
): Lines =>
  ofEach(linksOf(sight, show), async (link) =>
    (await linesOf(link)).map((line) => `${link}  ${line}`),
  );

function treesOf(sight: Sight, show: About<"showTrees">): Lines {
  const groups = show.groups.map(formatAddress);
  return ofEach(routersOf(sight, show), async (router) => {
    const trees = await sight.network.trees(router);
    const asked = trees.filter(({ group }) => groups.length === 0 || groups.includes(group));
    return state.treeLines(router, asked);
  });
}

/** What a neighbor of a router is called. */
function neighborName(
  { stage }: Sight,
  router: string,
  row: { interface: string; address: string },
) {
  const ports = stage.topology.routers.get(router)?.interfaces ?? [];
  const link = ports.find(({ name }) => name === row.interface)?.link ?? "";
  for (const { name, interfaces } of stage.topology.routers.values()) {
    const end = interfaces.find(
      (at) => at.link === link && formatAddress(at.address) === row.address,
    );
    if (end !== undefined) {
      const isOnlyOne = interfaces.filter((at) => at.link === link).length === 1;
      return { router: name, interface: end.name, text: isOnlyOne ? name : `${name}.${end.name}` };
    }
  }
  return { router: "", interface: "", text: row.address };
}

function neighborsOf(sight: Sight, show: { readonly routers: readonly string[] }): Lines {
  return ofEach(routersOf(sight, show), async (router) => {
    const rows = await sight.network.neighbors(router);
    const named = rows.map((row) => ({
      row,
      name: neighborName(sight, router, row).text,
      more: "",
    }));
    return state.neighborLine(router, named);
  });
}

/** Whether both sides of a neighborhood have the same pairs of BootTimes and SnapshotSNs. */
async function agreement(
  sight: Sight,
  router: string,
  row: Awaited<ReturnType<ScenarioNetwork["neighbors"]>>[number],
): Promise<string> {
  const { network, stage } = sight;
  const other = neighborName(sight, router, row);
  if (!stage.running.has(other.router)) return " alone";
  const theirs = (await network.neighbors(other.router)).find((one) => {
    const back = neighborName(sight, other.router, one);
    const isThere = back.router === router && back.interface === row.interface;
    return one.interface === other.interface && isThere;
  });
  const own = (await network.interfaces(other.router)).find(({ name }) => name === other.interface);
  const isAgreed =
    theirs?.mySsn === row.neighborSsn &&
    theirs.neighborSsn === row.mySsn &&
    own?.hpim.bootTime === row.bootTime;
  return isAgreed ? " agreed" : " not agreed";
}

const synchronisationsOf = (sight: Sight, show: About<"showSynchronisations">): Lines =>
  ofEach(routersOf(sight, show), async (router) => {
    const rows = await sight.network.neighbors(router);
    const named = rows.map(async (row) => ({
      row,
      name: neighborName(sight, router, row).text,
      more: await agreement(sight, router, row),
    }));
    return state.neighborLine(router, await Promise.all(named));
  });

/** Lines, and the time since a message if that is asked for. */
async function timed(
  { network, stage, expected }: Sight,
  { since, by }: Pick<About<"showNeighbors">, "since" | "by">,
  lines: readonly string[],
): Lines {
  if (since === null) return lines;
  const last = (await sayings(network, stage, since)).at(-1);
  if (last === undefined) return [...lines, "after nothing was said"];
  const { tolerance } = network;
  const unit =
    by === null ? null : { name: by, millis: settingMillis(network.configuration(), by) };
  const text = afterText(network.clock() - last, unit, {
    expected: expected.at(-1) ?? "",
    tolerance,
  });
  return [...lines, text];
}

async function ofRouters(sight: Sight, show: About<"showGroups" | "showQueriers">): Lines {
  const { network } = sight;
  const lines = await ofEach(routersOf(sight, show), async (router) =>
    show.kind === "showGroups"
      ? state.groupLines(router, await network.groups(router))
      : state.querierLine(router, await network.interfaces(router)),
  );
  return timed(sight, show, lines);
}

async function copiesOf(sight: Sight, show: About<"showCopies">, link: string): Lines {
  const { network, stage, keys } = sight;
  const { igmp } = network.configuration().defaults;
  const names = namesOn(stage.topology, link);
  const settingOf = (sender: Address, name: string): number => {
    const end = endsOf(stage.topology, link).find(({ address }) => address === sender);
    return settingMillis(network.configuration(end?.node), name, end?.interface);
  };
  const options = {
    ...{ names, settingOf, igmp, keys },
    ...{ tolerance: network.tolerance, only: show.only },
  };
  const lines = [
    ...copyLines(await network.messages(link), options),
    ...membershipCopyLines(await network.igmp(link), options),
  ];
  return lines.length === 0 ? ["nothing"] : lines;
}

type MessageShow = About<
  "showSaid" | "showMessages" | "showExchange" | "showSnapshots" | "showMembership" | "showNumbers"
>;

async function saidOn(
  { network, stage }: Sight,
  show: MessageShow,
  link: string,
): Promise<readonly string[]> {
  const { router, defaults } = network.configuration();
  const names = namesOn(stage.topology, link);
  if (show.kind === "showMembership") {
    return membershipLines(await network.igmp(link), names, defaults.igmp);
  }
  const messages = await network.messages(link);
  if (show.kind === "showSaid") return saidLines(messages, names);
  if (show.kind === "showExchange") return exchangeLines(messages, names);
  if (show.kind === "showSnapshots") return snapshotLines(messages, names);
  if (show.kind === "showMessages") return messageLines(messages, names, show.only);
  return numberLines(messages, names, router.sequenceNumberLimit);
}

/** Packets that are sent from now on, when all copies of them have been seen. */
async function windowOf({ network, stage }: Sight): Promise<readonly PacketId[]> {
  const { topology, sending } = stage;
  const begin = network.clock();
  const sent = new Map<string, readonly PacketId[]>();
  await network.until(async () => {
    for (const host of sending.keys()) {
      const { link = "", address } = topology.hosts.get(host) ?? {};
      const packets = (await network.packets(link)).filter(
        ({ at, source }) => at > begin && source === address,
      );
      const distinct = new Map(packets.map((one) => [`${one.group} ${one.number}`, one]));
      sent.set(host, [...distinct.values()].slice(0, WINDOW));
      if (distinct.size < WINDOW) throw new Error(`${host} has sent ${distinct.size} packets`);
    }
  }, network.patience.until);
  await network.pause(UNDER_WAY);
  return [...sent.values()].flat();
}

/** The packets of the window, which a run of shows has in common. */
export type Window = { packets: readonly PacketId[] | null };

async function packetsOf(sight: Sight, window: Window): Promise<readonly PacketId[]> {
  window.packets ??= await windowOf(sight);
  return window.packets;
}

async function dataOf(sight: Sight, show: About<"showData">, window: Window): Lines {
  const sent = await packetsOf(sight, window);
  return ofLinks(sight, show, async (link) => [
    copiesText(sent, await sight.network.packets(link)),
  ]);
}

async function receivedOf(sight: Sight, show: About<"showReceived">, window: Window): Lines {
  const sent = await packetsOf(sight, window);
  const asked = sent.filter(({ group }) => show.groups.length === 0 || show.groups.includes(group));
  const groups = [...new Set(asked.map(({ group }) => group))];
  return ofEach(hostsOf(sight, show), async (host) => {
    const got = await Promise.all(
      groups.map(async (group) => {
        const numbers = await sight.network.received(host, formatAddress(group));
        return numbers.map((number) => ({ group, number }));
      }),
    );
    return `${host}  ${copiesText(asked, got.flat())}`;
  });
}

/** Numbers of the packets that a host has got since the mark, of the only group that is sent to. */
async function numbersAt({ network, stage }: Sight, host: string): Promise<readonly number[]> {
  const groups = [...new Set([...stage.sending.values()].flat())];
  const perGroup = groups.map((group) => network.received(host, formatAddress(group)));
  return (await Promise.all(perGroup)).flat();
}

/** What a show command shows now. */
export async function look(sight: Sight, show: Show, window: Window): Lines {
  const { network } = sight;
  switch (show.kind) {
    case "showTrees":
      return treesOf(sight, show);
    case "showNeighbors":
      return timed(sight, show, await neighborsOf(sight, show));
    case "showSynchronisations":
      return synchronisationsOf(sight, show);
    case "showGroups":
    case "showQueriers":
      return ofRouters(sight, show);
    case "showReasons":
      return ofEach(routersOf(sight, show), async (router) =>
        state.reasonLines(router, await network.trees(router)),
      );
    case "showAssert":
      return state.assertLines(show.port.interface, await network.trees(show.port.router));
    case "showCounters":
      return ofEach(routersOf(sight, show), async (router) =>
        state.counterLines(router, await network.counters(router)),
      );
    case "showCopies":
      return ofLinks(sight, show, (link) => copiesOf(sight, show, link));
    case "showData":
      return dataOf(sight, show, window);
    case "showAllData":
      return ofLinks(sight, show, async (link) => [totalText(await network.packets(link))]);
    case "showReceived":
      return receivedOf(sight, show, window);
    case "showLost":
      return ofEach(
        hostsOf(sight, show),
        async (host) => `${host}  ${lostText(await numbersAt(sight, host))}`,
      );
    case "showDoubled":
      return ofEach(
        hostsOf(sight, show),
        async (host) => `${host}  ${doubledText(await numbersAt(sight, host))}`,
      );
    case "showSaid":
    case "showMessages":
    case "showExchange":
    case "showSnapshots":
    case "showMembership":
    case "showNumbers":
      return ofLinks(sight, show, (link) => saidOn(sight, show, link));
  }
}

/** Whether it shows packets of a window. */
export const isOfWindow = ({ kind }: Show): boolean =>
  kind === "showData" || kind === "showReceived";
