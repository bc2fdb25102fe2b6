// What is sent on the root interface, row by row (§10 R1-R9, O1, O2).
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOn, prefix } from "../support/core-network.ts";
import { PlayedRouter, routeBy } from "../support/played-router.ts";
import { ON_SOURCE_LINK } from "../support/played-tree.ts";

/** A router 11/20 from the source over interface 1, with 2 and 3; IT if a listener is on 3. */
function routerOn1(isInterested: boolean): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(1);
  router.interface(2);
  router.interface(3);
  router.route(20, 1, "10.0.1.1");
  if (isInterested) router.listener(3);
  return router;
}

/** What the router says because of `event`. */
function saidBy(router: PlayedRouter, event: () => void): string[] {
  router.said();
  event();
  return router.said();
}

for (const isInterested of [true, false]) {
  const interest = isInterested ? "Interest" : "NoInterest";
  const suffix = isInterested ? "IT" : "OT";

  test(`§10 R1: became root, was ACTIVE, is ACTIVE -> IamNoLongerUpstream, then interest (${suffix})`, () => {
    const router = routerOn1(isInterested);
    router.neighbor(1, 1, "11/10");
    router.neighbor(2, 1, "11/10");
    const said = saidBy(router, () => router.route(20, 2, "10.0.2.1"));
    assert.deepEqual(said, [
      "1 IamUpstream 11/20",
      "2 IamNoLongerUpstream",
      `2 ${interest} 10.0.2.1`,
    ]);
    const [no, yes] = router.messages.slice(-2);
    assert.ok((no?.sn ?? 0) < (yes?.sn ?? 0), "interest has the higher SN");
  });

  test(`§10 R2: became root, was UNSURE, is ACTIVE -> interest (${suffix})`, () => {
    const router = routerOn1(isInterested);
    router.neighbor(1, 1, "11/30");
    router.neighbor(2, 1, "11/10");
    const said = saidBy(router, () => router.route(20, 2, "10.0.2.1"));
    assert.deepEqual(said, [
      "1 IamUpstream 11/20",
      `2 ${interest} 10.0.2.1`,
      "3 IamUpstream 11/20",
    ]);
  });

  test(`§10 R4: became root, was advertised, is UNSURE, BUN -> IamNoLongerUpstream, then interest (${suffix})`, () => {
    const router = routerOn1(isInterested);
    router.neighbor(1, 1, "11/10");
    router.neighbor(2, 1, "11/25");
    const said = saidBy(router, () => router.route(20, 2, "10.0.2.1"));
    assert.deepEqual(said, [
      "1 NoInterest 10.0.1.1",
      "2 IamNoLongerUpstream",
      `2 ${interest} 10.0.2.1`,
      "3 IamNoLongerUpstream",
    ]);
    const [no, yes] = router.messages.slice(-3);
    assert.ok((no?.sn ?? 0) < (yes?.sn ?? 0), "interest has the higher SN");
  });

  test(`§10 R5: became root, was UNSURE, is UNSURE, BUN -> interest (${suffix})`, () => {
    const router = routerOn1(isInterested);
    router.neighbor(1, 1, "11/30");
    router.neighbor(2, 1, "11/25");
    const said = saidBy(router, () => router.route(20, 2, "10.0.2.1"));
    assert.deepEqual(said, ["1 NoInterest 10.0.1.1", `2 ${interest} 10.0.2.1`]);
  });

  test(`§10 R6: same role, BUN changed, BUN exists -> interest (${suffix})`, () => {
    const router = routerOn1(isInterested);
    router.neighbor(1, 1, "11/10");
    const other = router.neighbor(1, 2);
    const better = saidBy(router, () => other.upstream("11/5"));
    assert.deepEqual(better, [`1 ${interest} 10.0.1.2`]);
    const gone = saidBy(router, () => other.noLongerUpstream());
    assert.deepEqual(gone, [`1 ${interest} 10.0.1.1`]);
  });

  test(`§10 R6: the first BUN is a change as well, the last one's end is told nobody (${suffix})`, () => {
    const router = routerOn1(isInterested);
    const first = saidBy(router, () => router.neighbor(1, 1, "11/10"));
    assert.deepEqual(first, [
      `1 ${interest} 10.0.1.1`,
      "2 IamUpstream 11/20",
      "3 IamUpstream 11/20",
    ]);
    router.neighbor(2, 1, "11/30");
    const only = saidBy(router, () => router.neighbor(1, 2, "11/15"));
    assert.deepEqual(only, [], "a neighbor that is not BUN is told nothing");
  });

  test(`§10 R8: same role, BUN sent a fresh IamUpstream and stays BUN -> interest (${suffix})`, () => {
    const router = routerOn1(isInterested);
    const bun = router.neighbor(1, 1, "11/10");
    const other = router.neighbor(1, 2, "11/15");
    assert.deepEqual(
      saidBy(router, () => bun.upstream("11/10")),
      [`1 ${interest} 10.0.1.1`],
    );
    assert.deepEqual(
      saidBy(router, () => bun.upstream("11/12")),
      [`1 ${interest} 10.0.1.1`],
    );
    assert.deepEqual(
      saidBy(router, () => other.upstream("11/15")),
      [],
    );
  });
}

test("§10 R3: became root, was advertised, is UNSURE, no BUN -> IamNoLongerUpstream", () => {
  const router = routerOn1(true);
  router.neighbor(1, 1, "11/10");
  router.neighbor(2, 1);
  const said = saidBy(router, () => router.route(20, 2, "10.0.2.1"));
  assert.deepEqual(said, [
    "1 NoInterest 10.0.1.1",
    "2 IamNoLongerUpstream",
    "3 IamNoLongerUpstream",
  ]);
});

test("§10 R3: became root, was advertised, is INACTIVE -> IamNoLongerUpstream", () => {
  const router = routerOn1(true);
  router.neighbor(1, 1, "11/10");
  router.handle({
    kind: "routes",
    changes: [{ prefix: prefix("10.9.0.0/16"), routes: [routeBy(30, 2, "10.0.2.1")] }],
  });
  const said = saidBy(router, () => router.interface(1, { up: false }));
  assert.deepEqual(said, ["2 IamNoLongerUpstream", "3 IamNoLongerUpstream"]);
  router.missing(2);
  assert.equal(router.at(2).role, "root");
});

test("§10 R7: same role, same BUN, router interest changed -> interest", () => {
  const router = routerOn1(false);
  router.neighbor(1, 1, "11/10");
  assert.deepEqual(
    saidBy(router, () => router.listener(3)),
    ["1 Interest 10.0.1.1"],
  );
  assert.deepEqual(
    saidBy(router, () => router.listener(3, false)),
    ["1 NoInterest 10.0.1.1"],
  );
});

test("§10 R7: also while UNSURE", () => {
  const router = routerOn1(false);
  router.neighbor(1, 1, "11/20");
  assert.deepEqual(
    saidBy(router, () => router.listener(3)),
    ["1 Interest 10.0.1.1"],
  );
});

/** The source is on interface 9, which has a neighbor 10.0.9.1 beside; ACTIVE as originator. */
function originator(isInterested: boolean): PlayedRouter {
  const router = new PlayedRouter();
  router.interface(3);
  router.interface(9, { addresses: [addressOn("10.0.9.5/24"), addressOn("10.9.9.5/24")] });
  router.route(0, 9, null, 2);
  router.missing(9);
  if (isInterested) router.listener(3);
  return router;
}

test("§10 R9: same root, originator became non-originator, BUN, IT -> Interest", () => {
  const router = originator(true);
  router.neighbor(9, 1, "11/10");
  const said = saidBy(router, () => router.route(20, 9, "10.0.9.1"));
  assert.equal(router.tree()?.originator, false);
  assert.equal(router.state(), "ACTIVE: upstream neighbor is nearer");
  assert.deepEqual(said, ["3 IamUpstream 11/20", "9 Interest 10.0.9.1"]);
});

test("§10 R9: when OT it was told NoInterest already", () => {
  const router = originator(false);
  router.neighbor(9, 1, "11/10");
  const said = saidBy(router, () => router.route(20, 9, "10.0.9.1"));
  assert.deepEqual(said, ["3 IamUpstream 11/20"]);
});

test("§10 O1: an interface that joins the source's link and becomes root says IamNoLongerUpstream once", () => {
  const router = routerOn1(true);
  router.neighbor(1, 1, "11/10");
  const both = { addresses: [addressOn("10.0.2.5/24"), addressOn("10.9.9.5/24")] };
  const joined = saidBy(router, () => router.interface(2, both));
  assert.deepEqual(joined, ["2 IamNoLongerUpstream"]);
  const moved = saidBy(router, () => router.route(0, 2, null, 2));
  assert.equal(router.tree()?.originator, true);
  assert.deepEqual(moved, ["1 IamUpstream 2/0", "3 IamUpstream 2/0"]);
});

test("§10 O2: root of an originator with a BUN that is new or sent a fresh IamUpstream -> NoInterest", () => {
  const router = originator(true);
  const bun = router.neighbor(9, 1);
  assert.deepEqual(
    saidBy(router, () => bun.upstream("2/0")),
    ["9 NoInterest 10.0.9.1"],
  );
  assert.deepEqual(
    saidBy(router, () => bun.upstream("2/0")),
    ["9 NoInterest 10.0.9.1"],
  );
  assert.deepEqual(
    saidBy(router, () => router.listener(3, false)),
    [],
  );
});

test("§10 O2: source's link that is not root, with a BUN that is new or sent a fresh IamUpstream -> NoInterest", () => {
  const router = originator(true);
  router.interface(8, { addresses: [addressOn("10.0.8.5/24"), addressOn("10.9.9.8/24")] });
  const bun = router.neighbor(8, 1);
  assert.deepEqual(
    saidBy(router, () => bun.upstream("2/0")),
    ["8 NoInterest 10.0.8.1"],
  );
  assert.deepEqual(
    saidBy(router, () => bun.upstream("2/0")),
    ["8 NoInterest 10.0.8.1"],
  );
});

test("§10 O2: an originator says nothing on the source's link else", () => {
  const router = new PlayedRouter();
  router.interface(9, ON_SOURCE_LINK);
  router.route(0, 9, null, 2);
  router.neighbor(9, "10.9.9.1");
  router.missing(9);
  router.run(300_000);
  assert.deepEqual(router.said(), []);
});
