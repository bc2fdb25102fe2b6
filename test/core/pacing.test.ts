// Pacing (§8.6): what is under way to a neighbor, and what waits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import {
  FIRST_PACE,
  hasRoom,
  type Pace,
  SMALLEST_WINDOW,
  stepAcked,
  stepMissed,
  stepUnderWay,
} from "../../src/core/pacing.ts";
import { DEFAULT_ROUTER_SETTINGS } from "../../src/core/settings.ts";
import type { Running } from "../../src/core/state.ts";
import { type Bench, NEAR, only, originator, otherTree, type Sent } from "../support/bench.ts";
import { addressOn } from "../support/core-network.ts";
import { Peer } from "../support/peer.ts";

const LIMIT = DEFAULT_ROUTER_SETTINGS.windowLimit;
/** More than any test has messages under way. */
const MANY = 100;
/** Makes interface 2 one of the source's link. */
const SOURCE_ON_LINK = addressOn("10.0.0.99/24");

const messagesIn = (sent: readonly Sent[]): readonly Sent[] =>
  only(sent, "iamUpstream", "iamNoLongerUpstream", "interest", "noInterest");

/** The originator says what it has to of `count` trees, whose sources begin one after the other. */
function begin(bench: Bench, count: number, first = 1): readonly Sent[] {
  const sent = Array.from({ length: count }, (_, n) => bench.data(1, otherTree(first + n)));
  return messagesIn(sent.flat().filter((copy) => copy.interface === 2));
}

/** An originator with neighbors on interface 2 alone. */
function withPeers(count: number): { readonly bench: Bench; readonly peers: readonly Peer[] } {
  const bench = originator();
  const peers = Array.from({ length: count }, (_, n) =>
    new Peer(bench, 2, `10.2.0.${n + 2}`).meet(),
  );
  return { bench, peers };
}

function one(): { readonly bench: Bench; readonly peer: Peer } {
  const { bench, peers } = withPeers(1);
  const [peer] = peers;
  assert.ok(peer !== undefined);
  return { bench, peer };
}

const runningAt2 = (bench: Bench): Running => {
  const running = bench.router.save(bench.now).interfaces.get(interfaceIndex(2))?.running;
  assert.ok(running);
  return running;
};

/** Messages of which the first copy has not left. */
const waitingAt = (bench: Bench): number =>
  [...runningAt2(bench).waiting.values()].reduce((sum, trees) => sum + trees.size, 0);

const numbers = (sent: readonly Sent[]): readonly number[] =>
  messagesIn(sent).map(({ message }) => ("sn" in message ? message.sn : -1));

test("§8.6: a window grows by an Ack that finds it full, to its bound, and a missed Ack halves it", () => {
  const pace = (window: number, underWay: number): Pace => ({ window, underWay, stalled: false });
  assert.deepEqual(FIRST_PACE, pace(SMALLEST_WINDOW, 0));
  assert.deepEqual(stepAcked(pace(40, 39), LIMIT), pace(40, 39));
  assert.deepEqual(stepAcked(pace(40, 40), LIMIT), pace(41, 40));
  assert.deepEqual(stepAcked(pace(40, 60), LIMIT), pace(40, 60));
  assert.deepEqual(stepAcked(pace(40, 40), 40), pace(40, 40));
  assert.deepEqual(stepMissed(pace(101, 7)), { ...pace(50, 7), stalled: true });
  assert.deepEqual(stepAcked(stepMissed(pace(101, 7)), LIMIT), pace(50, 7));
  assert.equal(stepMissed(pace(SMALLEST_WINDOW + 1, 7)).window, SMALLEST_WINDOW);
  assert.deepEqual(stepUnderWay(pace(40, 7), -1), pace(40, 6));
  const rooms = (limit: number) => [39, 40].map((underWay) => hasRoom(pace(41, underWay), limit));
  assert.deepEqual(
    [rooms(41), rooms(40), rooms(39)],
    [
      [true, true],
      [true, false],
      [false, false],
    ],
  );
});

test("§8.6: what a neighbor has no room for waits, and leaves in order as it acknowledges", () => {
  const { bench, peer } = one();
  const sent = begin(bench, MANY);
  assert.equal(sent.length, SMALLEST_WINDOW);
  assert.equal(waitingAt(bench), MANY - SMALLEST_WINDOW);
  const later: number[] = [];
  for (let next = 0; next < bench.sent.length; next++) {
    const { message } = bench.sent[next] ?? {};
    if (message?.kind === "iamUpstream" && bench.sent[next]?.interface === 2)
      later.push(...numbers(peer.ack(message)));
  }
  const first = numbers(sent);
  assert.deepEqual(
    later,
    Array.from({ length: MANY - SMALLEST_WINDOW }, (_, n) => (first.at(-1) ?? 0) + 1 + n),
  );
  assert.equal(waitingAt(bench), 0);
  assert.equal(bench.running(2)?.unacknowledgedTrees, 0);
  assert.equal(peer.ack(sent[0]?.message).length, 0);
});

test("§8.6: a full window grows: two messages leave for one Ack", () => {
  const { bench, peer } = one();
  const [first, second] = begin(bench, MANY);
  assert.equal(messagesIn(peer.ack(first?.message)).length, 2);
  assert.equal(messagesIn(peer.ack(second?.message)).length, 2);
  assert.equal(runningAt2(bench).neighbors.get(peer.address)?.pace.window, SMALLEST_WINDOW + 2);
});

test("§8.6, §15: what waits is outstanding, has no misses and is not sent again; what is under way is", () => {
  const { bench, peer } = one();
  const sent = begin(bench, MANY);
  for (const { message } of sent.slice(1)) peer.ack(message);
  const underWay = messagesIn(bench.sent.filter((s) => s.interface === 2)).length;
  assert.ok(waitingAt(bench) > 0);
  assert.equal(bench.running(2)?.checkpointSn, (numbers(sent)[0] ?? 0) - 1);
  const again = bench.run(3000);
  const copies = messagesIn(again.filter((s) => s.interface === 2));
  assert.deepEqual(
    new Set(copies.map((copy) => copy.again)),
    new Set([true]),
    "nothing new leaves",
  );
  assert.equal(copies.length, underWay - (SMALLEST_WINDOW - 1));
});

test("§5.5, §8.6: a neighbor that acknowledges nothing fails as ever, and what waited for it goes", () => {
  const { bench, peer } = one();
  begin(bench, MANY);
  const sent = messagesIn(bench.run(12_000).filter((s) => s.interface === 2));
  assert.equal(peer.state, "UNKNOWN");
  assert.ok(sent.every((copy) => copy.again));
  assert.equal(waitingAt(bench), 0);
  assert.equal(bench.running(2)?.unacknowledgedTrees, 0);
});

test("§8.6: of neighbors that all owe it, the one with the least room has a multicast message wait", () => {
  const { bench, peers } = withPeers(2);
  const [quick, slow] = peers;
  assert.ok(quick !== undefined && slow !== undefined);
  const sent = begin(bench, MANY);
  assert.equal(sent.length, SMALLEST_WINDOW);
  for (const { message } of sent) assert.deepEqual(quick.ack(message), []);
  assert.equal(messagesIn(slow.ack(sent[0]?.message)).length, 2);
  // It is given up: what waited for it alone leaves for the other.
  assert.ok(messagesIn(slow.goodbye()).length > SMALLEST_WINDOW - 4);
});

test("§8.6: one of several that acknowledges nothing is waited for until its first miss, and again from its next Ack on", () => {
  const { bench, peers } = withPeers(2);
  const [quick, dead] = peers;
  assert.ok(quick !== undefined && dead !== undefined);
  for (const { message } of begin(bench, SMALLEST_WINDOW)) quick.ack(message);
  assert.deepEqual(begin(bench, 5, MANY), []);
  const late = messagesIn(bench.run(3000).filter((s) => s.interface === 2 && !s.again));
  assert.equal(late.length, 5);
  for (const { message } of late) quick.ack(message);
  assert.equal(begin(bench, 5, MANY + 5).length, 5);
  dead.ack(late[0]?.message);
  assert.deepEqual(begin(bench, 5, MANY + 10), []);
});

test("§8.6, §6.1: a neighbor that restarts learns by its snapshot what waited, and is sent nothing of it", () => {
  const { bench, peer } = one();
  begin(bench, MANY);
  peer.reboot();
  assert.deepEqual(messagesIn(peer.hello()), []);
  assert.equal(waitingAt(bench), 0);
  peer.follow();
  assert.equal(begin(bench, 1, MANY + 1).length, 1);
});

/** §8.6: counted anew, what is under way is what was counted, and whatever waits has somebody without room. */
function expectInOrder(running: Running): void {
  const counts = new Map([...running.neighbors.keys()].map((address) => [address, 0]));
  for (const { sent, owing } of [...running.outstanding.values()].flat()) {
    if (sent) for (const address of owing) counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  for (const { address, pace } of running.neighbors.values()) {
    assert.equal(pace.underWay, counts.get(address));
  }
  for (const [destination, trees] of running.waiting) {
    const [tree = ""] = trees;
    const message = running.outstanding
      .get(tree as never)
      ?.find((each) => each.destination === destination);
    assert.ok(message !== undefined && !message.sent);
    const paces = message.owing.flatMap((address) => running.neighbors.get(address)?.pace ?? []);
    const going = paces.filter(({ stalled }) => !stalled);
    assert.ok((going.length === 0 ? paces : going).some((pace) => !hasRoom(pace, LIMIT)));
  }
  const waits = [...running.outstanding.values()].flat().filter(({ sent }) => !sent).length;
  const queued = [...running.waiting.values()].reduce((sum, trees) => sum + trees.size, 0);
  assert.equal(queued, waits);
}

/** Something that happens at a router with these neighbors, of a hundred trees. */
function happen(bench: Bench, peers: readonly Peer[], random: Random): void {
  const peer = peers[random.below(peers.length)];
  assert.ok(peer !== undefined);
  const tree = otherTree(1 + random.below(MANY));
  const on2 = messagesIn(bench.sent.filter(({ interface: index }) => index === 2)).slice(-MANY);
  switch (random.below(12)) {
    case 0:
      bench.interface(2, "10.2.0.5/24", {
        addresses: [addressOn("10.2.0.5/24"), ...(random.below(2) === 0 ? [SOURCE_ON_LINK] : [])],
      });
      return;
    case 1:
      bench.route("10.0.0.0/24", 1, null, random.below(3));
      return;
    case 2:
      peer.upstream(NEAR, tree);
      return;
    case 3:
      peer.noLongerUpstream(tree);
      return;
    case 4:
      if (random.below(4) === 0) peer.goodbye();
      return;
    case 5:
      peer.reboot();
      peer.meet();
      return;
    case 6:
      bench.run(random.below(4000));
      return;
    case 7:
      begin(bench, 1 + random.below(MANY));
      return;
    default:
      for (let n = 0; n < 30 && on2.length > 0; n++) {
        peer.ack(on2[random.below(on2.length)]?.message);
      }
  }
}

test("§8.6: whatever happens, what is counted is under way, and what waits lacks room", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new Random(seed);
    const { bench, peers } = withPeers(3);
    let most = 0;
    for (let n = 0; n < 100; n++) {
      happen(bench, peers, random);
      expectInOrder(runningAt2(bench));
      most = Math.max(most, waitingAt(bench));
    }
    assert.ok(most > 0, `seed ${seed} has something wait`);
    bench.run(30_000);
    assert.equal(bench.running(2)?.unacknowledgedTrees, 0, "who is silent has failed");
    expectInOrder(runningAt2(bench));
  }
});
