// What happens to real machines, on the real kernel: after each thing the network is as before, by itself (§5.6, §17 P8).
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import { namespaceOf } from "../../src/lab/names.ts";
import { line, runBatch } from "../../src/lab/run.ts";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { untilStates, untilSynced } from "../scenarios/scenario-network.ts";
import { GROUP } from "../scenarios/seven-routers.ts";
import { needsRoot, setSysctl } from "../support/namespace.ts";
import { readTopology } from "../topology/files.ts";
import { outputIn } from "./labs.ts";
import {
  deafen,
  ipIn,
  PROTO,
  pictureOf,
  QUICK,
  signalDaemon,
  undeafen,
  untilAsBefore,
  untilInterface,
  untilNeighbors,
} from "./machine.ts";
import { withFaults } from "./syscall-faults.ts";

const FORMED = {
  R1: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  R2: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
};

/** The routes of the two routers through their link, by the address at its other end. */
const routeOfR2 = (via: string): string =>
  `route replace 10.1.1.0/24 via ${via} ${PROTO} metric 20`;
const routeOfR1 = (via: string): string =>
  `route replace 10.7.7.0/24 via ${via} ${PROTO} metric 20`;

/** Puts these addresses, "10.2.2.1/24", on the two ends of the link, in place of all others. */
async function renumber(network: LabNetwork, ofR1: string, ofR2: string): Promise<void> {
  const bare = (address: string): string => address.split(/[ /]/)[0] ?? "";
  await ipIn(
    network,
    "R1",
    "address flush dev eth1",
    `address add ${ofR1} dev eth1`,
    routeOfR1(bare(ofR2)),
  );
  await ipIn(
    network,
    "R2",
    "address flush dev eth0",
    `address add ${ofR2} dev eth0`,
    routeOfR2(bare(ofR1)),
  );
}

const PLAIN = ["10.2.2.1/24", "10.2.2.2/24"] as const;

/** A thing that happens, and its undoing. */
type Life = (network: LabNetwork) => Promise<void>;

const linkDownAndUp: Life = async (network) => {
  await network.change({ router: "R2", interface: "eth0", up: false });
  await untilInterface(network, ["R2", "eth0"], { state: "waiting", problem: "eth0 is down." });
  await untilNeighbors(network, "R1");
  await network.change({ router: "R2", interface: "eth0", up: true });
};

const carrierLost: Life = async (network) => {
  await ipIn(network, "R1", "link set eth1 down");
  await untilInterface(network, ["R2", "eth0"], { state: "waiting", problem: "eth0 is down." });
  await ipIn(network, "R1", "link set eth1 up", routeOfR1("10.2.2.2"));
};

const addressChanged: Life = async (network) => {
  await renumber(network, "10.2.2.1/24", "10.2.2.22/24");
  await untilNeighbors(network, "R1", "10.2.2.22");
  await untilStates(network, FORMED);
  await renumber(network, ...PLAIN);
  await untilNeighbors(network, "R1", "10.2.2.2");
};

const addressRemoved: Life = async (network) => {
  await ipIn(network, "R2", "address flush dev eth0");
  const problem = "eth0 has no IPv4 address.";
  await untilInterface(network, ["R2", "eth0"], { state: "waiting", problem });
  await untilNeighbors(network, "R1");
  await ipIn(network, "R2", "address add 10.2.2.2/24 dev eth0", routeOfR2("10.2.2.1"));
};

const bootTimesOf = async (network: LabNetwork, router: string): Promise<readonly unknown[]> =>
  (await network.interfaces(router)).map(({ hpim }) => hpim.bootTime);

const secondaryAddress: Life = async (network) => {
  const before = await bootTimesOf(network, "R2");
  const hasIt = (isThere: boolean): Promise<void> =>
    network.until(async () => {
      const row = (await network.interfaces("R2")).find(({ name }) => name === "eth0");
      assert.equal(row?.addresses.includes("10.2.2.200/24"), isThere);
    });
  await ipIn(network, "R2", "address add 10.2.2.200/24 dev eth0");
  await hasIt(true);
  assert.deepEqual(await bootTimesOf(network, "R2"), before, "HPIM-DM runs on as it did");
  setSysctl(namespaceOf(network.lab.name, "R2"), "net/ipv4/conf/eth0/promote_secondaries", 1);
  await ipIn(network, "R2", "address delete 10.2.2.2/24 dev eth0");
  await untilNeighbors(network, "R1", "10.2.2.200");
  await renumber(network, ...PLAIN);
  await hasIt(false);
};

const smallSubnet: Life = async (network) => {
  await renumber(network, "10.2.2.2/31", "10.2.2.3/31");
  await untilNeighbors(network, "R1", "10.2.2.3");
  await untilAsBefore(network, await pictureWhenFormed(network), "Client");
  await renumber(network, ...PLAIN);
};

const pointToPoint: Life = async (network) => {
  // With arp_ignore, as labs have it, the kernel answers no ARP for an address whose peer is on another subnet.
  for (const router of ["R1", "R2"]) {
    setSysctl(namespaceOf(network.lab.name, router), "net/ipv4/conf/all/arp_ignore", 0);
  }
  await renumber(network, "192.0.2.1 peer 198.51.100.2/32", "198.51.100.2 peer 192.0.2.1/32");
  await untilNeighbors(network, "R1", "198.51.100.2");
  await untilAsBefore(network, await pictureWhenFormed(network), "Client");
  await renumber(network, ...PLAIN);
};

async function pictureWhenFormed(network: LabNetwork): ReturnType<typeof pictureOf> {
  await untilStates(network, FORMED);
  return pictureOf(network);
}

const interfaceDeleted: Life = async (network) => {
  await ipIn(network, "R1", "link delete eth1");
  await network.until(async () => {
    assert.deepEqual(await network.missing("R1"), ["eth1"]);
    assert.deepEqual(await network.missing("R2"), ["eth0"]);
  });
  const [r1, r2] = [namespaceOf(network.lab.name, "R1"), namespaceOf(network.lab.name, "R2")];
  const cable = `link add name eth1 netns ${r1} type veth peer name eth0 netns ${r2}`;
  await runBatch(null, [line("the cable", cable)]);
  await ipIn(network, "R1", "address add 10.2.2.1/24 dev eth1", "link set eth1 up");
  await ipIn(network, "R2", "address add 10.2.2.2/24 dev eth0", "link set eth0 up");
  await ipIn(network, "R1", routeOfR1("10.2.2.2"));
  await ipIn(network, "R2", routeOfR2("10.2.2.1"));
};

const rename = (network: LabNetwork, from: string, to: string): Promise<void> =>
  ipIn(
    network,
    "R1",
    ...[`link set ${from} down`, `link set ${from} name ${to}`, `link set ${to} up`],
    routeOfR1("10.2.2.2"),
  );

const interfaceRenamed: Life = async (network) => {
  await rename(network, "eth1", "wan1");
  await untilInterface(network, ["R1", "wan1"], { state: "off", problem: null });
  assert.deepEqual(await network.missing("R1"), ["eth1"]);
  await untilNeighbors(network, "R2");
  await network.setProtocol("R1", "wan1", "hpim", true);
  await untilStates(network, { ...FORMED, R1: ["ACTIVE", "eth0 root", "wan1 AW DI forwarding"] });
  await network.setProtocol("R1", "wan1", "hpim", false);
  await rename(network, "wan1", "eth1");
};

const routesInBursts: Life = async (network) => {
  const prefixes = Array.from({ length: 5_000 }, (_, i) => `172.16.${i >> 8}.${i & 255}/32`);
  const toSource = [
    ...["metric 5", "metric 30"].map((metric) => `route add 10.1.1.0/24 via 10.2.2.1 ${metric}`),
    ...["metric 5", "metric 20", "metric 30"].map((metric) => `route del 10.1.1.0/24 ${metric}`),
    routeOfR2("10.2.2.1"),
  ];
  for (let round = 0; round < 3; round++) {
    await ipIn(
      network,
      "R2",
      ...prefixes.map((prefix) => `route add ${prefix} via 10.2.2.1`),
      ...Array.from({ length: 20 }, () => toSource).flat(),
      ...prefixes.map((prefix) => `route del ${prefix}`),
    );
  }
};

const neighborStopped: Life = async (network) => {
  signalDaemon(network, "R2", "SIGTERM");
  await untilNeighbors(network, "R1");
  await network.until(async () => assert.equal(await outputIn(network.lab, "R2", "ip mroute"), ""));
  assert.match(readFileSync(daemonFilesOf(network.lab, "R1").output, "utf8"), /is gone: goodbye/);
  await network.start("R2");
};

const neighborHangs: Life = async (network) => {
  signalDaemon(network, "R2", "SIGSTOP");
  await untilNeighbors(network, "R1");
  signalDaemon(network, "R2", "SIGCONT");
};

const oneWay =
  (deaf: "R1" | "R2", device: string): Life =>
  async (network) => {
    await deafen(network, deaf, device);
    await untilNeighbors(network, deaf);
    await undeafen(network, deaf);
  };

/** As if the clock had been ahead in an earlier life, and was set right since: the stored BootTime lies in the future. */
const clockSteps: Life = async (network) => {
  await network.kill("R2");
  const file = join(daemonFilesOf(network.lab, "R2").stateDirectory, "boot-time.eth0");
  const ahead = Math.floor(Date.now() / 1000) + 1_000_000;
  writeFileSync(file, `${ahead}\n`);
  for (const life of [1, 2]) {
    await network.start("R2");
    await untilStates(network, FORMED);
    const [heard] = await network.neighbors("R1");
    assert.equal(heard?.bootTime, ahead + life, "the BootTime that R1 knows");
    if (life === 1) await network.kill("R2");
  }
};

const tablesCannotBeRead: Life = async (network) => {
  const pid = await network.daemonPid("R2");
  const log = (): string => readFileSync(daemonFilesOf(network.lab, "R2").output, "utf8");
  const complaints = (): number => log().split("A call of the kernel failed: cannot").length - 1;
  for (const [n, fault] of ["sendto:error=ENOBUFS", "recvfrom:error=ENOMEM"].entries()) {
    const address = `10.2.2.${201 + n}/24`;
    const told = complaints();
    await withFaults(pid, fault, async (failed) => {
      await ipIn(network, "R2", `address add ${address} dev eth0`);
      await network.until(async () => assert.ok(complaints() > told && failed() >= 3, fault));
    });
    // It reads them again by itself.
    await network.until(async () => {
      const row = (await network.interfaces("R2")).find(({ name }) => name === "eth0");
      assert.deepEqual(row?.addresses, ["10.2.2.2/24", address]);
    });
    assert.equal(complaints() - told, 1, "the failure is told once");
    await ipIn(network, "R2", `address del ${address} dev eth0`);
  }
  assert.equal(await network.daemonPid("R2"), pid, "it is the same daemon");
};

const LIVES: readonly (readonly [string, Life])[] = [
  ["a link goes down and up", linkDownAndUp],
  ["a link loses its carrier", carrierLost],
  ["an address changes", addressChanged],
  ["an address is removed and added", addressRemoved],
  ["a secondary address comes, becomes the primary one, and goes", secondaryAddress],
  ["the link has a /31 subnet: its tree forms", smallSubnet],
  ["the link is point-to-point, with /32 addresses and peers: its tree forms", pointToPoint],
  ["an interface is renamed while HPIM-DM runs on it", interfaceRenamed],
  ["routes and metrics change in bursts", routesInBursts],
  [
    "a neighbor gets SIGTERM, says goodbye, takes its entries along, and comes again",
    neighborStopped,
  ],
  ["a neighbor hangs and goes on", neighborHangs],
  ["a neighbor does not hear us any more", oneWay("R2", "eth0")],
  ["we do not hear a neighbor any more", oneWay("R1", "eth1")],
  ["the clock is behind the last BootTime, or far ahead of it", clockSteps],
  ["the kernel's tables cannot be read for a while", tablesCannotBeRead],
  ["an interface is deleted, and made anew while the daemon runs", interfaceDeleted],
];

test("on the real kernel, in the network pair, under traffic", needsRoot, async (context) => {
  const network = await LabNetwork.up(context, readTopology("pair"), QUICK);
  await network.start();
  await untilSynced(network, { R1: 1, R2: 1 });
  await network.join("Client", GROUP);
  await network.send("Source", [GROUP], 10);
  const formed = await pictureWhenFormed(network);
  assert.deepEqual(
    [...formed.values()].map(({ entry }) => entry),
    ["eth0 -> eth1", "eth0 -> eth1"],
  );
  for (const [title, live] of LIVES) {
    let isOver = false;
    await context.test(title, async () => {
      await live(network);
      await untilAsBefore(network, formed, "Client");
      isOver = true;
    });
    assert.ok(isOver, `what comes after "${title}" needs the network as before`);
  }
});
