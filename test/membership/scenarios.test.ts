// The IGMP lab, tests 1 to 9: routers R1 (.1) and R2 (.2), hosts (.3, .4) on a snooping switch, so that no host hears
// another's reports. Times are those of the captures of the Python router where it does what RFC 2236 asks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENT1, CLIENT2, G, generalQuery, Lan, leave, R1, R2, report } from "./lan.ts";

const GENERAL = "v2 query of all to 224.0.0.1, 10 s";
const SPECIFIC = `v2 query of ${G} to ${G}, 1 s`;

/** Both routers run, R1 is the Querier, its startup series is over: the next queries are at 156.25, 281.25, 406.25. */
function lanOfTwo(): Lan {
  const lan = new Lan();
  lan.start(R1);
  lan.runTo(3);
  lan.start(R2);
  lan.runTo(40);
  lan.take();
  return lan;
}

test("IGMP test 1: both query at their start, then R1 alone, each 125 s; 0.0.0.0 is no querier", () => {
  const lan = new Lan();
  lan.start(R1);
  lan.runTo(3);
  lan.start(R2);
  lan.runTo(20);
  lan.say("0.0.0.0", generalQuery);
  assert.equal(lan.role(R1), `Querier ${R1}`);
  assert.equal(lan.role(R2), `Querier ${R2}`);
  lan.runTo(410);
  assert.deepEqual(lan.take(), [
    `0 ${R1} is Querier, querier ${R1}`,
    `0 ${R1} ${GENERAL}`,
    `3 ${R2} is Querier, querier ${R2}`,
    `3 ${R2} ${GENERAL}`,
    `31.25 ${R1} ${GENERAL}`,
    `31.25 ${R2} is NonQuerier, querier ${R1}`,
    `156.25 ${R1} ${GENERAL}`,
    `281.25 ${R1} ${GENERAL}`,
    `406.25 ${R1} ${GENERAL}`,
  ]);
});

test("IGMP test 2: R1 dies after a query; R2 takes over 255 s later", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.runTo(5);
  lan.start(R1);
  lan.runTo(40);
  assert.equal(lan.role(R2), `NonQuerier ${R1} 251.25`);
  lan.take();
  lan.kill(R1);
  lan.runTo(420);
  assert.deepEqual(lan.take(), [
    `291.25 ${R2} is Querier, querier ${R2}`,
    `291.25 ${R2} ${GENERAL}`,
    `416.25 ${R2} ${GENERAL}`,
  ]);
});

test("IGMP test 3: R2 dies; R1 stays Querier and keeps its period", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.runTo(5);
  lan.start(R1);
  lan.runTo(40);
  lan.take();
  lan.kill(R2);
  lan.runTo(412);
  assert.deepEqual(
    lan.take(),
    [161.25, 286.25, 411.25].map((at) => `${at} ${R1} ${GENERAL}`),
  );
  assert.equal(lan.role(R1), `Querier ${R1}`);
});

test("IGMP test 4: nobody joins, no group is stored", () => {
  const lan = lanOfTwo();
  lan.runTo(400);
  assert.equal(lan.state(R1), "NoMembersPresent");
  assert.equal(lan.state(R2), "NoMembersPresent");
  assert.equal(lan.take().join().includes("wants"), false);
});

test("IGMP test 5: one host joins and answers each query; both routers know it from its first report on", () => {
  const lan = lanOfTwo();
  lan.say(CLIENT1, report());
  assert.equal(lan.state(R1), "MembersPresent 260");
  assert.equal(lan.state(R2), "MembersPresent 260");
  for (const at of [43.1, 50.7, 158.55, 284.75, 414.35]) {
    lan.runTo(at);
    lan.say(CLIENT1, report());
  }
  lan.runTo(600);
  assert.deepEqual(
    lan.take().filter((line) => line.includes("wants")),
    [R1, R2].map((router) => `40 ${router} wants ${G}`),
  );
});

test("IGMP test 6: a second host joins, both report; nothing changes", () => {
  const lan = lanOfTwo();
  lan.say(CLIENT1, report());
  lan.take();
  lan.runTo(50);
  lan.say(CLIENT2, report());
  assert.equal(lan.state(R1), "MembersPresent 260");
  assert.equal(lan.state(R2), "MembersPresent 260");
  assert.deepEqual(lan.takeAll(), []);
});

test("IGMP test 7: one of two leaves; one Group-Specific Query, answered after 0.22 s, and no second", () => {
  const lan = lanOfTwo();
  lan.say(CLIENT1, report());
  lan.say(CLIENT2, report());
  lan.runTo(60);
  lan.take();
  lan.say(CLIENT1, leave());
  assert.equal(lan.state(R1), "CheckingMembership 2");
  assert.equal(lan.state(R2), "CheckingMembership 2");
  lan.runTo(60.22);
  lan.say(CLIENT2, report());
  assert.equal(lan.state(R1), "MembersPresent 260");
  assert.equal(lan.state(R2), "MembersPresent 260");
  lan.runTo(150);
  assert.deepEqual(lan.take(), [`60 ${R1} ${SPECIFIC}`]);
});

test("IGMP test 8: the first leave is answered after the second query; after the last, both end 2 s later", () => {
  const lan = lanOfTwo();
  lan.say(CLIENT1, report());
  lan.say(CLIENT2, report());
  lan.runTo(60);
  lan.take();
  lan.say(CLIENT1, leave());
  lan.runTo(61.4);
  lan.say(CLIENT2, report());
  lan.runTo(70);
  assert.deepEqual(lan.take(), [`60 ${R1} ${SPECIFIC}`, `61 ${R1} ${SPECIFIC}`]);
  assert.equal(lan.state(R2), "MembersPresent 251.4");
  lan.say(CLIENT2, leave());
  lan.runTo(150);
  assert.deepEqual(lan.take(), [
    `70 ${R1} ${SPECIFIC}`,
    `71 ${R1} ${SPECIFIC}`,
    `72 ${R1} no longer wants ${G}`,
    `72 ${R2} no longer wants ${G}`,
  ]);
});

test("IGMP test 9: a host vanishes; queries go on, both routers end the group 260 s after its last report", () => {
  const lan = lanOfTwo();
  lan.say(CLIENT1, report());
  lan.runTo(158);
  lan.say(CLIENT1, report());
  lan.runTo(420);
  assert.deepEqual(
    lan.take().filter((line) => !line.includes("40 ")),
    [
      `156.25 ${R1} ${GENERAL}`,
      `281.25 ${R1} ${GENERAL}`,
      `406.25 ${R1} ${GENERAL}`,
      `418 ${R1} no longer wants ${G}`,
      `418 ${R2} no longer wants ${G}`,
    ],
  );
});
