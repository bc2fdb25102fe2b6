// Groups that the lists of an interface do not allow (§2.4).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { ALL_TREES } from "../../src/base/tree-filter.ts";
import { allowing, denying } from "../support/filters.ts";
import {
  CLIENT1,
  G,
  generalQuery,
  Lan,
  LINK,
  leave,
  query,
  R1,
  R2,
  record,
  report,
  version3,
} from "./lan.ts";

const DENIED = denying({ groups: [`${G}/32`] });
const OTHER = "224.12.12.13";
const wholeQuery = (seconds: number): string =>
  `${seconds} ${R1} v2 query of all to 224.0.0.1, 10 s`;

/** A querier whose startup queries are over. */
function lanAt200(): Lan {
  const lan = new Lan();
  lan.start(R1);
  lan.runTo(200);
  return lan;
}

test("§2.4: reports and leaves of a group that is not allowed are counted, record by record, and change nothing", () => {
  const lan = lanAt200();
  lan.filter(R1, DENIED);
  lan.take();
  lan.say(CLIENT1, report());
  lan.say(CLIENT1, report(G, 1));
  lan.say(CLIENT1, leave());
  assert.deepEqual(lan.takeAll(), []);
  lan.say(CLIENT1, version3(record("isExclude", G), record("isExclude", OTHER)));
  lan.say(CLIENT1, version3(record("toInclude", G)));
  assert.deepEqual(lan.take(), [`200 ${R1} wants ${OTHER}`]);
  assert.equal(lan.state(R1), "NoMembersPresent");
  assert.deepEqual(lan.dropped(R1), { "group not allowed": 5 });
});

test("§2.4: a group that is not routed counts as such, whatever the lists say", () => {
  const lan = lanAt200();
  lan.filter(R1, allowing({ groups: ["239.0.0.0/8"] }));
  lan.say(CLIENT1, report("224.0.0.251"));
  lan.say(CLIENT1, leave("224.0.0.251"));
  assert.deepEqual(lan.dropped(R1), { "group not routed": 2 });
});

test("§2.4: lists of sources leave membership alone", () => {
  const lan = lanAt200();
  lan.filter(R1, denying({ sources: ["0.0.0.0/0"] }));
  lan.take();
  lan.say(CLIENT1, report());
  assert.deepEqual(lan.take(), [`200 ${R1} wants ${G}`]);
});

test("§2.4, P7: what is not allowed takes no room", () => {
  const lan = new Lan();
  const settings = { ...LINK.settings, groupLimit: 1 };
  lan.start(R1);
  lan.tell(R1, { kind: "interface", ...LINK, address: ip(R1), settings, filter: DENIED });
  lan.say(CLIENT1, report());
  lan.say(CLIENT1, report(OTHER));
  assert.equal(lan.state(R1, OTHER), "MembersPresent 260");
  assert.deepEqual(lan.dropped(R1), { "group not allowed": 1 });
});

test("§2.4: groups that are not allowed any more go at once, in ascending order, and their timers; others stay", () => {
  const lan = lanAt200();
  const denied = ["225.0.0.3", "225.0.0.20", "225.0.0.1"];
  for (const group of [...denied, G]) lan.say(CLIENT1, report(group));
  lan.say(CLIENT1, leave("225.0.0.3"));
  lan.takeAll();
  lan.filter(R1, denying({ groups: ["225.0.0.0/8"] }));
  assert.deepEqual(
    lan.takeAll(),
    ["225.0.0.1", "225.0.0.3", "225.0.0.20"].flatMap((group) => [
      `200 ${R1} no longer wants ${group}`,
      `200 ${R1} notes no members of ${group}`,
    ]),
  );
  lan.runTo(203);
  assert.deepEqual(lan.takeAll(), []);
  assert.equal(lan.state(R1), "MembersPresent 257");
});

test("§2.4: where groups may be allowed that were not, a querier asks at once", () => {
  const lan = lanAt200();
  lan.say(CLIENT1, report());
  lan.filter(R1, DENIED);
  lan.filter(R1, denying({ groups: [`${G}/32`] }));
  lan.take();
  lan.filter(R1, ALL_TREES);
  assert.deepEqual(lan.take(), [wholeQuery(200)]);
  lan.say(CLIENT1, report());
  assert.deepEqual(lan.take(), [`200 ${R1} wants ${G}`]);
  // The next one is due as before.
  lan.runTo(290);
  assert.deepEqual(lan.take(), [wholeQuery(281.25)]);
});

test("§2.4: nobody is asked when no group can be allowed that was not", () => {
  const lan = lanAt200();
  lan.take();
  lan.filter(R1, ALL_TREES);
  lan.filter(R1, DENIED);
  lan.filter(R1, denying({ groups: [`${G}/32`], sources: ["10.0.0.0/8"] }));
  assert.deepEqual(lan.takeAll(), []);
});

test("§2.4: who is not querier does not ask; who gets another address asks once", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.filter(R2, DENIED);
  lan.say(R1, generalQuery);
  lan.take();
  lan.filter(R2, ALL_TREES);
  assert.deepEqual(lan.takeAll(), []);
  lan.filter(R2, DENIED);
  lan.filter(R2, ALL_TREES, "10.0.0.9");
  assert.deepEqual(lan.take(), [
    `0 ${R2} is Querier, querier 10.0.0.9`,
    `0 ${R2} v2 query of all to 224.0.0.1, 10 s`,
  ]);
});

test("§2.4: a query of a group that is not allowed elects as any other", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.filter(R2, DENIED);
  lan.say(R1, query(G, 10));
  assert.equal(lan.role(R2), `NonQuerier ${R1} 255`);
  assert.deepEqual(lan.dropped(R2), {});
});
