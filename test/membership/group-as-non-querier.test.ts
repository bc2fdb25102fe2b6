// The state machine of a group (RFC 2236 §3, §5, §7), as NonQuerier and between the roles.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENT1, CLIENT2, G, generalQuery, Lan, leave, query, R1, R2, report } from "./lan.ts";

/** R2 is NonQuerier of R1, which is heard but does not run here, at 10 s. */
function nonQuerier(): Lan {
  const lan = new Lan();
  lan.start(R2);
  lan.runTo(10);
  lan.say(R1, generalQuery);
  lan.take();
  return lan;
}

test("G10: a Group-Specific Query of a group without members creates none", () => {
  const lan = nonQuerier();
  lan.say(R1, query(G, 10));
  assert.equal(lan.state(R2), "NoMembersPresent");
  assert.deepEqual(lan.takeAll(), []);
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

test("RFC 2236 §5, §7: v1 hosts that end while a NonQuerier checks end unnoticed, and bring no query", () => {
  const lan = nonQuerier();
  lan.say(CLIENT1, report(G, 1));
  lan.runTo(200);
  lan.say(CLIENT2, report());
  lan.runTo(250);
  lan.say(R1, query(G, 255));
  lan.take();
  lan.runTo(270);
  assert.equal(lan.state(R2), "CheckingMembership 31");
  assert.deepEqual(lan.take(), []);
  lan.say(CLIENT2, report());
  assert.equal(lan.state(R2), "MembersPresent 260");
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
