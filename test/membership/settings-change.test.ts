// Settings that change while membership runs on an interface: they act at once (§16; gap G19).
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis, seconds } from "../../src/base/units.ts";
import type { MembershipSettings } from "../../src/membership/settings.ts";
import { CLIENT1, G, generalQuery, Lan, leave, query, R1, R2, report } from "./lan.ts";

/** When a router asked for whom until `end`: "seconds whom". */
function queries(lan: Lan, end: number): readonly string[] {
  lan.runTo(end);
  return lan
    .take()
    .filter((line) => line.includes("query of"))
    .map((line) => line.replace(/^(\S+) \S+ v2 query of (\S+) .*$/, "$1 $2"));
}

/** R2 runs with these settings and then, from `at` on, with the others. */
function changed(
  before: Partial<MembershipSettings>,
  at: number,
  settings: Partial<MembershipSettings>,
): Lan {
  const lan = new Lan();
  lan.start(R2, before);
  lan.runTo(at);
  lan.take();
  lan.start(R2, settings);
  return lan;
}

/** As above, once the startup is over: queries leave at 0 and each 125 s. */
const afterStartup = (at: number, settings: Partial<MembershipSettings>): Lan =>
  changed({ startupQueryCount: 1 }, at, { startupQueryCount: 1, ...settings });

test("§16 QueryInterval: the next General Query leaves when it would have with the new one, at once if that is past", () => {
  const change = (at: number, interval: number, end: number): readonly string[] =>
    queries(afterStartup(at, { queryInterval: seconds(interval) }), end);
  assert.deepEqual(change(10, 300, 600), ["300 all", "600 all"]);
  assert.deepEqual(change(10, 20, 60), ["20 all", "40 all", "60 all"]);
  assert.deepEqual(change(50, 20, 90), ["50 all", "70 all", "90 all"]);
});

test("§16 StartupQueryInterval: the next startup query leaves by it; it does nothing once the startup is over", () => {
  const change = (at: number, interval: number, end: number): readonly string[] =>
    queries(changed({}, at, { startupQueryInterval: seconds(interval) }), end);
  assert.deepEqual(change(10, 60, 200), ["60 all", "185 all"]);
  assert.deepEqual(change(10, 20, 160), ["20 all", "145 all"]);
  assert.deepEqual(change(10, 5, 160), ["10 all", "135 all"]);
  assert.deepEqual(change(40, 5, 160), ["156.25 all"]);
});

test("§16 StartupQueryCount: so many are sent; fewer than already were ends the startup", () => {
  const change = (count: number, at: number, to: number, end: number): readonly string[] =>
    queries(changed({ startupQueryCount: count }, at, { startupQueryCount: to }), end);
  assert.deepEqual(change(2, 10, 4, 220), ["31.25 all", "62.5 all", "93.75 all", "218.75 all"]);
  assert.deepEqual(change(4, 40, 3, 190), ["62.5 all", "187.5 all"]);
  assert.deepEqual(change(4, 40, 1, 290), ["156.25 all", "281.25 all"]);
  assert.deepEqual(change(1, 10, 4, 260), ["125 all", "250 all"]);
});

test("§16 QueryResponseInterval, LastMemberQueryInterval: the next query says it", () => {
  const lan = new Lan();
  lan.start(R1);
  lan.say(CLIENT1, report());
  lan.take();
  lan.start(R1, { queryResponseInterval: seconds(4), lastMemberQueryInterval: millis(500) });
  lan.say(CLIENT1, leave());
  lan.runTo(32);
  assert.deepEqual(lan.take(), [
    `0 ${R1} v2 query of ${G} to ${G}, 0.5 s`,
    `0.5 ${R1} v2 query of ${G} to ${G}, 0.5 s`,
    `1 ${R1} no longer wants ${G}`,
    `31.25 ${R1} v2 query of all to 224.0.0.1, 4 s`,
  ]);
});

const MEMBERSHIP_CHANGES: readonly (readonly [
  change: Partial<MembershipSettings>,
  group: number,
  querier: number,
])[] = [
  [{ queryInterval: seconds(200) }, 310, 305],
  [{ robustnessVariable: 3 }, 285, 280],
  [{ queryResponseInterval: seconds(20) }, 170, 160],
  [{ queryInterval: seconds(20) }, 50, 45],
  [{ robustnessVariable: 1 }, 135, 130],
  [{ queryResponseInterval: seconds(1) }, 160, 155],
];
for (const [change, group, querier] of MEMBERSHIP_CHANGES) {
  const [setting = ""] = Object.keys(change);
  test(`§16 ${setting}: ${Object.values(change)}: 100 s after a report and another router's query`, () => {
    for (const version of [1, 2] as const) {
      const lan = new Lan();
      lan.start(R2);
      lan.say(CLIENT1, report(G, version));
      lan.say(R1, generalQuery);
      lan.runTo(100);
      lan.start(R2, change);
      const state = version === 1 ? "Version1MembersPresent" : "MembersPresent";
      assert.equal(lan.state(R2), `${state} ${group}`);
      assert.equal(lan.role(R2), `NonQuerier ${R1} ${querier}`);
      // A version 2 host keeps the group: what ends is the presence of version 1 hosts.
      lan.runTo(101);
      lan.say(CLIENT1, report(G, 2));
      lan.runTo(100 + group - 1);
      assert.equal(lan.group(R2)?.state, state);
      lan.runTo(100 + group);
      assert.equal(lan.group(R2)?.state, "MembersPresent");
    }
  });
}

test("§16 QueryInterval: lowered far, members have the time to answer the query that leaves at once", () => {
  const lan = new Lan();
  lan.start(R1);
  lan.say(CLIENT1, report());
  lan.runTo(150);
  lan.take();
  lan.start(R1, { queryInterval: seconds(20) });
  lan.runTo(151);
  lan.say(CLIENT1, report());
  lan.runTo(200);
  assert.deepEqual(
    lan.take().filter((line) => line.includes("wants")),
    [],
  );
});

/** R1 was told at 0 that a member of G leaves, and asks with these settings; they change at `at`. */
function leaving(
  before: Partial<MembershipSettings>,
  at: number,
  settings: Partial<MembershipSettings>,
): readonly string[] {
  const lan = new Lan();
  lan.start(R1, before);
  lan.say(CLIENT1, report());
  lan.say(CLIENT1, leave());
  lan.runTo(at);
  lan.start(R1, settings);
  lan.runTo(30);
  return lan
    .take()
    .filter((line) => line.includes(`query of ${G}`) || line.includes("no longer"))
    .map((line) => line.replace(/^(\S+) \S+ (.).*$/, "$1$2"));
}

test("§16 LastMemberQueryInterval: the next query leaves by it; the group ends by it, but no answer comes too late", () => {
  const before = { lastMemberQueryInterval: seconds(5) };
  const change = (interval: number): readonly string[] =>
    leaving(before, 2, { lastMemberQueryInterval: millis(interval) });
  assert.deepEqual(change(8000), ["0v", "8v", "16n"]);
  assert.deepEqual(change(3000), ["0v", "3v", "8n"]);
  assert.deepEqual(change(1000), ["0v", "2v", "4n"]);
});

test("§16 LastMemberQueryCount: so many are sent, also if all had been", () => {
  const change = (count: number, at: number, to: number): readonly string[] =>
    leaving({ lastMemberQueryCount: count }, at, { lastMemberQueryCount: to });
  assert.deepEqual(change(2, 0.5, 4), ["0v", "1v", "2v", "3v", "4n"]);
  assert.deepEqual(change(2, 1.5, 3), ["0v", "1v", "2v", "3n"]);
  assert.deepEqual(change(4, 2.5, 2), ["0v", "1v", "2v", "4n"]);
  assert.deepEqual(change(4, 0.5, 1), ["0v", "1.5n"]);
});

test("§16 LastMemberQueryCount: of a NonQuerier, the group ends by it, by the response time of the question", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say(CLIENT1, report());
  lan.say(R1, query(G, 30));
  lan.runTo(1);
  lan.take();
  const change = { lastMemberQueryCount: 4, lastMemberQueryInterval: millis(200) };
  lan.start(R2, change);
  assert.equal(lan.state(R2), "CheckingMembership 11");
  lan.start(R2, { ...change, lastMemberQueryCount: 1 });
  assert.equal(lan.state(R2), "CheckingMembership 3");
  // The timer is lowered, never raised: what was set stays what set it.
  lan.say(R1, query(G, 30));
  lan.say(R1, query(G, 100));
  lan.start(R2, { ...change, lastMemberQueryCount: 2 });
  assert.equal(lan.state(R2), "CheckingMembership 6");
  lan.runTo(20);
  assert.deepEqual(lan.take(), [`7 ${R2} no longer wants ${G}`]);
});

test("§16 Version1RouterPresentTimeout: the next warning of a version 1 router is due by it", () => {
  const warnings = (timeout: number): readonly string[] => {
    const lan = new Lan();
    lan.start(R2);
    const say = (): void => lan.say(R1, query(null, 0, 1));
    say();
    lan.runTo(100);
    lan.start(R2, { version1RouterPresentTimeout: seconds(timeout) });
    lan.runTo(150);
    say();
    lan.runTo(649);
    say();
    return lan.take().filter((line) => line.includes("warns"));
  };
  const warning = (at: number): string => `${at} ${R2} warns of IGMPv1 router ${R1}`;
  assert.deepEqual(warnings(400), [warning(0), warning(649)]);
  assert.deepEqual(warnings(150), [warning(0), warning(150), warning(649)]);
  assert.deepEqual(warnings(500), [warning(0)]);
});

test("§16 groupLimit: raised where it was reached, the Querier asks at once for whom it had refused", () => {
  const lan = new Lan();
  const change = (groupLimit: number): readonly string[] => {
    lan.start(R2, { groupLimit });
    return lan.take();
  };
  change(1);
  lan.say(CLIENT1, report("225.0.0.1"));
  lan.say(CLIENT1, report("225.0.0.2"));
  lan.runTo(10);
  lan.take();
  assert.deepEqual(change(2), [`10 ${R2} v2 query of all to 224.0.0.1, 10 s`]);
  assert.deepEqual(change(3), [], "there was room");
  lan.say(CLIENT1, report("225.0.0.2"));
  assert.deepEqual(lan.take(), [`10 ${R2} wants 225.0.0.2`]);
  assert.deepEqual(change(1), [], "what is stored stays");
  assert.equal(lan.state(R2, "225.0.0.2"), "MembersPresent 260");
  assert.deepEqual(queries(lan, 40), ["31.25 all"], "its own queries go on");
  lan.say(R1, generalQuery);
  lan.take();
  assert.deepEqual(change(9), [], "a NonQuerier does not ask");
});

test("§16: settings equal to before change nothing", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say(CLIENT1, report());
  lan.say(CLIENT1, leave());
  lan.runTo(1.5);
  lan.takeAll();
  lan.start(R2);
  assert.deepEqual(lan.takeAll(), []);
  assert.equal(lan.state(R2), "CheckingMembership 0.5");
  lan.runTo(32);
  assert.deepEqual(lan.take(), [
    `2 ${R2} no longer wants ${G}`,
    `31.25 ${R2} v2 query of all to 224.0.0.1, 10 s`,
  ]);
});

test("§16: another address at the same time begins the role anew under the new settings", () => {
  const lan = new Lan();
  lan.start(R2, { groupLimit: 1 });
  lan.say(CLIENT1, report());
  lan.runTo(10);
  lan.take();
  lan.configure(R2, "10.0.0.9", { queryInterval: seconds(20), startupQueryCount: 1 });
  assert.equal(lan.state(R2), "MembersPresent 50");
  assert.deepEqual(queries(lan, 31).slice(-2), ["10 all", "30 all"]);
});
