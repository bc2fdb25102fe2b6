// Which interfaces forward (§9.4), and how a loop is cut while a tree is UNSURE.
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "../../src/base/units.ts";
import { type ForwardingInputs, forwardingVerdict } from "../../src/core/forwarding.ts";
import { DEFAULT_ROUTER_SETTINGS } from "../../src/core/settings.ts";
import { addressOn } from "../support/core-network.ts";
import { PlayedRouter, withListeners } from "../support/played-router.ts";
import { ON_SOURCE_LINK } from "../support/played-tree.ts";

const FORWARDS: ForwardingInputs = {
  hasEntry: true,
  isFed: true,
  sourceOnLink: false,
  downstreamInterested: true,
  winner: true,
  holdUntil: null,
  cutUntil: null,
};

test("§9.4: an interface forwards with a kernel entry, DI, AW, and the source elsewhere", () => {
  assert.deepEqual(forwardingVerdict(FORWARDS), { forwarding: true, why: "assert winner" });
});

const SINGLE_REASONS: readonly [Partial<ForwardingInputs>, object][] = [
  [{ hasEntry: false }, { why: "tree has no kernel entry" }],
  [{ isFed: false }, { why: "no upstream neighbor on the root" }],
  [{ sourceOnLink: true }, { why: "source is on this link" }],
  [{ downstreamInterested: false }, { why: "not interested" }],
  [{ winner: false }, { why: "assert loser" }],
  [{ cutUntil: millis(7) }, { why: "data arrive here", until: 7 }],
];
for (const [change, why] of SINGLE_REASONS) {
  const [name] = Object.keys(change);
  test(`§9.4: ${name} alone keeps an interface from forwarding, holding or not`, () => {
    const inputs = { ...FORWARDS, ...change };
    assert.deepEqual(forwardingVerdict(inputs), { forwarding: false, ...why });
    const holding = forwardingVerdict({ ...inputs, holdUntil: millis(9) });
    assert.equal(holding.forwarding, name === "winner");
  });
}

test("§9.4, §14: a loser that holds forwards until the end of its hold", () => {
  assert.deepEqual(forwardingVerdict({ ...FORWARDS, winner: false, holdUntil: millis(9) }), {
    forwarding: true,
    why: "holding",
    until: 9,
  });
});

test("§9.4: an UNSURE tree without an upstream neighbor on the root forwards nothing", () => {
  const router = withListeners("11/20");
  assert.equal(router.entry(), "1 -> 2 3");
  router.neighbor(3, 1, "11/30");
  router.route(20, 2, "10.0.2.1");
  assert.equal(router.state().split(":")[0], "UNSURE");
  router.listener(1);
  assert.equal(router.why(1).forwarding, "does not: no upstream neighbor on the root");
  assert.equal(router.entry(), "2 ->");
});

test("§9.4: a loser does not forward, whoever is interested", () => {
  const router = withListeners("11/10");
  router.neighbor(2, 1, "11/10");
  router.run(2000);
  assert.equal(router.why(2).forwarding, "does not: assert loser");
  assert.equal(router.entry(), "1 -> 3");
});

test("§9.4: an interface without interest does not forward", () => {
  const router = withListeners("11/10");
  router.listener(2, false);
  assert.equal(router.why(2).forwarding, "does not: not interested");
  assert.equal(router.entry(), "1 -> 3");
});

test("§9.4: an interface of the source's link never forwards", () => {
  const router = withListeners("11/10");
  assert.equal(router.entry(), "1 -> 2 3");
  router.interface(3, { addresses: [addressOn("10.0.3.5/24"), addressOn("10.9.9.5/24")] });
  assert.equal(router.why(3).forwarding, "does not: source is on this link");
  assert.equal(router.entry(), "1 -> 2");
});

test("§9.4: without a kernel entry nothing forwards", () => {
  const router = withListeners("11/10");
  router.route(20);
  assert.equal(router.why(2).forwarding, "does not: tree has no kernel entry");
  assert.equal(router.entry(), "none");
  assert.equal(router.tree()?.interested, false);
});

test("§9.4: the root does not forward, even if listeners are on it", () => {
  const router = withListeners("11/10");
  router.listener(1);
  assert.equal(router.at(1).nonRoot, null);
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§9.4: while UNSURE, a wrong-interface report cuts the interface for InitialFloodTime", () => {
  const router = withListeners("11/20");
  router.run(1000);
  assert.equal(router.entry(), "1 -> 2 3");
  router.wrong(2);
  assert.equal(router.why(2).forwarding, "does not: data arrive here");
  const { forwarding } = router.at(2).nonRoot ?? {};
  assert.equal(forwarding?.why === "data arrive here" && forwarding.until, 16_000);
  assert.equal(router.entry(), "1 -> 3");
  router.run(14_999);
  assert.equal(router.entry(), "1 -> 3");
  router.run(1);
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§9.4: data seen again prolong the cut", () => {
  const router = withListeners("11/20");
  router.wrong(2);
  router.run(10_000);
  router.wrong(2);
  router.run(14_999);
  assert.equal(router.entry(), "1 -> 3");
  router.run(1);
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§9.4: a cut counts for IT: with no other output NoInterest is sent", () => {
  const router = withListeners("11/20");
  router.listener(3, false);
  router.said();
  router.wrong(2);
  assert.deepEqual(router.said(), ["1 NoInterest 10.0.1.1"]);
  router.run(15_000);
  assert.deepEqual(router.said(), ["1 Interest 10.0.1.1"]);
});

test("§9.4: an interface that does not forward is cut as well", () => {
  const router = withListeners("11/20");
  router.listener(2, false);
  router.wrong(2);
  router.listener(2);
  assert.equal(router.entry(), "1 -> 3");
});

test("§9.4: the cut ends when the tree leaves UNSURE, and is not remembered", () => {
  const router = withListeners("11/20");
  const nearer = router.neighbor(1, 2, "11/30");
  router.wrong(2);
  nearer.upstream("11/10");
  assert.equal(router.tree()?.verdict.state, "ACTIVE");
  assert.equal(router.entry(), "1 -> 2 3");
  nearer.noLongerUpstream();
  assert.equal(router.tree()?.verdict.state, "UNSURE");
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§9.4: the cut ends when the interface becomes root, and is not remembered", () => {
  const router = withListeners("11/20");
  router.wrong(2);
  assert.equal(router.entry(), "1 -> 3");
  router.route(20, 2, "10.0.2.1");
  assert.equal(router.tree()?.verdict.state, "UNSURE");
  router.route(20, 1, "10.0.1.1");
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§9.4: data reported on the root, or where no tree takes part, cut nothing", () => {
  const router = withListeners("11/20");
  router.wrong(1);
  router.wrong(7);
  assert.equal(router.entry(), "1 -> 2 3");
});

/** As above, with interface 2 alone: a packet on a wrong interface can only have come by it. */
function withOneListener(upstream: string): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.route(20, 1, "10.0.1.1");
  router.listener(2);
  router.neighbor(1, 1, upstream);
  return router;
}

test("§9.4: while UNSURE, an increase of the wrong-interface counter cuts the only interface it can be", () => {
  const router = withOneListener("11/20");
  router.run(1000);
  router.count(10);
  router.run(5000);
  assert.equal(router.entry(), "1 -> 2", "packets on the root are no loop");
  router.count(1, 1);
  router.run(1000);
  assert.equal(router.entry(), "1 ->");
  assert.equal(router.why(2).forwarding, "does not: data arrive here");
  router.run(15_000);
  assert.equal(router.entry(), "1 -> 2", "no more came");
});

test("§9.4: an increase that may be any of several interfaces' cuts none: reports do", () => {
  const router = withListeners("11/20");
  router.run(1000);
  router.count(1, 1);
  router.run(5000);
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§9.4: what the wrong-interface counter had counted before the tree was UNSURE cuts nothing", () => {
  const router = withOneListener("11/20");
  const nearer = router.neighbor(1, 2, "11/10");
  router.count(5, 5);
  router.run(1000);
  nearer.upstream("11/20");
  assert.equal(router.tree()?.verdict.state, "UNSURE");
  router.run(5000);
  assert.equal(router.entry(), "1 -> 2");
  router.count(1, 1);
  router.run(1000);
  assert.equal(router.entry(), "1 ->");
});

test("§9.4: while ACTIVE, the wrong-interface counter cuts nothing", () => {
  const router = withOneListener("11/10");
  router.count(5, 5);
  router.run(5000);
  assert.equal(router.entry(), "1 -> 2");
});

test("§9.4: reports while there is no root are remembered when one appears", () => {
  const router = withListeners("11/20");
  router.route(20);
  router.missing(3);
  router.wrong(2);
  router.route(20, 1, "10.0.1.1");
  assert.equal(router.why(2).forwarding, "does not: data arrive here");
  assert.equal(router.entry(), "1 -> 3");
});

test("§9.4: an interface that began after the tree formed is cut as well, and stays so", () => {
  const router = withListeners("11/20");
  router.run(1000);
  router.interface(4);
  router.listener(4);
  assert.equal(router.entry(), "1 -> 2 3 4");
  router.wrong(4);
  router.listener(3, false);
  router.listener(3);
  assert.equal(router.entry(), "1 -> 2 3");
});

test("§9: an entry that stays as it is is not installed again", () => {
  const router = withListeners("11/10");
  const actions = router.router.handle(
    { kind: "settings", settings: DEFAULT_ROUTER_SETTINGS },
    router.now,
  );
  assert.deepEqual(actions, []);
});

test("§9.4: at an originator that is UNSURE there is no entry to cut", () => {
  const router = new PlayedRouter();
  router.interface(2);
  router.interface(3);
  router.interface(9, ON_SOURCE_LINK);
  router.route(0, 9, null, 2);
  router.listener(3);
  router.neighbor(2, 1, "11/10");
  router.wrong(2);
  assert.equal(router.entry(), "none");
  assert.equal(router.why(3).forwarding, "does not: tree has no kernel entry");
});
