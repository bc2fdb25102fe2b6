// A network with one trouble or two at a time: what an operator has done wrong, and how it is put right again.
//
//   Source -S- O -K- A -L- B -D- Client
//                      `-- C --'
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { TestContext } from "node:test";
import { stringify } from "yaml";
import type { FindingKind } from "../../src/api/diagnosis.ts";
import { treesSchema } from "../../src/api/lists/trees.ts";
import {
  daemonConfiguration,
  daemonFilesOf,
  queryDaemon,
  startDaemon,
  stopDaemon,
} from "../../src/lab/daemon-process.ts";
import { execInNode } from "../../src/lab/exec.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { startReceiver, startSender, type TrafficProcess } from "../../src/lab/traffic.ts";
import { waitUntil } from "../../src/lab/wait-until.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { whenDone } from "../support/cleanup.ts";
import { COMMAND } from "../support/command.ts";
import { PATIENCE_MS } from "../support/until.ts";
import { labSite, outputIn, upQuietly } from "./labs.ts";

/** The flow. */
export const FLOW = { source: "10.1.1.100", group: "224.12.12.12" } as const;
const RATE = 50;

const NETWORK = `
name: troubles
links:
  S: { subnet: 10.1.1.0/24 }
  K: { subnet: 10.2.2.0/24 }
  L: { subnet: 10.3.3.0/24 }
  D: { subnet: 10.4.4.0/24 }
routers:
  O: { interfaces: { eth0: { link: S, address: 10.1.1.1 }, eth1: { link: K, address: 10.2.2.1 } } }
  A: { interfaces: { eth0: { link: K, address: 10.2.2.2 }, eth1: { link: L, address: 10.3.3.2 } } }
  B: { interfaces: { eth0: { link: L, address: 10.3.3.9 }, eth1: { link: D, address: 10.4.4.9 } } }
  C: { interfaces: { eth0: { link: L, address: 10.3.3.3 }, eth1: { link: D, address: 10.4.4.3 } } }
hosts:
  Source: { link: S, address: 10.1.1.100 }
  Client: { link: D, address: 10.4.4.100 }
`;

/** So that what takes time takes little. */
const QUICK = {
  helloPeriod: "1s",
  syncRetransmissionTime: "500ms",
  syncHoldTime: "2s",
  retransmissionTime: "500ms",
};

function troubledTopology(): Topology {
  const parsed = parseTopology(NETWORK);
  if (parsed.kind === "topology") return parsed.topology;
  throw new Error(JSON.stringify(parsed.problems));
}

/** The network, up, with its flow. */
export class TroubledNetwork {
  readonly lab: Lab;
  #receiver: TrafficProcess<unknown> | null = null;

  private constructor(lab: Lab) {
    this.lab = lab;
  }

  /** Brings it up until the test ends. */
  static async up(context: TestContext): Promise<TroubledNetwork> {
    const lab = await upQuietly(labSite(context), troubledTopology());
    for (const router of lab.topology.routers.values()) {
      const text = `${stringify({ hpim: QUICK })}${daemonConfiguration(router)}`;
      const { configuration } = daemonFilesOf(lab, router.name);
      mkdirSync(dirname(configuration), { recursive: true });
      writeFileSync(configuration, text);
      await startDaemon(lab, router.name);
    }
    const made = new TroubledNetwork(lab);
    const sender = startSender(lab, { node: "Source", groups: [FLOW.group], rate: RATE });
    await sender.waitReady();
    await made.join();
    whenDone(context, async () => {
      await sender.stop();
      await made.leave();
    });
    return made;
  }

  /** The client joins. */
  async join(): Promise<void> {
    const receiver = startReceiver(this.lab, { node: "Client", groups: [FLOW.group] });
    await receiver.waitReady();
    this.#receiver = receiver;
  }

  /** The client leaves. */
  async leave(): Promise<void> {
    await this.#receiver?.stop();
    this.#receiver = null;
  }

  /** Runs a command in a node, which must succeed. */
  readonly run = (node: string, command: string): Promise<string> =>
    outputIn(this.lab, node, command);

  /** Words with which `hpim-dm` is run for a router: what it printed. */
  async command(
    router: string,
    ...words: readonly string[]
  ): Promise<{ code: number; stdout: string }> {
    const { runtimeDirectory } = daemonFilesOf(this.lab, router);
    const hpim = [process.execPath, COMMAND, ...words, "--runtime-dir", runtimeDirectory];
    return execInNode(this.lab, router, hpim);
  }
}

/** What goes wrong, seen from router B. */
export interface Trouble {
  readonly name: string;
  readonly make: (network: TroubledNetwork) => Promise<unknown>;
  readonly mend: (network: TroubledNetwork) => Promise<unknown>;
  /** What explain and doctor call it; null: to doctor it is normal. */
  readonly explained: FindingKind;
  readonly doctored: FindingKind | null;
}

/** Metrics of the routes to the source: A 20, B and C 30. */
const METRICS = { healthy: 30, ofUpstream: 20, better: 25 };

const routeOf = (node: "B" | "C", metric: number, network: TroubledNetwork): Promise<string> =>
  network.run(node, `ip route add 10.1.1.0/24 via 10.3.3.2 dev eth0 proto 11 metric ${metric}`);

const withoutRoute = (node: "B" | "C", network: TroubledNetwork): Promise<string> =>
  network.run(node, "ip route del 10.1.1.0/24 proto 11");

async function moveRoute(node: "B" | "C", metric: number, network: TroubledNetwork): Promise<void> {
  await withoutRoute(node, network);
  await routeOf(node, metric, network);
}

/** Whether data that B cannot use have come there: it remembers them for a minute, when nobody offers the tree any more (§13). */
async function refusesData({ lab }: TroubledNetwork): Promise<boolean> {
  const { trees } = treesSchema.parse(await queryDaemon(lab, "B", "trees"));
  return trees.some(({ entry }) => entry?.kind === "blocking");
}

/** The source sends packets that get as far as B, and no farther. */
const ttl: Trouble = {
  name: "the source's TTL is too low",
  explained: "ttl-too-low",
  doctored: "ttl-too-low",
  make: async ({ run }) => {
    await run("Source", "nft add table ip low");
    await run("Source", "nft add chain ip low out { type filter hook output priority 0 ; }");
    await run("Source", `nft add rule ip low out ip daddr ${FLOW.group} ip ttl set 3`);
  },
  mend: ({ run }) => run("Source", "nft delete table ip low"),
};

const noRoute: Trouble = {
  name: "no route",
  explained: "no-route",
  doctored: "no-route",
  make: async (network) => {
    await withoutRoute("B", network);
    await waitUntil(() => refusesData(network), PATIENCE_MS);
  },
  mend: (network) => routeOf("B", METRICS.healthy, network),
};

const noHpim: Trouble = {
  name: "the route leaves by an interface without HPIM-DM",
  explained: "route-without-hpim",
  doctored: "route-without-hpim",
  make: (network) => network.command("B", "interface", "remove", "eth0"),
  mend: (network) => network.command("B", "interface", "add", "eth0"),
};

const equal: Trouble = {
  name: "equal metrics",
  explained: "equal-costs",
  doctored: "equal-costs",
  make: (network) => moveRoute("B", METRICS.ofUpstream, network),
  mend: (network) => moveRoute("B", METRICS.healthy, network),
};

const loser: Trouble = {
  name: "assert loser",
  explained: "assert-loser",
  doctored: null,
  make: (network) => moveRoute("C", METRICS.better, network),
  mend: (network) => moveRoute("C", METRICS.healthy, network),
};

const noListener: Trouble = {
  name: "no listener",
  explained: "nobody-wants-it",
  doctored: null,
  make: (network) => network.leave(),
  mend: (network) => network.join(),
};

/** Interfaces of B, and who is on their links. */
const PEERS = {
  eth0: { node: "A", ours: "10.3.3.9" },
  eth1: { node: "C", ours: "10.4.4.9" },
} as const;

/** A neighbor hears nothing of B, which begins anew there. */
const oneWay = (name: keyof typeof PEERS): Trouble => ({
  name: `one-way neighbor on ${name}`,
  explained: "one-way-neighbor",
  doctored: "one-way-neighbor",
  make: async (network) => {
    const { node, ours } = PEERS[name];
    await network.run(node, "nft add table ip deaf");
    await network.run(node, "nft add chain ip deaf in { type filter hook input priority 0 ; }");
    await network.run(node, `nft add rule ip deaf in ip protocol 103 ip saddr ${ours} drop`);
    await network.command("B", "interface", "remove", name);
    await network.command("B", "interface", "add", name);
  },
  mend: (network) => network.run(PEERS[name].node, "nft delete table ip deaf"),
});

const wrongKey = (name: keyof typeof PEERS): Trouble => ({
  name: `wrong key on ${name}`,
  explained: "wrong-signature",
  doctored: "wrong-signature",
  make: (network) => network.command("B", "key", "add", name, "7", "sha256", "--secret=of B alone"),
  mend: (network) => network.command("B", "key", "remove", name, "7"),
});

/** The kernel would answer the source by another interface than HPIM-DM, which looks at the main table. */
const filter: Trouble = {
  name: "rp_filter",
  explained: "reverse-path-filter",
  doctored: "reverse-path-filter",
  make: async ({ run }) => {
    await run("B", "ip route add 10.1.1.0/24 dev eth1 table 100");
    await run("B", "ip rule add to 10.1.1.0/24 lookup 100");
    await run("B", "sysctl -qw net.ipv4.conf.eth0.rp_filter=1");
  },
  mend: async ({ run }) => {
    await run("B", "sysctl -qw net.ipv4.conf.eth0.rp_filter=0");
    await run("B", "ip rule del to 10.1.1.0/24 lookup 100");
    await run("B", "ip route del 10.1.1.0/24 table 100");
  },
};

const nextRouter: Trouble = {
  name: "HPIM-DM does not run on the next router",
  explained: "next-router-silent",
  doctored: "next-router-silent",
  make: ({ lab }) => stopDaemon(lab, "A"),
  mend: ({ lab }) => startDaemon(lab, "A"),
};

/** Troubles of one network at once, and which of them cannot be seen before another one is mended. */
export interface Case {
  readonly troubles: readonly Trouble[];
  /** Explain has no data to see it in, or does not get as far as that. */
  readonly unexplained?: readonly Trouble[];
  readonly undoctored?: readonly Trouble[];
}

/** Each with the next router's silence. */
const WITH_NEXT_ROUTER: readonly Case[] = [
  { troubles: [nextRouter] },
  { troubles: [ttl, nextRouter], unexplained: [ttl], undoctored: [ttl] },
  { troubles: [noRoute, nextRouter], unexplained: [nextRouter] },
  {
    troubles: [nextRouter, noHpim],
    unexplained: [nextRouter],
    undoctored: [nextRouter, noHpim],
  },
  { troubles: [noListener, nextRouter] },
  { troubles: [nextRouter, filter], unexplained: [filter] },
  { troubles: [oneWay("eth1"), nextRouter] },
  { troubles: [wrongKey("eth1"), nextRouter] },
];

const bothOf = (one: Trouble, ...others: readonly Trouble[]): readonly Case[] =>
  others.map((other) => ({ troubles: [one, other] }));

/** Each trouble alone, and each two of them that can be together; TTL and nobody who listens are seen where the source is. */
export const CASES: readonly Case[] = [
  ...WITH_NEXT_ROUTER,
  ...[ttl, noRoute, noHpim, equal, loser, noListener, filter].map((one) => ({ troubles: [one] })),
  ...[oneWay("eth0"), wrongKey("eth0")].map((one) => ({ troubles: [one] })),
  ...bothOf(ttl, noRoute, noHpim, equal, loser, oneWay("eth0"), wrongKey("eth0"), filter),
  { troubles: [noRoute, noHpim], unexplained: [noHpim], undoctored: [noHpim] },
  ...bothOf(noRoute, loser, noListener, oneWay("eth0"), wrongKey("eth0"), filter),
  { troubles: [equal, noHpim], unexplained: [equal], undoctored: [equal] },
  ...bothOf(noHpim, loser, noListener, oneWay("eth1"), wrongKey("eth1"), filter),
  ...bothOf(equal, loser, noListener, oneWay("eth1"), wrongKey("eth1"), filter),
  ...bothOf(loser, noListener, oneWay("eth0"), wrongKey("eth0"), filter),
  ...bothOf(noListener, oneWay("eth0"), wrongKey("eth0")),
  { troubles: [noListener, filter], unexplained: [filter] },
  ...bothOf(wrongKey("eth0"), oneWay("eth1"), filter),
  { troubles: [oneWay("eth0"), filter] },
];
