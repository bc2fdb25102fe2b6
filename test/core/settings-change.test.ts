// Settings of an interface that change while HPIM-DM runs there: they act at once (§16).
import assert from "node:assert/strict";
import { test } from "node:test";
import { bootTime, millis, seconds } from "../../src/base/units.ts";
import { DEFAULT_INTERFACE_SETTINGS, type InterfaceSettings } from "../../src/core/settings.ts";
import { Bench, brief, NEAR, only, originator, otherTree, type Sent } from "../support/bench.ts";
import { Peer } from "../support/peer.ts";

const ADDRESS = "10.2.0.5/24";

/** Interface 2 has these settings from now on, and else the defaults. */
function set(bench: Bench, given: Partial<InterfaceSettings>): readonly Sent[] {
  return bench.interface(2, ADDRESS, { protocol: { ...DEFAULT_INTERFACE_SETTINGS, ...given } });
}

/** As `set`; what is sent at once and in so many milliseconds more. */
function setAndRun(bench: Bench, given: Partial<InterfaceSettings>, span: number): readonly Sent[] {
  return [...set(bench, given), ...bench.run(span)];
}

/** A router alone with interface 2, which has said its first Hello at the instant 0. */
function alone(given: Partial<InterfaceSettings> = {}): Bench {
  const bench = new Bench();
  setAndRun(bench, { triggeredHelloDelay: millis(0), ...given }, 0);
  return bench;
}

/** "seconds what" of each message. */
const lines = (sent: readonly Sent[], from: number): readonly string[] =>
  sent.map((one) => `${(one.at - from) / 1000} ${brief(one)}`);

/** When the messages were sent, in seconds. */
const times = (sent: readonly Sent[]): readonly number[] => sent.map(({ at }) => at / 1000);

test("§16 HelloPeriod: lowered, a Hello leaves at once and the next after the new period; raised, three more at the old one come first", () => {
  const bench = alone({ helloPeriod: seconds(900) });
  bench.run(5000);
  assert.deepEqual(lines(setAndRun(bench, { helloPeriod: seconds(1) }, 1500), 5000), [
    "0 hello 4 s, checkpoint 0",
    "1 hello 4 s, checkpoint 0",
  ]);
  assert.deepEqual(lines(setAndRun(bench, { helloPeriod: seconds(100) }, 103_000), 6500), [
    "0 hello 400 s, checkpoint 0",
    "1 hello 400 s, checkpoint 0",
    "2 hello 400 s, checkpoint 0",
    "3 hello 400 s, checkpoint 0",
    "103 hello 400 s, checkpoint 0",
  ]);
});

test("§16 HelloPeriod: raised twice in a row, neighbors that know of neither still hear us in time", () => {
  const bench = alone({ helloPeriod: seconds(1) });
  set(bench, { helloPeriod: seconds(50) });
  bench.run(1500);
  assert.deepEqual(lines(setAndRun(bench, { helloPeriod: seconds(100) }, 3000), 1500), [
    "0 hello 400 s, checkpoint 0",
    "1 hello 400 s, checkpoint 0",
    "2 hello 400 s, checkpoint 0",
    "3 hello 400 s, checkpoint 0",
  ]);
});

test("§16 HelloPeriod: before the first Hello it takes nothing of TriggeredHelloDelay", () => {
  const first = (change: Partial<InterfaceSettings>): readonly Sent[] => {
    const bench = new Bench();
    set(bench, { triggeredHelloDelay: seconds(60) });
    return setAndRun(bench, { triggeredHelloDelay: seconds(60), ...change }, 60_000).slice(0, 1);
  };
  const [expected] = times(first({}));
  assert.ok(expected !== undefined && expected > 1);
  assert.deepEqual(lines(first({ helloPeriod: seconds(1) }), 0), [
    `${expected} hello 4 s, checkpoint 0`,
  ]);
});

test("§16 TriggeredHelloDelay: the first Hello leaves when it would have with the new one, at once if that is past", () => {
  const first = (...delays: readonly number[]): number => {
    const bench = new Bench();
    for (const delay of delays) set(bench, { triggeredHelloDelay: millis(delay) });
    bench.run(100);
    return bench.sent[0]?.at ?? Number.NaN;
  };
  assert.ok(first(100) > 1);
  assert.equal(first(60_000, 100), first(100));
  assert.equal(first(1, 60_000, 100), first(100));
  const late = new Bench();
  set(late, { triggeredHelloDelay: seconds(60) });
  late.run(500);
  assert.deepEqual(lines(setAndRun(late, { triggeredHelloDelay: millis(100) }, 0), 500), [
    "0 hello 40 s, checkpoint 0",
  ]);
});

test("§16 TriggeredHelloDelay: does nothing after the first Hello", () => {
  const bench = alone();
  bench.run(5000);
  const sent = setAndRun(bench, { triggeredHelloDelay: seconds(1) }, 20_000);
  assert.deepEqual(times(sent), [10, 20]);
});

/** A router that leads with a neighbor since the instant 0, and hears nothing of it. */
function leading(): { bench: Bench; peer: Peer } {
  const bench = alone();
  const peer = new Peer(bench, 2, "10.2.0.2");
  peer.hello();
  assert.equal(peer.state, "SLAVE");
  return { bench, peer };
}

const TIMER_CHANGES: readonly (readonly [seconds: number, ends: readonly number[]])[] = [
  [2.5, [2.5, 5]],
  [1, [2, 3, 4, 5, 6]],
  [4, [4]],
];
for (const [length, ends] of TIMER_CHANGES) {
  test(`§16 SyncRetransmissionTime: 3 s that run for 2 s and become ${length} s`, () => {
    const { bench } = leading();
    bench.run(2000);
    const sent = setAndRun(bench, { syncRetransmissionTime: seconds(length) }, 4000);
    assert.deepEqual(times(only(sent, "sync")), ends);
  });

  test(`§16 RetransmissionTime: 3 s that run for 2 s and become ${length} s`, () => {
    const bench = originator();
    new Peer(bench, 2, "10.2.0.2").meet();
    bench.data(1);
    bench.run(2000);
    const change = { retransmissionTime: seconds(length), ackFailureThreshold: 9 };
    assert.deepEqual(times(only(setAndRun(bench, change, 4000), "iamUpstream")), ends);
  });
}

test("§16 RetransmissionTime: of one interface it does not act on another", () => {
  const bench = originator();
  new Peer(bench, 3, "10.3.0.2").meet();
  bench.data(1);
  bench.run(2000);
  const sent = setAndRun(bench, { retransmissionTime: seconds(1) }, 4000);
  assert.deepEqual(times(only(sent, "iamUpstream")), [3, 6]);
});

/** When a neighbor fails that synchronises since the instant 0, if SyncHoldTime changes from 12 s at 5 s. */
function failsAt(syncHoldTime: number): number {
  const { bench, peer } = leading();
  bench.run(5000);
  set(bench, { syncHoldTime: seconds(syncHoldTime) });
  while (peer.state === "SLAVE" && bench.now < 60_000) bench.run(500);
  return bench.now / 1000;
}

test("§16 SyncHoldTime: raised, a neighbor fails when it would have with the new one", () => {
  assert.equal(failsAt(20), 20);
});

test("§16 SyncHoldTime: lowered, a neighbor has the whole new one to make progress, but no longer than before", () => {
  assert.equal(failsAt(2), 7);
  assert.equal(failsAt(1), 6);
  assert.equal(failsAt(11), 12);
});

test("§16 SyncHoldTime: a SYNCED neighbor lives for its own HoldTime", () => {
  const bench = alone();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  bench.run(5000);
  set(bench, { syncHoldTime: seconds(1), helloPeriod: seconds(1) });
  assert.equal(peer.view?.livenessDue, 40_000);
  set(bench, { syncHoldTime: seconds(900), helloPeriod: seconds(900) });
  assert.equal(peer.view?.livenessDue, 40_000);
});

/** When a neighbor fails that owes an Ack since the instant 0, if AckFailureThreshold changes from 3 at 5 s. */
function ackFailsAt(ackFailureThreshold: number): number {
  const bench = originator();
  const peer = new Peer(bench, 2, "10.2.0.2").meet();
  bench.data(1);
  bench.run(5000);
  set(bench, { ackFailureThreshold });
  assert.equal(peer.state, "SYNCED");
  while (peer.state === "SYNCED" && bench.now < 60_000) bench.run(1000);
  return bench.now / 1000;
}

test("§16 AckFailureThreshold: the next expiry is judged by it", () => {
  assert.equal(ackFailsAt(3), 12);
  assert.equal(ackFailsAt(1), 6);
  assert.equal(ackFailsAt(4), 15);
});

test("§16 TreesPerSync: holds for the next snapshot; one that is under way keeps its own", () => {
  const bench = originator();
  for (const n of [1, 2, 3]) bench.data(1, otherTree(n));
  const parts = (peer: Peer): readonly number[] =>
    only(peer.follow(), "sync").flatMap(({ message }) =>
      message.kind === "sync" && message.part.more ? [message.part.entries.length] : [],
    );
  const [one, two] = [new Peer(bench, 2, "10.2.0.2"), new Peer(bench, 2, "10.2.0.3")];
  one.hello();
  set(bench, { treesPerSync: 2 });
  two.hello();
  const sent = only(bench.sent, "sync").map(({ message }) =>
    message.kind === "sync" && message.part.more ? message.part.entries.length : 0,
  );
  assert.deepEqual(sent, [3, 2]);
  assert.deepEqual([parts(one), parts(two)], [[], [1]]);
});

test("§16 NeighborLimit: raised where it was reached, a Hello leaves at once for those who were refused", () => {
  const bench = alone({ neighborLimit: 1 });
  const [one, two] = [new Peer(bench, 2, "10.2.0.2"), new Peer(bench, 2, "10.2.0.3")];
  one.meet();
  two.hello();
  assert.equal(two.state, "UNKNOWN");
  bench.run(1000);
  assert.deepEqual(times(setAndRun(bench, { neighborLimit: 2 }, 15_000)), [1, 11]);
  two.meet();
  assert.equal(two.state, "SYNCED");
  set(bench, { neighborLimit: 4 });
  assert.deepEqual(set(bench, { neighborLimit: 5 }), [], "there was room");
});

test("§16 NeighborLimit: lowered, neighbors stay, and no new one is met", () => {
  const bench = alone({ neighborLimit: 2 });
  const peers = [2, 3, 4].map((n) => new Peer(bench, 2, `10.2.0.${n}`));
  peers[0]?.meet();
  peers[1]?.meet();
  assert.deepEqual(set(bench, { neighborLimit: 1 }), []);
  peers[2]?.hello();
  peers[0]?.reboot();
  peers[0]?.meet();
  assert.deepEqual(
    peers.map(({ state }) => state),
    ["SYNCED", "SYNCED", "UNKNOWN"],
  );
});

test("§16: settings equal to before change nothing, in the middle of everything", () => {
  const bench = originator();
  new Peer(bench, 2, "10.2.0.2").meet();
  const leader = new Peer(bench, 2, "10.2.0.3");
  leader.hello();
  leader.sync({ syncSn: 0, entries: [{ ...otherTree(1), rpc: NEAR }] });
  bench.data(1);
  bench.run(1234);
  const before = bench.router.save(bench.now);
  const done = bench.actions.length;
  const protocol = { ...DEFAULT_INTERFACE_SETTINGS };
  bench.interface(2, ADDRESS, { protocol, lastBootTime: bootTime(0) });
  assert.deepEqual(bench.actions.slice(done), []);
  assert.deepEqual(bench.router.save(bench.now), before);
});

test("§16: an interface under another address begins with its new settings", () => {
  const bench = alone({ helloPeriod: seconds(900) });
  const helloPeriod = seconds(1);
  const protocol = { ...DEFAULT_INTERFACE_SETTINGS, helloPeriod, triggeredHelloDelay: millis(0) };
  const sent = [...bench.interface(2, "10.2.0.6/24", { protocol }), ...bench.run(1000)];
  assert.deepEqual(sent.map(brief), ["hello 4 s, checkpoint 0", "hello 4 s, checkpoint 0"]);
});
