// Hellos and liveness (§5.1 to §5.4).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { bootTime, millis, seconds, sequenceNumber } from "../../src/base/units.ts";
import { helloMessage, holdTimeOf, holdTimeOptions } from "../../src/core/hello.ts";
import { DEFAULT_INTERFACE_SETTINGS, type InterfaceSettings } from "../../src/core/settings.ts";
import {
  Bench,
  brief,
  briefly,
  NEAR,
  only,
  originator,
  otherTree,
  TREE,
} from "../support/bench.ts";
import { facts } from "../support/core-network.ts";
import { Peer } from "../support/peer.ts";

const sn = sequenceNumber;
const withPeriod = (helloPeriod: number): InterfaceSettings => ({
  ...DEFAULT_INTERFACE_SETTINGS,
  helloPeriod: millis(helloPeriod),
});
/** A router on interface 2 and its SYNCED neighbor. */
function pair(): { bench: Bench; peer: Peer } {
  const bench = originator();
  bench.run(1000);
  return { bench, peer: new Peer(bench, 2, "10.2.0.2").meet() };
}

test("§5.1: the first Hello within TriggeredHelloDelay, at random, then one every HelloPeriod", () => {
  const delays = new Set<number>();
  for (const index of [2, 3, 4, 5, 6, 7, 8, 9]) {
    const bench = new Bench();
    for (let other = 2; other <= index; other++) bench.interface(other, `10.${other}.0.5/24`);
    bench.run(35_000);
    const at = bench.sent.filter((s) => s.interface === index);
    assert.equal(at.length, 4);
    const [first = 0, ...later] = at.map((s) => s.at);
    assert.ok(first >= 0 && first <= 100, `${first}`);
    delays.add(first);
    assert.deepEqual(
      later,
      [10_000, 20_000, 30_000].map((after) => first + after),
    );
  }
  assert.ok(delays.size > 3, "they differ");
});

test("§5.1: TriggeredHelloDelay bounds the first Hello, and 0 sends it at once", () => {
  const bench = new Bench();
  const at = facts(2, "10.2.0.5/24", {
    protocol: { ...DEFAULT_INTERFACE_SETTINGS, triggeredHelloDelay: millis(0) },
  });
  bench.handle({ kind: "interface", facts: at });
  assert.equal(bench.run(0).length, 1);
  const times = [1, 2, 3, 4, 5, 6].map((index) => {
    const slow = facts(index, `10.${index}.0.5/24`, {
      protocol: { ...DEFAULT_INTERFACE_SETTINGS, triggeredHelloDelay: seconds(5) },
    });
    const other = new Bench();
    for (let n = 0; n < index; n++) {
      other.handle({ kind: "interfaceGone", interface: slow.index });
      other.handle({ kind: "interface", facts: { ...slow } });
    }
    return other.run(5000)[0]?.at ?? Infinity;
  });
  assert.ok(times.every((t) => t <= 5000) && times.some((t) => t > 200), String(times));
});

test("§5.1: a Hello with HoldTime 0 when HPIM-DM stops, and never another message under its BootTime", () => {
  const { bench } = pair();
  const sent = bench.interface(2, "10.2.0.5/24", { protocol: null });
  assert.deepEqual(sent.map(brief), ["hello 0 s, checkpoint 1"]);
  assert.deepEqual(
    bench.run(60_000).filter((s) => s.interface === 2),
    [],
  );
  bench.interface(2, "10.2.0.5/24");
  const later = bench.run(60_000).filter((s) => s.interface === 2);
  assert.ok(later.length > 3 && later.every((s) => s.message.bootTime === 1001));
});

test("§5.2: HoldTime is 4 HelloPeriods, rounded up to whole seconds, and fits its field", () => {
  const holdTime = (period: number): number => holdTimeOptions(withPeriod(period)).holdTimeSeconds;
  assert.equal(holdTime(10_000), 40);
  assert.equal(holdTime(1000), 4);
  assert.equal(holdTime(2600), 11);
  assert.equal(holdTime(250), 1);
  assert.equal(holdTime(251), 2);
  assert.equal(holdTime(50), 1);
  assert.equal(holdTime(16_383_750), 65_535);
  assert.equal(holdTime(20_000_000), 65_535);
});

test("§5.2: a Hello carries HoldTime and CheckpointSN", () => {
  const options = { holdTimeSeconds: 40, checkpointSn: sn(7) };
  const message = helloMessage(bootTime(9), DEFAULT_INTERFACE_SETTINGS, sn(7));
  assert.deepEqual(message, { kind: "hello", bootTime: 9, options });
  const goodbye = { holdTimeSeconds: 0, checkpointSn: sn(7) };
  assert.deepEqual(helloMessage(bootTime(9), null, sn(7)).options, goodbye);
});

test("§5.3: a Hello with a lower BootTime is ignored, a goodbye too", () => {
  const { bench, peer } = pair();
  const before = peer.view;
  peer.bootTime--;
  assert.deepEqual([...peer.hello(), ...peer.goodbye()], []);
  assert.deepEqual(peer.view, before);
  assert.equal(bench.dropped(2, "stale BootTime"), 2);
});

test("§5.3: the goodbye of a stranger is ignored; any other Hello of one starts a synchronisation", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2");
  assert.deepEqual(peer.goodbye(), []);
  assert.equal(peer.state, "UNKNOWN");
  assert.equal(bench.dropped(2, "goodbye of a stranger"), 1);
  assert.deepEqual(briefly(peer.hello()), ["sync 1/0 to 500 M- 0"]);
  assert.equal(peer.state, "SLAVE");
});

test("§5.3: a Hello with a higher BootTime restarts the synchronisation, a goodbye ends the neighbor", () => {
  const { bench, peer } = pair();
  peer.reboot();
  assert.deepEqual(briefly(peer.hello()), ["sync 2/0 to 501 M- 0"]);
  assert.equal(peer.state, "SLAVE");
  assert.equal(peer.view?.bootTime, 501);
  peer.follow();
  peer.reboot();
  assert.deepEqual(peer.goodbye(), []);
  assert.equal(peer.state, "UNKNOWN");
  assert.deepEqual(bench.notices.at(-1), {
    kind: "neighborFailed",
    interface: 2,
    neighbor: peer.address,
    why: "goodbye",
  });
});

test("§5.3: a Hello of a SYNCED neighbor restarts its liveness timer with the HoldTime, at most 3600 s", () => {
  const { bench, peer } = pair();
  for (const [holdTimeSeconds, span] of [
    [40, 40_000],
    [1, 1000],
    [3600, 3_600_000],
    [3601, 3_600_000],
    [65_535, 3_600_000],
  ] as const) {
    bench.run(100);
    peer.hello({ holdTimeSeconds });
    assert.equal(peer.view?.livenessDue, bench.now + span);
  }
});

test("§5.3: what a SYNCED neighbor says for the first time restarts its liveness timer too, a repetition does not", () => {
  const { bench, peer } = pair();
  peer.hello({ holdTimeSeconds: 7 });
  const [sent] = only(bench.data(1), "iamUpstream");
  assert.ok(sent?.message.kind === "iamUpstream");
  const interest = peer.plain("interest");
  const excluded = peer.plain("interest", { ...TREE, group: ip("224.0.0.5") });
  const ack = peer.ackMessage(sent.message);
  for (const [message, restarts] of [
    [ack, true],
    [ack, false],
    [interest, true],
    [interest, false],
    [excluded, false],
  ] as const) {
    bench.run(100);
    peer.say(message);
    assert.equal(peer.view?.livenessDue === bench.now + 7_000, restarts, message.kind);
  }
});

test("§5.3: a router that was held up hears what its neighbor said in time before it takes it for silent", () => {
  for (const isHeard of [true, false]) {
    const { bench, peer } = pair();
    peer.hello({ holdTimeSeconds: 7 });
    bench.now = millis(bench.now + 7_500);
    if (isHeard) peer.hello({ holdTimeSeconds: 7 });
    bench.run(6_999);
    assert.equal(peer.state, isHeard ? "SYNCED" : "UNKNOWN");
  }
});

test("§5.3, §6.4: while synchronising only progress restarts the liveness timer, whatever else is said", () => {
  const { bench, peer } = pair();
  peer.reboot();
  peer.hello();
  peer.snapshot();
  peer.sync({ syncSn: 0, entries: [{ ...TREE, rpc: NEAR }] });
  const due = bench.now + DEFAULT_INTERFACE_SETTINGS.syncHoldTime;
  bench.run(100);
  assert.equal(briefly(peer.interest(otherTree(1))).length, 1);
  assert.equal(peer.state, "SLAVE");
  assert.equal(peer.view?.livenessDue, due);
});

test("§5.3: a Hello of a SYNCED neighbor stores its CheckpointSN", () => {
  const { peer } = pair();
  assert.equal(peer.view?.checkpointSn, 0);
  peer.hello({ checkpointSn: sn(7) });
  assert.equal(peer.view?.checkpointSn, 7);
  peer.hello({ checkpointSn: sn(7) });
  peer.hello();
  assert.equal(peer.view?.checkpointSn, 7);
  peer.hello({ checkpointSn: sn(8) });
  assert.equal(peer.view?.checkpointSn, 8);
});

test("§5.3: a Hello with a lower CheckpointSN is old: ignored, liveness too", () => {
  const { bench, peer } = pair();
  peer.hello({ checkpointSn: sn(7) });
  const before = peer.view;
  bench.run(5000);
  assert.deepEqual(peer.hello({ checkpointSn: sn(6), holdTimeSeconds: 100 }), []);
  assert.deepEqual(peer.view, before);
  assert.equal(bench.dropped(2, "stale Hello"), 1);
  peer.hello({ checkpointSn: sn(7) });
  assert.equal(peer.view?.livenessDue, bench.now + 40_000);
  assert.equal(bench.dropped(2, "stale Hello"), 1);
});

test("§5.3: under a higher BootTime a lower CheckpointSN is news", () => {
  const { peer } = pair();
  peer.hello({ checkpointSn: sn(7) });
  peer.reboot();
  peer.hello({ checkpointSn: sn(0) });
  assert.equal(peer.state, "SLAVE");
  peer.follow();
  assert.equal(peer.view?.checkpointSn, 0);
  peer.hello({ checkpointSn: sn(1) });
  assert.equal(peer.view?.checkpointSn, 1);
});

test("§5.3: while synchronising only a goodbye counts", () => {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.hello();
  const before = peer.view;
  bench.run(1000);
  assert.deepEqual(peer.hello({ checkpointSn: sn(7), holdTimeSeconds: 77 }), []);
  assert.deepEqual(peer.view, before);
  peer.goodbye();
  assert.equal(peer.state, "UNKNOWN");
});

test("§5.3: the goodbye of a SYNCED neighbor ends it, whatever its CheckpointSN", () => {
  for (const checkpointSn of [undefined, sn(3), sn(9)]) {
    const { bench, peer } = pair();
    peer.hello({ checkpointSn: sn(5) });
    peer.hello({ holdTimeSeconds: 0, ...(checkpointSn === undefined ? {} : { checkpointSn }) });
    assert.equal(peer.state, "UNKNOWN");
    assert.deepEqual(bench.running(2)?.neighbors, []);
  }
});

test("§5.4: HoldTimeMillis is sent only where a HelloPeriod is below one second", () => {
  assert.equal(holdTimeOptions(withPeriod(1000)).holdTimeMillis, undefined);
  assert.equal("holdTimeMillis" in holdTimeOptions(withPeriod(1000)), false);
  assert.equal(holdTimeOptions(withPeriod(999)).holdTimeMillis, 3996);
  assert.equal(holdTimeOptions(withPeriod(50)).holdTimeMillis, 200);
  assert.equal("holdTimeMillis" in holdTimeOptions(null), false);
});

test("§5.4: a receiver uses HoldTimeMillis instead of HoldTime", () => {
  assert.equal(holdTimeOf({ holdTimeSeconds: 1, holdTimeMillis: 200 }), 200);
  assert.equal(holdTimeOf({ holdTimeSeconds: 40 }), 40_000);
  assert.equal(holdTimeOf({ holdTimeSeconds: 1, holdTimeMillis: 0xffff_ffff }), 3_600_000);
  assert.equal(holdTimeOf({}), 120_000);
  const { bench, peer } = pair();
  peer.hello({ holdTimeSeconds: 1, holdTimeMillis: 200 });
  bench.run(199);
  assert.equal(peer.state, "SYNCED");
  bench.run(1);
  assert.equal(peer.state, "UNKNOWN");
});

test("§5.4: with a period of 50 ms, Hellos leave every 50 ms", () => {
  const bench = new Bench();
  bench.interface(2, "10.2.0.5/24", { protocol: withPeriod(50) });
  const times = bench.run(1000).map((s) => s.at);
  assert.ok(times.length >= 18);
  for (let n = 1; n < times.length; n++) assert.equal(times[n], (times[n - 1] ?? 0) + 50);
});

test("§5.2, §15: the CheckpointSN of a Hello is InterfaceSN when nothing is outstanding", () => {
  const { bench, peer } = pair();
  const [hello] = only(bench.run(10_000), "hello").filter((s) => s.interface === 2);
  assert.equal(hello && brief(hello), "hello 40 s, checkpoint 1");
  peer.upstream(NEAR, otherTree(1));
  assert.equal(peer.view?.upstreamTrees, 1);
});
