// IGMPv3 reports as joins and leaves (G6; RFC 3376 §5.1, §6.4, §7.3.2).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordType } from "../../src/membership/messages.ts";
import { CLIENT1, G, generalQuery, Lan, leave, R1, R2, record, report, version3 } from "./lan.ts";

const SOURCE = "10.1.1.100";

const JOINS: readonly (readonly [type: RecordType, sources: readonly string[]])[] = [
  ["isExclude", []],
  ["isExclude", [SOURCE]],
  ["toExclude", []],
  ["toExclude", [SOURCE]],
  ["allowNewSources", [SOURCE]],
  ["isInclude", [SOURCE]],
  ["toInclude", [SOURCE]],
];

for (const [type, sources] of JOINS) {
  test(`G6: ${type} with ${sources.length} sources is a join`, () => {
    const lan = new Lan();
    lan.start(R1);
    lan.take();
    lan.say(CLIENT1, version3(record(type, G, ...sources)));
    assert.equal(lan.state(R1), "MembersPresent 260");
    assert.deepEqual(lan.take(), [`0 ${R1} wants ${G}`]);
  });
}

test("G6: toInclude without sources is a leave: two Group-Specific Queries, and the group ends after 2 s", () => {
  const lan = new Lan();
  lan.start(R1);
  lan.say(CLIENT1, version3(record("toExclude", G)));
  lan.take();
  lan.say(CLIENT1, version3(record("toInclude", G)));
  assert.equal(lan.state(R1), "CheckingMembership 2");
  lan.runTo(10);
  assert.deepEqual(lan.take(), [
    `0 ${R1} v2 query of ${G} to ${G}, 1 s`,
    `1 ${R1} v2 query of ${G} to ${G}, 1 s`,
    `2 ${R1} no longer wants ${G}`,
  ]);
});

test("RFC 3376 §6.4: isInclude without sources, and blockOldSources, are neither join nor leave", () => {
  const lan = new Lan();
  lan.start(R1);
  lan.take();
  const nothing = version3(record("isInclude", G), record("blockOldSources", G, SOURCE));
  lan.say(CLIENT1, nothing);
  assert.equal(lan.state(R1), "NoMembersPresent");
  lan.say(CLIENT1, report());
  lan.runTo(10);
  lan.take();
  lan.say(CLIENT1, nothing);
  assert.equal(lan.state(R1), "MembersPresent 250");
  assert.deepEqual(lan.takeAll(), []);
  assert.deepEqual(lan.dropped(R1), {});
});

test("RFC 3376 §4.2: every record of a report counts, in its order, also behind one that is not routed", () => {
  const lan = new Lan();
  lan.start(R1);
  lan.take();
  lan.say(
    CLIENT1,
    version3(
      record("isExclude", "224.0.0.251"),
      record("isExclude", "224.12.12.13"),
      record("isExclude", G),
      record("toInclude", "224.12.12.13"),
    ),
  );
  assert.deepEqual(lan.take(), [
    `0 ${R1} wants 224.12.12.13`,
    `0 ${R1} wants ${G}`,
    `0 ${R1} v2 query of 224.12.12.13 to 224.12.12.13, 1 s`,
  ]);
  assert.deepEqual(lan.dropped(R1), { "group not routed": 1 });
});

test("RFC 3376 §7.3.2: while v1 hosts are present, toInclude is ignored as a leave is; a v3 join is no v1 report", () => {
  const lan = new Lan();
  lan.start(R1);
  lan.say(CLIENT1, report(G, 1));
  lan.say(CLIENT1, version3(record("toInclude", G)));
  assert.equal(lan.state(R1), "Version1MembersPresent 260");
  lan.say(CLIENT1, version3(record("isExclude", "224.12.12.13")));
  assert.equal(lan.state(R1, "224.12.12.13"), "MembersPresent 260");
});

test("RFC 2236 §3: a NonQuerier ignores toInclude as it ignores a leave", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say(R1, generalQuery);
  lan.say(CLIENT1, version3(record("isExclude", G)));
  lan.say(CLIENT1, version3(record("toInclude", G)));
  lan.say(CLIENT1, leave());
  assert.equal(lan.state(R2), "MembersPresent 260");
});
