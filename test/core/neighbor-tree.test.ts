// What is stored of a neighbor and a tree, and how messages change it (§7.1, §7.2).
import assert from "node:assert/strict";
import { test } from "node:test";
import { sequenceNumber } from "../../src/base/units.ts";
import {
  isUnheard,
  type NeighborTree,
  stepCheckpoint,
  stepForgetInterest,
  stepInstall,
  stepLastSn,
  stepTreeMessage,
  UNHEARD,
} from "../../src/core/neighbor-tree.ts";
import { DEFAULT_ROUTER_SETTINGS } from "../../src/core/settings.ts";
import { Bench, brief, FAR, NEAR, originator, otherTree } from "../support/bench.ts";
import { addressOn } from "../support/core-network.ts";
import { Peer } from "../support/peer.ts";

const sn = sequenceNumber;
const KNOWN: readonly NeighborTree[] = [
  UNHEARD,
  { upstream: NEAR, interest: "not interested", lastSn: sn(5) },
  { upstream: null, interest: "interested", lastSn: sn(5) },
  { upstream: null, interest: "not interested", lastSn: null },
];
const peer = new Peer(new Bench(), 2, "10.2.0.2");

test("§7.2: IamUpstream: upstream with RPC, and so not interested", () => {
  for (const known of KNOWN) {
    for (const advertised of [true, false]) {
      assert.deepEqual(stepTreeMessage(known, peer.upstreamMessage(FAR), advertised), {
        upstream: FAR,
        interest: "not interested",
        lastSn: known.lastSn,
      });
    }
  }
});

test("§7.2: IamNoLongerUpstream: not upstream, interest unknown", () => {
  for (const known of KNOWN) {
    for (const advertised of [true, false]) {
      const next = stepTreeMessage(known, peer.plain("iamNoLongerUpstream"), advertised);
      assert.deepEqual(next, { upstream: null, interest: "unknown", lastSn: known.lastSn });
    }
  }
});

test("§7.2: Interest and NoInterest: not upstream, interested or not, where something is Advertised", () => {
  for (const known of KNOWN) {
    const heard = (kind: "interest" | "noInterest", advertised: boolean): NeighborTree =>
      stepTreeMessage(known, peer.plain(kind), advertised);
    const common = { upstream: null, lastSn: known.lastSn };
    assert.deepEqual(heard("interest", true), { ...common, interest: "interested" });
    assert.deepEqual(heard("noInterest", true), { ...common, interest: "not interested" });
    assert.deepEqual(heard("interest", false), { ...common, interest: "unknown" });
    assert.deepEqual(heard("noInterest", false), { ...common, interest: "unknown" });
  }
});

test("§6.6, §7.3, §11, §15: the other steps change one part each", () => {
  const [, upstream, interested] = KNOWN as readonly [
    NeighborTree,
    NeighborTree,
    NeighborTree,
    NeighborTree,
  ];
  assert.deepEqual(stepLastSn(interested, sn(9)), { ...interested, lastSn: 9 });
  assert.equal(stepInstall(interested, FAR, sn(4)), interested);
  const installed = { upstream: FAR, interest: "not interested" };
  assert.deepEqual(stepInstall(interested, FAR, sn(5)), { ...installed, lastSn: 5 });
  assert.deepEqual(stepInstall(UNHEARD, FAR, sn(1)), { ...installed, lastSn: null });
  assert.deepEqual(stepForgetInterest(interested), { ...interested, interest: "unknown" });
  assert.equal(stepForgetInterest(upstream), upstream);
  assert.equal(stepForgetInterest(UNHEARD), UNHEARD);
  assert.deepEqual(stepCheckpoint(interested, sn(5)), { ...interested, lastSn: null });
  assert.equal(stepCheckpoint(interested, sn(4)), interested);
  assert.equal(stepCheckpoint(UNHEARD, sn(4)), UNHEARD);
  assert.ok(isUnheard(UNHEARD));
  assert.ok(isUnheard({ ...UNHEARD }));
  for (const known of KNOWN.slice(1)) assert.ok(!isUnheard(known));
  assert.ok(!isUnheard({ ...UNHEARD, lastSn: sn(1) }));
});

/** An originator whose tree is ACTIVE, and a neighbor that has said nothing of its interest. */
function undetermined(floodInitialData = true): { bench: Bench; neighbor: Peer } {
  const bench = originator({}, { floodInitialData });
  const neighbor = new Peer(bench, 2, "10.2.0.2").meet();
  acked(bench, bench.data(1), neighbor);
  return { bench, neighbor };
}
function acked(bench: Bench, sent: ReturnType<Bench["data"]>, ...peers: readonly Peer[]): void {
  const [first] = sent.filter((s) => s.interface === 2 && s.message.kind === "iamUpstream");
  for (const one of peers) one.ack(first?.message);
  assert.notEqual(bench.tree(), undefined);
}
const forwards = (bench: Bench): boolean => bench.entry()?.outgoing.includes(2 as never) === true;
/** Lets time pass while the neighbors say Hello. */
function live(bench: Bench, span: number, ...peers: readonly Peer[]): void {
  for (let left = span; left > 0; left -= 5000) {
    for (const one of peers) one.hello();
    bench.run(Math.min(left, 5000));
  }
}
/** Checks that unknown interest counts for `span` from now on, and no longer. */
function counts(bench: Bench, span: number, ...peers: readonly Peer[]): void {
  assert.ok(forwards(bench));
  live(bench, span - 1, ...peers);
  assert.ok(forwards(bench), `${span - 1} ms later`);
  bench.run(1);
  assert.ok(!forwards(bench), `${span} ms later`);
}

test("§7.1: unknown interest counts for InitialFloodTime after the tree formed", () => {
  const { bench, neighbor } = undetermined();
  assert.equal(bench.treeAt(2)?.nonRoot?.downstream.why, "neighbor counts as interested");
  counts(bench, 15_000, neighbor);
  assert.equal(bench.treeAt(2)?.nonRoot?.downstream.interested, false);
});

test("§7.1: with FloodInitialData off it does not count", () => {
  const { bench, neighbor } = undetermined(false);
  assert.ok(!forwards(bench));
  neighbor.interest();
  assert.ok(forwards(bench));
});

test("§7.1: FloodInitialData and InitialFloodTime can change under way", () => {
  const { bench, neighbor } = undetermined();
  const set = (given: Partial<typeof DEFAULT_ROUTER_SETTINGS>): void => {
    bench.handle({ kind: "settings", settings: { ...DEFAULT_ROUTER_SETTINGS, ...given } });
  };
  set({ floodInitialData: false });
  assert.ok(!forwards(bench));
  set({ initialFloodTime: 4000 as never });
  counts(bench, 4000, neighbor);
});

test("§7.1: another neighbor that becomes SYNCED makes it count anew, on its interface", () => {
  const { bench, neighbor } = undetermined();
  const apart = new Peer(bench, 3, "10.3.0.2").meet();
  live(bench, 10_000, neighbor, apart);
  const second = new Peer(bench, 2, "10.2.0.3").meet();
  bench.run(0);
  live(bench, 5000, neighbor, second, apart);
  assert.deepEqual(bench.entry()?.outgoing, [2]);
  counts(bench, 10_000, neighbor, second);
});

test("§7.1: IamNoLongerUpstream makes it count anew", () => {
  const { bench, neighbor } = undetermined();
  neighbor.upstream(FAR);
  assert.ok(!forwards(bench));
  live(bench, 20_000, neighbor);
  neighbor.noLongerUpstream();
  counts(bench, 15_000, neighbor);
});

test("§7.1: interest that was forgotten counts anew once something is Advertised again", () => {
  const { bench, neighbor } = undetermined();
  neighbor.noInterest();
  live(bench, 20_000, neighbor);
  assert.ok(!forwards(bench));
  // The source's subnet joins the interface and leaves it: nothing Advertised meanwhile.
  bench.interface(2, "10.2.0.5/24", {
    addresses: [addressOn("10.2.0.5/24"), addressOn("10.0.0.99/24")],
  });
  const last = bench.sent.at(-1)?.message;
  neighbor.ack(last);
  acked(bench, bench.interface(2, "10.2.0.5/24"), neighbor);
  counts(bench, 15_000, neighbor);
});

test("§7.1: what else another neighbor says does not make it count anew", () => {
  for (const say of ["interest", "noInterest", "upstream"] as const) {
    const bench = originator();
    const [quiet, other] = [2, 3].map((n) => new Peer(bench, 2, `10.2.0.${n}`).meet());
    assert.ok(quiet !== undefined && other !== undefined);
    acked(bench, bench.data(1), quiet, other);
    live(bench, 10_000, quiet, other);
    if (say === "upstream") other.upstream(FAR);
    else other.say(other.plain(say));
    if (say === "interest") other.noInterest();
    counts(bench, 5000, quiet, other);
  }
});

test("§7.1: a repeated IamNoLongerUpstream does not make it count anew", () => {
  const { bench, neighbor } = undetermined();
  const gone = neighbor.plain("iamNoLongerUpstream");
  neighbor.say(gone);
  bench.run(10_000);
  neighbor.say(gone);
  counts(bench, 5000, neighbor);
});

test("§7.1: upstream implies not interested", () => {
  const { bench, neighbor } = undetermined();
  neighbor.interest();
  assert.ok(forwards(bench));
  neighbor.upstream(FAR);
  assert.equal(bench.treeAt(2)?.nonRoot?.downstream.interested, false);
  assert.equal(bench.treeAt(2)?.nonRoot?.downstream.why, "all upstream or not interested");
});

test("§7.2: interest is not kept where nothing is Advertised, but acknowledged, with LastSN", () => {
  for (const kind of ["interest", "noInterest"] as const) {
    // Interest kept would forward without flooding, NoInterest kept would not forward with it.
    const bench = originator({}, { floodInitialData: kind === "noInterest" });
    const neighbor = new Peer(bench, 2, "10.2.0.2").meet();
    const message = neighbor.plain(kind);
    assert.deepEqual(neighbor.say(message).map(brief), ["ack 2 in 1/1 to 500"]);
    // Stored as LastSN: a lower one is stale, the same is acknowledged again.
    assert.deepEqual(neighbor.say(message).map(brief), ["ack 2 in 1/1 to 500"]);
    bench.data(1);
    assert.equal(forwards(bench), kind === "noInterest", kind);
    neighbor.say(neighbor.plain(kind));
    assert.equal(forwards(bench), kind === "interest", kind);
  }
});

test("§7.2: on the root, too, nothing is Advertised and no interest kept", () => {
  const bench = new Bench({ floodInitialData: false });
  bench.interface(1, "10.1.0.5/24");
  bench.interface(2, "10.2.0.5/24");
  bench.route("10.0.0.0/24", 1, "10.1.0.2", 20);
  const upstream = new Peer(bench, 1, "10.1.0.2").meet();
  const other = new Peer(bench, 1, "10.1.0.3").meet();
  upstream.upstream(NEAR);
  other.interest();
  // The root moves away: what was said while it was the root does not count.
  const nearer = new Peer(bench, 2, "10.2.0.2").meet();
  nearer.upstream(NEAR);
  bench.route("10.0.0.0/24", 2, "10.2.0.2", 20);
  assert.equal(bench.treeAt(1)?.nonRoot?.downstream.interested, false);
  other.interest();
  assert.equal(bench.treeAt(1)?.nonRoot?.downstream.interested, true);
});

test("§7.2: Interest and NoInterest end upstream state, whatever is Advertised", () => {
  for (const kind of ["interest", "noInterest"] as const) {
    const bench = originator();
    const neighbor = new Peer(bench, 2, "10.2.0.2").meet();
    neighbor.upstream(NEAR, otherTree(1));
    assert.equal(neighbor.view?.upstreamTrees, 1);
    neighbor.say(neighbor.plain(kind, otherTree(1)));
    assert.equal(neighbor.view?.upstreamTrees, 0);
    assert.equal(bench.tree(otherTree(1)), undefined);
  }
});
