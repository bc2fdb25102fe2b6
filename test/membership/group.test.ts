// The state machine of a group (RFC 2236 §3, §5, §7), as Querier.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { millis } from "../../src/base/units.ts";
import {
  CLIENT1,
  CLIENT2,
  ETH0,
  G,
  generalQuery,
  Lan,
  leave,
  query,
  R1,
  R2,
  report,
} from "./lan.ts";

/** R1 is Querier at 10 s, between its queries. */
function querier(): Lan {
  const lan = new Lan();
  lan.start(R1);
  lan.runTo(10);
  lan.take();
  return lan;
}

test("RFC 2236 §7 Querier, No Members Present: a v2 report notifies routing and starts the timer of 260 s", () => {
  const lan = querier();
  lan.say(CLIENT1, report());
  assert.equal(lan.state(R1), "MembersPresent 260");
  assert.deepEqual(lan.group(R1), {
    interface: ETH0,
    group: ip(G),
    state: "MembersPresent",
    lastReporter: ip(CLIENT1),
    expiresDue: millis(270_000),
    joined: null,
  });
  assert.deepEqual(lan.takeAll(), [`10 ${R1} wants ${G}`, `10 ${R1} notes members of ${G}`]);
});

test("RFC 2236 §7 Querier, Members Present: a v2 report restarts the timer; routing hears nothing new", () => {
  const lan = querier();
  lan.say(CLIENT1, report());
  lan.runTo(20);
  lan.take();
  lan.say(CLIENT2, report());
  assert.equal(lan.state(R1), "MembersPresent 260");
  assert.equal(lan.group(R1)?.lastReporter, ip(CLIENT2));
  assert.deepEqual(lan.takeAll(), []);
});

test("RFC 2236 §7 Querier, Members Present: expiry notifies routing", () => {
  const lan = querier();
  lan.say(CLIENT1, report());
  lan.runTo(269.999);
  assert.equal(lan.state(R1), "MembersPresent 0.001");
  lan.takeAll();
  lan.runTo(270);
  assert.deepEqual(lan.takeAll(), [
    `270 ${R1} no longer wants ${G}`,
    `270 ${R1} notes no members of ${G}`,
  ]);
});

test("G10: a group without members is not stored; a leave creates none", () => {
  const lan = querier();
  lan.say(CLIENT1, leave());
  assert.equal(lan.state(R1), "NoMembersPresent");
  lan.say(CLIENT1, report());
  lan.runTo(300);
  assert.equal(lan.state(R1), "NoMembersPresent");
});

test("RFC 2236 §3: as Querier a leave of a group without members is ignored", () => {
  const lan = querier();
  lan.say(CLIENT1, leave());
  assert.deepEqual(lan.takeAll(), []);
});

test("G17: a leave makes exactly two Group-Specific Queries, 1 s apart; the group ends 2 s after it", () => {
  const lan = querier();
  lan.say(CLIENT1, report());
  lan.runTo(12);
  lan.take();
  lan.say(CLIENT1, leave());
  assert.equal(lan.state(R1), "CheckingMembership 2");
  lan.runTo(31);
  assert.deepEqual(lan.take(), [
    `12 ${R1} v2 query of ${G} to ${G}, 1 s`,
    `13 ${R1} v2 query of ${G} to ${G}, 1 s`,
    `14 ${R1} no longer wants ${G}`,
  ]);
});

test("RFC 2236 §8.8, §8.9: interval and count of the Group-Specific Queries are settings", () => {
  for (const [count, times] of [
    [1, [0]],
    [3, [0, 0.5, 1]],
  ] as const) {
    const lan = new Lan();
    lan.start(R1, { lastMemberQueryInterval: millis(500), lastMemberQueryCount: count });
    lan.say(CLIENT1, report());
    lan.take();
    lan.say(CLIENT1, leave());
    lan.runTo(20);
    assert.deepEqual(lan.take(), [
      ...times.map((at) => `${at} ${R1} v2 query of ${G} to ${G}, 0.5 s`),
      `${count * 0.5} ${R1} no longer wants ${G}`,
    ]);
  }
});

test("RFC 2236 §7 Querier, Checking Membership: a v2 report returns to Members Present and ends the series", () => {
  const lan = querier();
  lan.say(CLIENT1, report());
  lan.say(CLIENT1, leave());
  lan.runTo(10.5);
  lan.take();
  lan.say(CLIENT2, report());
  assert.equal(lan.state(R1), "MembersPresent 260");
  lan.runTo(31);
  assert.deepEqual(lan.takeAll(), []);
});

test("RFC 2236 §7 Querier, Checking Membership: repeated leaves restart nothing", () => {
  const lan = querier();
  lan.say(CLIENT1, report());
  lan.say(CLIENT1, leave());
  lan.take();
  lan.runTo(10.5);
  lan.say(CLIENT2, leave());
  assert.equal(lan.state(R1), "CheckingMembership 1.5");
  lan.runTo(31);
  assert.deepEqual(lan.take(), [
    `11 ${R1} v2 query of ${G} to ${G}, 1 s`,
    `12 ${R1} no longer wants ${G}`,
  ]);
});

test("RFC 2236 §7 Querier, No Members Present: a v1 report notifies routing, and leaves are ignored for 260 s", () => {
  const lan = querier();
  lan.say(CLIENT1, report(G, 1));
  assert.equal(lan.state(R1), "Version1MembersPresent 260");
  assert.deepEqual(lan.take(), [`10 ${R1} wants ${G}`]);
  lan.say(CLIENT2, leave());
  assert.equal(lan.state(R1), "Version1MembersPresent 260");
  assert.deepEqual(lan.take(), []);
  lan.runTo(270);
  assert.equal(lan.state(R1), "NoMembersPresent");
});

test("RFC 2236 §7 Querier, Version 1 Members Present: a v2 report restarts the group's timer only", () => {
  const lan = querier();
  lan.say(CLIENT1, report(G, 1));
  lan.runTo(200);
  lan.say(CLIENT2, report());
  assert.equal(lan.state(R1), "Version1MembersPresent 260");
  lan.runTo(269.999);
  assert.equal(lan.state(R1), "Version1MembersPresent 190.001");
  lan.runTo(270);
  assert.equal(lan.state(R1), "MembersPresent 190");
  const queries = lan.take().filter((line) => line.includes(`query of ${G}`));
  assert.deepEqual(queries, []);
  lan.say(CLIENT2, leave());
  assert.equal(lan.state(R1), "CheckingMembership 2");
});

test("RFC 2236 §7 Querier, Version 1 Members Present: another v1 report restarts the v1 host timer", () => {
  const lan = querier();
  lan.say(CLIENT1, report(G, 1));
  lan.runTo(200);
  lan.say(CLIENT1, report(G, 1));
  lan.runTo(300);
  assert.equal(lan.state(R1), "Version1MembersPresent 160");
});

test("RFC 2236 §7 Querier, Members Present and Checking Membership: a v1 report makes Version 1 Members Present", () => {
  const lan = querier();
  lan.say(CLIENT1, report());
  lan.say(CLIENT1, report(G, 1));
  assert.equal(lan.state(R1), "Version1MembersPresent 260");
  const checking = querier();
  checking.say(CLIENT1, report());
  checking.say(CLIENT1, leave());
  checking.take();
  checking.say(CLIENT2, report(G, 1));
  assert.equal(checking.state(R1), "Version1MembersPresent 260");
  checking.runTo(31);
  assert.deepEqual(checking.take(), []);
});

test("RFC 2236 §7: a Querier heeds no Group-Specific Query of a higher router", () => {
  const lan = querier();
  lan.say(CLIENT1, report());
  lan.say(R2, query(G, 10));
  assert.equal(lan.state(R1), "MembersPresent 260");
});

test("RFC 2236 §7: the query that ends our role as Querier lowers the timer already", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say(CLIENT1, report());
  lan.say(R1, query(G, 10));
  assert.equal(lan.state(R2), "CheckingMembership 2");
});

test("RFC 2236 §3: a Querier that loses the election while checking keeps sending the Group-Specific Queries", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say(CLIENT1, report());
  lan.take();
  lan.say(CLIENT1, leave());
  lan.runTo(0.5);
  lan.say(R1, generalQuery);
  lan.runTo(10);
  assert.deepEqual(lan.take(), [
    `0 ${R2} v2 query of ${G} to ${G}, 1 s`,
    `0.5 ${R2} is NonQuerier, querier ${R1}`,
    `1 ${R2} v2 query of ${G} to ${G}, 1 s`,
    `2 ${R2} no longer wants ${G}`,
  ]);
});

test("RFC 2236 §7: v1 host timer and retransmissions run one after the other, and leave nothing behind", () => {
  const lan = new Lan();
  lan.start(R1, {
    queryInterval: millis(1000),
    robustnessVariable: 1,
    queryResponseInterval: millis(1000),
  });
  lan.say(CLIENT1, report(G, 1));
  lan.runTo(1.5);
  lan.say(CLIENT2, report());
  lan.runTo(2);
  assert.equal(lan.state(R1), "MembersPresent 1.5");
  lan.say(CLIENT2, leave());
  assert.equal(lan.state(R1), "CheckingMembership 2");
  lan.runTo(4);
  assert.equal(lan.state(R1), "NoMembersPresent");
});
