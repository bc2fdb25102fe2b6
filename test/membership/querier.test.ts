// Querier election and General Queries (RFC 2236 §3, §4, §7, §8).
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "../../src/base/units.ts";
import { CLIENT1, G, generalQuery, Lan, leave, query, R1, R2, report } from "./lan.ts";

const GENERAL = "v2 query of all to 224.0.0.1, 10 s";

test("G1: two startup queries 31.25 s apart, then one each 125 s", () => {
  const lan = new Lan();
  lan.start(R1);
  lan.runTo(282);
  assert.deepEqual(lan.take(), [
    `0 ${R1} is Querier, querier ${R1}`,
    `0 ${R1} ${GENERAL}`,
    `31.25 ${R1} ${GENERAL}`,
    `156.25 ${R1} ${GENERAL}`,
    `281.25 ${R1} ${GENERAL}`,
  ]);
});

test("RFC 2236 §8.6, §8.7: startup count and interval are settings, a count of 1 is no series", () => {
  const lan = new Lan();
  lan.start(R1, { startupQueryCount: 3 });
  lan.runTo(188);
  assert.deepEqual(
    lan.take().filter((line) => line.includes("query")),
    [0, 31.25, 62.5, 187.5].map((at) => `${at} ${R1} ${GENERAL}`),
  );
  const single = new Lan();
  single.start(R1, { startupQueryCount: 1 });
  single.runTo(126);
  assert.deepEqual(
    single.take().filter((line) => line.includes("query")),
    [0, 125].map((at) => `${at} ${R1} ${GENERAL}`),
  );
});

test("RFC 2236 §7: a query from a lower address makes a NonQuerier for 255 s, then a Querier that asks at once", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.runTo(10);
  lan.take();
  lan.say(R1, generalQuery);
  assert.equal(lan.role(R2), `NonQuerier ${R1} 255`);
  lan.runTo(391);
  assert.deepEqual(lan.take(), [
    `10 ${R2} is NonQuerier, querier ${R1}`,
    `265 ${R2} is Querier, querier ${R2}`,
    `265 ${R2} ${GENERAL}`,
    `390 ${R2} ${GENERAL}`,
  ]);
});

test("RFC 2236 §7: addresses compare as numbers: 10.0.0.10 is higher than 10.0.0.9", () => {
  const lan = new Lan();
  lan.start("10.0.0.9");
  lan.say("10.0.0.10", generalQuery);
  assert.equal(lan.role("10.0.0.9"), "Querier 10.0.0.9");
  lan.start("10.0.0.10");
  assert.equal(lan.role("10.0.0.10"), "Querier 10.0.0.10");
  lan.say("10.0.0.9", generalQuery);
  assert.equal(lan.role("10.0.0.10"), "NonQuerier 10.0.0.9 255");
});

test("RFC 2236 §7: every router lower than us restarts the timer of a NonQuerier, a higher one does not", () => {
  const lan = new Lan();
  lan.start("10.0.0.9");
  lan.take();
  lan.say("10.0.0.5", generalQuery);
  lan.runTo(100);
  lan.say("10.0.0.7", generalQuery);
  assert.equal(lan.role("10.0.0.9"), "NonQuerier 10.0.0.7 255");
  lan.runTo(150);
  lan.say("10.0.0.12", generalQuery);
  assert.equal(lan.role("10.0.0.9"), "NonQuerier 10.0.0.7 205");
  lan.say("10.0.0.7", generalQuery);
  assert.equal(lan.role("10.0.0.9"), "NonQuerier 10.0.0.7 255");
  assert.deepEqual(lan.take(), [
    "0 10.0.0.9 is NonQuerier, querier 10.0.0.5",
    "100 10.0.0.9 is NonQuerier, querier 10.0.0.7",
  ]);
});

test("RFC 2236 §7: a Group-Specific Query counts in the election", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say(R1, query(G, 10));
  assert.equal(lan.role(R2), `NonQuerier ${R1} 255`);
});

test("RFC 3376 §7.3.1: a version 3 query counts in the election", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say(R1, query(null, 100, 3));
  assert.equal(lan.role(R2), `NonQuerier ${R1} 255`);
});

test("RFC 2236 §4: an IGMPv1 query counts in the election, warned of once while the router is heard each 400 s", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.runTo(1);
  lan.take();
  const version1 = query(null, 0, 1);
  lan.say(R1, version1);
  assert.equal(lan.role(R2), `NonQuerier ${R1} 255`);
  lan.runTo(251);
  lan.say(R1, version1);
  lan.runTo(500);
  lan.say(R1, version1);
  assert.deepEqual(lan.take(), [
    `1 ${R2} warns of IGMPv1 router ${R1}`,
    `1 ${R2} is NonQuerier, querier ${R1}`,
  ]);
  lan.runTo(899);
  lan.take();
  lan.say("10.0.0.200", version1);
  assert.deepEqual(lan.take(), []);
  lan.runTo(1299);
  lan.take();
  lan.say("10.0.0.200", version1);
  assert.deepEqual(lan.take(), [`1299 ${R2} warns of IGMPv1 router 10.0.0.200`]);
});

test("RFC 2236 §3: a NonQuerier sends no queries, and ignores leaves", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say(R1, generalQuery);
  lan.say(CLIENT1, report());
  lan.take();
  lan.say(CLIENT1, leave());
  lan.runTo(250);
  assert.deepEqual(lan.take(), []);
  assert.equal(lan.state(R2), "MembersPresent 10");
});

test("RFC 2236 §8.3: the response time of a General Query is the Query Response Interval", () => {
  const lan = new Lan();
  lan.start(R1, { queryResponseInterval: millis(2500) });
  assert.equal(lan.take()[1], `0 ${R1} v2 query of all to 224.0.0.1, 2.5 s`);
});

test("G8: a response time that the field cannot hold is sent as the nearest that it can, never as IGMPv1's 0", () => {
  const lan = new Lan();
  lan.start(R1, { queryResponseInterval: millis(60_000), lastMemberQueryInterval: millis(10) });
  lan.say(CLIENT1, report());
  lan.say(CLIENT1, leave());
  const queries = lan.take().filter((line) => line.includes("query"));
  assert.deepEqual(queries, [
    `0 ${R1} v2 query of all to 224.0.0.1, 25.5 s`,
    `0 ${R1} v2 query of ${G} to ${G}, 0.1 s`,
  ]);
  const fraction = new Lan();
  fraction.start(R1, { queryResponseInterval: millis(1234.5) });
  assert.equal(fraction.take()[1], `0 ${R1} v2 query of all to 224.0.0.1, 1.2 s`);
});
