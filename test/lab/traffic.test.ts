// Test traffic on real sockets: multicast on one link, several groups, early ends, and what is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAddress } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { analyseDelivery } from "../../src/lab/delivery.ts";
import { namespaceOf } from "../../src/lab/names.ts";
import { startBurst, startReceiver, startSender } from "../../src/lab/traffic.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { LinkCapture } from "../support/link-capture.ts";
import { ipv4Of } from "../support/pcap.ts";
import { schedulingOf } from "../support/scheduling.ts";
import { until } from "../support/until.ts";
import { readTopology } from "../topology/files.ts";
import { labSite, outputIn, upQuietly } from "./labs.ts";

const GROUP = "224.12.12.12";

test("multicast reaches every member on a link, once, in order, and nobody else", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("sync"));
  const members = ["R2", "R3"].map((node) =>
    startReceiver(lab, { node, groups: [GROUP], count: 200 }),
  );
  const other = startReceiver(lab, { node: "R4", groups: ["224.12.12.13"] });
  await Promise.all([...members, other].map((receiver) => receiver.waitReady()));
  const sender = startSender(lab, { node: "R1", groups: [GROUP], rate: 1000, count: 200, flow: 5 });
  const { count, failed, firstNanos, lastNanos } = await sender.done();
  assert.deepEqual([count, failed], [200, 0]);
  for (const member of members) {
    assert.deepEqual(await member.done(), { count: 200, strangers: 0 });
    const { longestGapMillis: _, ...report } = analyseDelivery(
      { flow: 5, count },
      member.received(),
    );
    assert.deepEqual(report, {
      sent: 200,
      received: 200,
      lost: 0,
      duplicated: 0,
      outOfOrder: 0,
      lossBySequenceRange: [],
    });
    const times = member.received().map(({ sentNanos }) => sentNanos);
    assert.ok(times.every((time) => time >= firstNanos));
    assert.ok(member.received().every((arrival) => arrival.receivedNanos >= arrival.sentNanos));
  }
  // 199 intervals of a millisecond: no packet leaves before it is due, however late the others were.
  assert.ok(lastNanos - firstNanos >= 198_999_000n, `${lastNanos - firstNanos}`);
  assert.deepEqual(await other.stop(), { count: 0, strangers: 0 });
  assert.deepEqual(other.received(), []);
});

test("a process that goes after all others does so with all its threads", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("sync"));
  for (const [node, goesLast, expected] of [
    ["R3", false, "normal 0"],
    ["R4", true, "idle 0"],
  ] as const) {
    const receiver = startReceiver(lab, { node, groups: [GROUP], goesLast });
    await receiver.waitReady();
    const pid = Number(
      await outputIn(lab, node, `ip netns pids ${namespaceOf(lab.name, node)}`).then(
        (text) => text.split("\n")[0],
      ),
    );
    assert.deepEqual(schedulingOf(pid), [expected], node);
    await receiver.stop();
  }
});

test("one sender serves 25 groups, one receiver joins them all, each group a flow", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("sync"));
  const groups = Array.from({ length: 25 }, (_, i) => `224.12.12.${12 + i}`);
  const receiver = startReceiver(lab, { node: "R2", groups, count: 250 });
  await receiver.waitReady();
  const sender = startSender(lab, { node: "R1", groups, rate: 200, count: 10, flow: 100 });
  await sender.done();
  await receiver.done();
  for (const index of groups.keys()) {
    const report = analyseDelivery({ flow: 100 + index, count: 10 }, receiver.received());
    assert.deepEqual([report.received, report.duplicated], [10, 0]);
  }
});

test("a burst sends a packet to each group in each round, until it is told to stop", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("sync"));
  const groups = ["239.1.0.255", "239.1.1.0", "239.1.1.1"];
  const receiver = startReceiver(lab, { node: "R2", groups });
  const joining = await receiver.waitReady();
  const about = { node: "R1", first: "239.1.0.255", groups: 3 };
  assert.equal((await startBurst(lab, { ...about, rounds: 1 }).done()).count, 1);
  const burst = startBurst(lab, { ...about, roundMillis: 5 });
  const beginning = await burst.waitReady();
  await until("the third round", () => receiver.received().length >= 12);
  const { count, failed, firstNanos } = await burst.stop();
  assert.deepEqual([failed, firstNanos], [0, beginning]);
  await until("all", () => receiver.received().length === 3 * (1 + count));
  await receiver.stop();
  const expected = [1, ...Array.from({ length: count }, (_, i) => i + 1)];
  for (const flow of [1, 2, 3]) {
    const ofFlow = receiver.received().filter((arrival) => arrival.flow === flow);
    assert.deepEqual(
      ofFlow.map(({ sequence }) => sequence),
      expected,
    );
    assert.ok(ofFlow.every(({ sentNanos }) => sentNanos > joining));
  }
});

test("a burst of several sources sends from each to every group; an address of another node is refused", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("sync"));
  await outputIn(lab, "R1", "ip addr add 10.0.0.11/32 dev eth0");
  const groups = ["239.1.0.1", "239.1.0.2"];
  const receiver = startReceiver(lab, { node: "R2", groups, count: 4 });
  await receiver.waitReady();
  const namespace = namespaceOf(lab.name, "R2");
  const capture = await LinkCapture.start({ namespace, device: "eth0", filter: "udp" });
  const about = { node: "R1", first: "239.1.0.1", groups: 2, rounds: 1 };
  const burst = startBurst(lab, { ...about, sources: ["10.0.0.1", "10.0.0.11"] });
  assert.equal((await burst.done()).failed, 0);
  await receiver.done();
  const sent = (await capture.frames()).map((frame) => {
    const packet = decodeIpv4(known(ipv4Of(frame), "UDP over IPv4").bytes);
    assert.ok(!isMalformed(packet));
    return `${formatAddress(packet.source)} ${formatAddress(packet.destination)}`;
  });
  assert.deepEqual(sent.sort(), [
    "10.0.0.1 239.1.0.1",
    "10.0.0.1 239.1.0.2",
    "10.0.0.11 239.1.0.1",
    "10.0.0.11 239.1.0.2",
  ]);
  const flows = receiver.received().map(({ flow }) => flow);
  assert.deepEqual(flows.sort(), [1, 2, 3, 4]);
  const stranger = startBurst(lab, { ...about, sources: ["10.0.0.2"] });
  await assert.rejects(stranger.done(), /Nothing can be sent from 10\.0\.0\.2: .*EADDRNOTAVAIL/);
});

test("an endless sender stops when told and accounts for what it sent; the log grows meanwhile", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("pair"));
  const receiver = startReceiver(lab, { node: "R1", groups: [GROUP] });
  await receiver.waitReady();
  const sender = startSender(lab, { node: "Source", groups: [GROUP], rate: 100, size: 1400 });
  await until("ten packets have arrived", () => receiver.received().length >= 10);
  const { count } = await sender.stop();
  await until("all have arrived", () => receiver.received().length === count);
  assert.equal((await receiver.stop()).count, count);
});

test("a receiver can be stopped while its end is awaited: both get its account", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("pair"));
  const receiver = startReceiver(lab, { node: "R1", groups: [GROUP] });
  const done = receiver.done();
  assert.deepEqual([await receiver.stop(), await done], Array(2).fill({ count: 0, strangers: 0 }));
});

test("a receiver ends by itself when nothing comes any more", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("pair"));
  const receiver = startReceiver(lab, { node: "R1", groups: [GROUP], idleMillis: 200 });
  await receiver.waitReady();
  await startSender(lab, { node: "Source", groups: [GROUP], rate: 1000, count: 3 }).done();
  assert.equal((await receiver.done()).count, 3);
});

test("packets leave with TTL 12, or as told, and reach no farther", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("pair"));
  const client = "10.7.7.100";
  const receiver = startReceiver(lab, { node: "Client", groups: [client], count: 2 });
  await receiver.waitReady();
  // Two routers take one each: TTL 2 dies at R2, TTL 3 arrives.
  for (const [flow, ttl] of [2, 3, 12].entries()) {
    await startSender(lab, {
      node: "Source",
      groups: [client],
      rate: 1,
      count: 1,
      flow,
      ttl,
    }).done();
  }
  await receiver.done();
  assert.deepEqual(
    receiver.received().map(({ flow }) => flow),
    [1, 2],
  );
});

test("a receiver is a member of its group on its interface while it runs", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("pair"));
  const receiver = startReceiver(lab, { node: "Client", groups: [GROUP] });
  await receiver.waitReady();
  assert.ok((await outputIn(lab, "Client", "ip maddress show dev eth0")).includes(GROUP));
  await receiver.stop();
  assert.ok(!(await outputIn(lab, "Client", "ip maddress show dev eth0")).includes(GROUP));
});

test("what cannot be sent or received is told by node, with the reason", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("pair"));
  const nowhere = startReceiver(lab, { node: "Client", groups: [GROUP], interface: "eth5" });
  await assert.rejects(nowhere.waitReady(), {
    message: "The receiver at Client failed: Interface eth5 has no IPv4 address, or is down.",
  });
  const unreachable = startSender(lab, { node: "R1", groups: ["10.99.0.1"], rate: 1 });
  await assert.rejects(unreachable.done(), /The sender at R1 failed: .*10\.99\.0\.1.*ENETUNREACH/);
  const wrong = startReceiver(lab, { node: "Client", groups: ["10.99.0.1"] });
  await assert.rejects(wrong.done(), /The receiver at Client failed: .*EADDRNOTAVAIL/);
  assert.throws(
    () => startSender(lab, { node: "R1", groups: [GROUP], rate: 1, size: 19 }),
    /at least 20 bytes, not 19/,
  );
});
