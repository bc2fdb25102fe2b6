// What a scenario needs of a network, whether its routers run on the simulator or on the real kernel.
import assert from "node:assert/strict";
import type { CountersRow } from "../../src/api/lists/counters.ts";
import type { GroupsAnswer } from "../../src/api/lists/groups.ts";
import type { InterfacesAnswer } from "../../src/api/lists/interfaces.ts";
import type { NeighborsAnswer } from "../../src/api/lists/neighbors.ts";
import type { TreesAnswer } from "../../src/api/lists/trees.ts";
import { type Address, formatAddress } from "../../src/base/address.ts";
import type { Message } from "../../src/core/messages.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import type { SimulatedAct } from "../../src/scenario/command.ts";
import type { InterfaceChange } from "../../src/topology/topology.ts";
import type { OpenKey } from "../support/hmac.ts";
import type { Packet } from "./lines-of-data.ts";
import type { Loss } from "./loss.ts";
import type { Tolerance } from "./spans.ts";

/** A message that was seen on a link. */
export interface Seen<M> {
  /** Milliseconds; only differences mean something. */
  readonly at: number;
  readonly from: Address;
  readonly to: Address;
  readonly message: M;
  /** The message as it was sent. */
  readonly payload: Uint8Array;
}

/** A key as the configuration file has it: with its secret, or with a file that holds it. */
export type ScenarioKey = Omit<OpenKey, "secret"> &
  ({ readonly secret: string } | { readonly secretFile: string });

/** Settings that a scenario asks for where the defaults would take minutes, as the configuration file names them. */
export interface ScenarioSettings {
  readonly hpim?: Readonly<Record<string, string | number | boolean>>;
  readonly igmp?: Readonly<Record<string, string | number>>;
  /** Of every interface that a protocol runs on. */
  readonly security?: { readonly keys: readonly ScenarioKey[] };
  /** Of single interfaces, by router and name, in place of those above. */
  readonly interfaces?: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

/** A network that a scenario runs in. Routers and hosts go by the names of the topology. */
export interface ScenarioNetwork {
  /** Starts the daemons of these routers, or of all. */
  start(...routers: readonly string[]): Promise<void>;
  /** Ends a daemon in good order. */
  stop(router: string): Promise<void>;
  /** Ends a daemon without a word. */
  kill(router: string): Promise<void>;
  setProtocol(router: string, name: string, protocol: "hpim" | "igmp", on: boolean): Promise<void>;
  /** Changes costs or states of interfaces; unicast routing follows at once. */
  change(...changes: readonly InterfaceChange[]): Promise<void>;
  join(host: string, group: string): Promise<void>;
  leave(host: string, group: string): Promise<void>;
  /** Begins to send one packet to each of the groups every `intervalMillis`, until `stopSending`. */
  send(host: string, groups: readonly string[], intervalMillis: number): Promise<void>;
  /** To all groups unless told; on the kernel, those of one `send` end together. */
  stopSending(host: string, groups?: readonly string[]): Promise<void>;

  trees(router: string): Promise<TreesAnswer["trees"]>;
  neighbors(router: string): Promise<NeighborsAnswer["neighbors"]>;
  /** Whose messages a router has dropped for their signatures. */
  refused(router: string): Promise<NeighborsAnswer["refused"]>;
  interfaces(router: string): Promise<InterfacesAnswer["interfaces"]>;
  groups(router: string): Promise<GroupsAnswer["groups"]>;
  counters(router: string): Promise<readonly CountersRow[]>;

  /** HPIM-DM messages on a link since the last mark. */
  messages(link: string): Promise<readonly Seen<Message>[]>;
  /** IGMP messages on a link since the last mark. */
  igmp(link: string): Promise<readonly Seen<IgmpMessage>[]>;
  /** Data packets on a link since the last mark. */
  packets(link: string): Promise<readonly Packet[]>;
  /** How many they are. */
  data(link: string): Promise<number>;
  /** Numbers of the packets of a group that a host has got since the last mark. */
  received(host: string, group: string): Promise<readonly number[]>;
  /** What was seen and received so far does not count any more. */
  mark(): Promise<void>;

  /** Of times of what is seen. */
  readonly tolerance: Tolerance;
  /** Seconds within which what is expected to be shown is so, and what is waited for happens. */
  readonly patience: { readonly show: number; readonly until: number };
  /** Of a router, or of every router but for its single interfaces. */
  configuration(router?: string): Configuration;
  /** The time on the clock of what is seen, in milliseconds. */
  clock(): number;
  /** Lets time pass. */
  pause(millis: number): Promise<void>;
  /** Does what is possible on the simulator alone; on the kernel it is not there. */
  readonly simulate?: (act: SimulatedAct) => void;

  /** Takes a host off its link. */
  unplug(host: string): Promise<void>;
  /** From now on these messages are lost. */
  lose(loss: Loss): Promise<void>;
  /** No message is lost any more; on the kernel, what was lost first is heard first. */
  loseNothing(): Promise<void>;
  /** Gives an interface of a router a further address, or takes it away: "10.1.1.2/24". */
  setAddress(router: string, name: string, address: string, present: boolean): Promise<void>;

  /** Waits until the condition holds; fails with the last reason it gave when it does not in time. */
  until(condition: () => Promise<void>, deadlineSeconds?: number): Promise<void>;
}

/** Fails unless `at` is `span` after `since`, all in milliseconds, as exactly as it can be seen. */
export function expectSpan(
  { tolerance: { early, late } }: ScenarioNetwork,
  [since, at]: readonly [since: number, at: number],
  span: number,
): void {
  const over = at - since - span;
  assert.ok(-early <= over && over <= late, `${at - since} ms have passed, not ${span}`);
}

const rpcText = ({ preference, metric }: { preference: number; metric: number }): string =>
  `${preference}/${metric}`;

/** A message as a line: "10.2.2.1 IamUpstream 2/0", "10.2.2.2 Interest 10.2.2.1". */
export function lineOf({ from, to, message }: Seen<Message>): string {
  const sender = formatAddress(from);
  switch (message.kind) {
    case "hello":
      return `${sender} Hello ${message.options.holdTimeSeconds}`;
    case "sync": {
      const bits = `${message.leader ? "M" : "-"}${message.part.more ? "m" : "-"}`;
      return `${sender} Sync ${message.syncSn} ${bits} ${formatAddress(to)}`;
    }
    case "iamUpstream":
      return `${sender} IamUpstream ${rpcText(message.rpc)}`;
    case "iamNoLongerUpstream":
      return `${sender} IamNoLongerUpstream`;
    case "interest":
      return `${sender} Interest ${formatAddress(to)}`;
    case "noInterest":
      return `${sender} NoInterest ${formatAddress(to)}`;
    case "ack":
      return `${sender} Ack ${formatAddress(to)}`;
  }
}

/** What was said of trees on a link since the mark, but for Acks, as lines. */
export const treeLines = async (
  network: ScenarioNetwork,
  link: string,
): Promise<readonly string[]> =>
  (await network.messages(link)).filter(({ message }) => "sn" in message).map(lineOf);

/**
 * A router's view of the only tree, or of one group, as lines: "ACTIVE", "eth0 root", "eth1 AW DI forwarding",
 * "eth2 AL pruned". Who is interested in what an assert loser offers depends on who was heard first (§8.5).
 */
export async function stateOf(
  network: ScenarioNetwork,
  router: string,
  group?: string,
): Promise<readonly string[]> {
  const trees = await network.trees(router);
  const tree = group === undefined ? trees[0] : trees.find((row) => row.group === group);
  if (tree === undefined) return [];
  const lines = tree.interfaces.map((at) => {
    if (at.nonRoot === null) return `${at.interface} root`;
    const { assert: election, downstream, forwarding } = at.nonRoot;
    if (!election.winner) return `${at.interface} AL ${forwarding.state}`;
    return `${at.interface} AW ${downstream.interested ? "DI" : "NDI"} ${forwarding.state}`;
  });
  return [tree.state, ...lines];
}

/** Waits until these routers see their tree like this. */
export async function untilStates(
  network: ScenarioNetwork,
  expected: Readonly<Record<string, readonly string[]>>,
  deadlineSeconds?: number,
): Promise<void> {
  await network.until(async () => {
    for (const [router, lines] of Object.entries(expected)) {
      assert.deepEqual(await stateOf(network, router), lines, `${router}'s tree`);
    }
  }, deadlineSeconds);
}

/** Waits until every running router has exactly this number of SYNCED neighbors and no others. */
export async function untilSynced(
  network: ScenarioNetwork,
  expected: Readonly<Record<string, number>>,
): Promise<void> {
  await network.until(async () => {
    for (const [router, count] of Object.entries(expected)) {
      const states = (await network.neighbors(router)).map(({ state }) => state);
      assert.deepEqual(states, new Array(count).fill("SYNCED"), `${router}'s neighbors`);
    }
  });
}
