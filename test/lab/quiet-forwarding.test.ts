// Forwarding is the kernel's alone: once a tree has formed, its packets cost the daemon nothing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import type { MrouteRow } from "../../src/api/lists/mroute.ts";
import { mrouteSchema } from "../../src/api/lists/mroute.ts";
import { versionSchema } from "../../src/api/responses.ts";
import { known } from "../../src/base/invariant.ts";
import { daemonFilesOf, queryDaemon } from "../../src/lab/daemon-process.ts";
import { namespaceOf } from "../../src/lab/names.ts";
import { startSender } from "../../src/lab/traffic.ts";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { lineOf, untilStates, untilSynced } from "../scenarios/scenario-network.ts";
import { needsRoot, setSysctl } from "../support/namespace.ts";
import { readTopology } from "../topology/files.ts";
import { rawSockets, unixSockets, type Watched, watchCalls } from "./syscall-watch.ts";

const GROUP = "224.12.12.12";
const OTHER_GROUP = "224.12.12.13";
const PACKETS = 10_000;
const PACKETS_PER_SECOND = 2_500;
const ROUTERS = ["R1", "R2"];
const IGMP = 2;

/** No message and no timer of the protocols is due while packets are sent. */
const QUIET = {
  hpim: { helloPeriod: "900s", sourceActiveTime: "3600s" },
  igmp: { queryInterval: "3600s", queryResponseInterval: "1s", startupQueryCount: 1 },
};

/** Kernels say once what they join, and routers not at all (ip-sysctl: igmp_qrv, igmp_link_local_mcast_reports). */
function quieten({ lab }: LabNetwork): void {
  for (const node of [...ROUTERS, "Client"]) {
    const namespace = namespaceOf(lab.name, node);
    setSysctl(namespace, "net/ipv4/igmp_qrv", 1);
    setSysctl(namespace, "net/ipv4/igmp_link_local_mcast_reports", 0);
  }
}

async function sendOne({ lab }: LabNetwork, group: string): Promise<void> {
  await startSender(lab, { node: "Source", groups: [group], rate: 1, count: 1 }).done();
}

const pidOf = async ({ lab }: LabNetwork, router: string): Promise<number> =>
  versionSchema.parse(await queryDaemon(lab, router, "version")).pid;

async function entryOf({ lab }: LabNetwork, router: string): Promise<MrouteRow> {
  const { entries } = mrouteSchema.parse(await queryDaemon(lab, router, "mroute"));
  return known(
    entries.find(({ group }) => group === GROUP),
    `${router} forwards ${GROUP}`,
  );
}

/** A tree from the source to the client, of which nothing is left to be said. */
async function formTree(network: LabNetwork): Promise<void> {
  quieten(network);
  await network.start();
  await untilSynced(network, { R1: 1, R2: 1 });
  await network.join("Client", GROUP);
  await network.until(async () => assert.equal((await network.groups("R2")).length, 1));
  await sendOne(network, GROUP);
  await untilStates(network, {
    R1: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
    R2: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  });
  await network.until(async () => {
    const acks = (await network.messages("B")).filter(({ message }) => message.kind === "ack");
    assert.deepEqual(acks.map(lineOf).sort(), ["10.2.2.1 Ack 10.2.2.2", "10.2.2.2 Ack 10.2.2.1"]);
  });
}

/** Waits until the daemon is done with all who asked it something: it listens, and no more. */
const hungUp = (network: LabNetwork, router: string, pid: number): Promise<void> =>
  network.until(async () => {
    assert.equal(unixSockets(pid, daemonFilesOf(network.lab, router).socket), 1);
  });

/** What both daemons did during `act`. */
async function watchBoth(
  network: LabNetwork,
  act: () => Promise<void>,
): Promise<readonly [r1: Watched, r2: Watched]> {
  const [pid1, pid2] = [await pidOf(network, "R1"), await pidOf(network, "R2")];
  await hungUp(network, "R1", pid1);
  await hungUp(network, "R2", pid2);
  let r2: Watched | undefined;
  const r1 = await watchCalls(pid1, async () => {
    r2 = await watchCalls(pid2, act);
  });
  return [r1, known(r2, "the inner watch has ended")];
}

test(
  "on the real kernel: 10,000 packets of a formed tree cause no upcall, no read on any socket of the daemon, and no child process",
  needsRoot,
  async (context) => {
    const network = await LabNetwork.up(context, readTopology("pair"), QUIET);
    await formTree(network);
    await network.mark();
    const before = [await entryOf(network, "R1"), await entryOf(network, "R2")];
    const watched = await watchBoth(network, async () => {
      const { failed } = await startSender(network.lab, {
        node: "Source",
        groups: [GROUP],
        rate: PACKETS_PER_SECOND,
        count: PACKETS,
      }).done();
      assert.equal(failed, 0);
      await network.until(async () => {
        assert.equal((await network.received("Client", GROUP)).length, PACKETS, "packets received");
      });
    });
    assert.deepEqual(watched, [
      { reads: [], starts: [] },
      { reads: [], starts: [] },
    ]);
    for (const [index, router] of ROUTERS.entries()) {
      const [was, is] = [before[index], await entryOf(network, router)];
      assert.equal(is.packets - (was?.packets ?? 0), PACKETS, `packets that ${router} forwarded`);
      assert.equal(is.wrongInterface, was?.wrongInterface, `${router}'s wrong interface`);
      const sockets = rawSockets(await pidOf(network, router), IGMP);
      assert.equal(sockets.length, 3, "of two interfaces, and one for upcalls");
      for (const { unreadBytes, dropped } of sockets) {
        assert.deepEqual({ unreadBytes, dropped }, { unreadBytes: 0, dropped: 0 }, router);
      }
    }
  },
);

test(
  "the same watch sees the upcall and the messages of a new flow's first packet",
  needsRoot,
  async (context) => {
    const network = await LabNetwork.up(context, readTopology("pair"), QUIET);
    await formTree(network);
    const [r1, r2] = await watchBoth(network, async () => {
      await sendOne(network, OTHER_GROUP);
      await network.until(async () => {
        for (const router of ROUTERS) assert.equal((await network.trees(router)).length, 2);
      });
    });
    const upcalls = new Set(rawSockets(await pidOf(network, "R1"), IGMP).map(({ inode }) => inode));
    const reads = r1.reads.filter(({ inode }) => upcalls.has(inode));
    assert.ok(
      reads.some(({ call }) => call === "recvmmsg"),
      "R1 reads its upcall",
    );
    assert.ok(r2.reads.length > 0, "R2 reads what R1 says");
  },
);

test("the same watch sees a child process", async (context) => {
  const shell = spawn("sh", ["-c", "read line; sleep 0; read line"], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  context.after(() => shell.kill());
  const ended = new Promise((resolve) => {
    shell.on("close", resolve);
  });
  const { starts } = await watchCalls(known(shell.pid, "sh runs"), async () => {
    shell.stdin.end("go\nend\n");
    await ended;
  });
  assert.ok(starts.length > 0);
});
