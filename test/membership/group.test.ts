// The state machine of a group (RFC 2236 §3, §5, §7), as Querier and as NonQuerier.
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

/** R2 is NonQuerier of R1, which is heard but does not run here, at 10 s. */
function nonQuerier(): Lan {
  const lan = new Lan();
  lan.start(R2);
  lan.runTo(10);
  lan.say(R1, generalQuery);
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

test("G10: a group without members is not stored; a leave or a query creates none", () => {
  const lan = querier();
  lan.say(CLIENT1, leave());
  assert.equal(lan.state(R1), "NoMembersPresent");
  lan.say(CLIENT1, report());
  lan.runTo(300);
  assert.equal(lan.state(R1), "NoMembersPresent");
  const other = nonQuerier();
  other.say(R1, query(G, 10));
  assert.equal(other.state(R2), "NoMembersPresent");
  assert.deepEqual(other.take(), []);
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
  lan.take();
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

test("RFC 2236 §7 NonQuerier: reports and expiry as the Querier's", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report());
  assert.equal(lan.state(R2), "MembersPresent 260");
  lan.runTo(50);
  lan.say(CLIENT1, report());
  assert.equal(lan.state(R2), "MembersPresent 260");
  lan.say(R1, generalQuery);
  lan.runTo(250);
  lan.say(R1, generalQuery);
  lan.runTo(310);
  assert.deepEqual(lan.take(), [`10 ${R2} wants ${G}`, `310 ${R2} no longer wants ${G}`]);
});

test("RFC 2236 §7 NonQuerier, Members Present: a Group-Specific Query lowers the timer to twice its response time", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report());
  lan.take();
  lan.say(R1, query(G, 15));
  assert.equal(lan.state(R2), "CheckingMembership 3");
  lan.runTo(20);
  assert.deepEqual(lan.take(), [`13 ${R2} no longer wants ${G}`]);
});

test("RFC 2236 §3: a NonQuerier's timer is lowered, never raised, by Group-Specific Queries", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report());
  lan.say(R1, query(G, 10));
  lan.runTo(11);
  lan.say(R1, query(G, 10));
  assert.equal(lan.state(R2), "CheckingMembership 1");
  lan.say(R1, query(G, 2));
  assert.equal(lan.state(R2), "CheckingMembership 0.4");
});

test("RFC 2236 §7 NonQuerier, Checking Membership: a report returns to Members Present", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report());
  lan.say(R1, query(G, 10));
  lan.take();
  lan.runTo(11);
  lan.say(CLIENT2, report());
  assert.equal(lan.state(R2), "MembersPresent 260");
  lan.runTo(31);
  assert.deepEqual(lan.take(), []);
});

test("RFC 2236 §7: a General Query touches no group's timer", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report());
  lan.say(R1, generalQuery);
  assert.equal(lan.state(R2), "MembersPresent 260");
});

test("RFC 2236 §7: a Group-Specific Query concerns its group alone", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report());
  lan.say(CLIENT1, report("224.12.12.13"));
  lan.say(R1, query(G, 10));
  assert.equal(lan.state(R2, "224.12.12.13"), "MembersPresent 260");
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

test("G7: a Group-Specific Query with response time 0 gives hosts 10 s", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report());
  lan.take();
  lan.say(R1, query(G, 0, 1));
  assert.equal(lan.state(R2), "CheckingMembership 20");
});

test("RFC 3376 §4.1.5, §6.6.1: a version 3 query lowers the timer, but not with the S flag or sources", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report());
  lan.say(R1, { ...query(G, 10, 3), keepsGroupTimer: true });
  assert.equal(lan.state(R2), "MembersPresent 260");
  lan.say(R1, query(G, 10, 3));
  assert.equal(lan.state(R2), "CheckingMembership 2");
});

test("RFC 2236 §5, §7: a NonQuerier notes v1 hosts, yet heeds Group-Specific Queries; as Querier it ignores leaves", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report(G, 1));
  assert.equal(lan.state(R2), "Version1MembersPresent 260");
  lan.say(R1, query(G, 10));
  assert.equal(lan.state(R2), "CheckingMembership 2");
  lan.say(CLIENT2, report());
  assert.equal(lan.state(R2), "Version1MembersPresent 260");
  lan.runTo(200);
  lan.say(CLIENT2, report());
  lan.runTo(265.5);
  assert.equal(lan.role(R2), `Querier ${R2}`);
  lan.take();
  lan.say(CLIENT2, leave());
  assert.equal(lan.state(R2), "Version1MembersPresent 194.5");
  assert.deepEqual(lan.take(), []);
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

test("G16: who becomes Querier while checking sends no series of its own; the group ends with its timer", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report());
  lan.start(R2, { lastMemberQueryCount: 12 });
  lan.say(R1, query(G, 255));
  lan.runTo(266);
  assert.equal(lan.role(R2), `Querier ${R2}`);
  assert.equal(lan.state(R2), "CheckingMembership 4");
  lan.take();
  lan.say(CLIENT1, leave());
  lan.runTo(280);
  assert.deepEqual(lan.take(), [`270 ${R2} no longer wants ${G}`]);
});

test("RFC 2236 §3: a NonQuerier heeds the Group-Specific Queries of any router, a former Querier's too", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report());
  lan.say("10.0.0.9", query(G, 10));
  assert.equal(lan.state(R2), "CheckingMembership 2");
  assert.equal(lan.role(R2), `NonQuerier ${R1} 255`);
});

test("RFC 2236 §7: a host that vanishes while v1 and retransmission timers run leaves nothing behind", () => {
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
