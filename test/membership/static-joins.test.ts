// Groups that are joined by configuration, whoever reports them or not (§12).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { EVERY_SOURCE } from "../../src/base/source-filter.ts";
import { DEFAULT_MEMBERSHIP_SETTINGS } from "../../src/membership/settings.ts";
import { denying } from "../support/filters.ts";
import { CLIENT1, G, generalQuery, Lan, LINK, leave, query, R1, R2, report } from "./lan.ts";

const S1 = "10.9.9.1";
const S2 = "10.9.9.2";

/** A querier whose startup queries are over, at 200 s. */
function lanAt200(): Lan {
  const lan = new Lan();
  lan.start(R1);
  lan.runTo(200);
  lan.take();
  return lan;
}

test("§12: a group that is joined is wanted at once and without end, also by who is not querier", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say(R1, generalQuery);
  lan.takeAll();
  lan.join(R2, [G]);
  assert.deepEqual(lan.takeAll(), [`0 ${R2} wants ${G}`]);
  assert.equal(lan.state(R2), "NoMembersPresent");
  assert.deepEqual(lan.group(R2), {
    ...{ interface: LINK.interface, group: ip(G), state: "NoMembersPresent" },
    ...{ lastReporter: null, expiresDue: null, joined: EVERY_SOURCE },
  });
  lan.say(R1, query(G, 10));
  lan.say(CLIENT1, leave());
  lan.runTo(2000);
  assert.deepEqual(
    lan.take().filter((line) => line.includes("want")),
    [],
  );
  lan.join(R2);
  assert.deepEqual(lan.takeAll(), [`2000 ${R2} no longer wants ${G}`]);
  assert.equal(lan.group(R2), undefined);
});

test("§12: a group that is joined stays wanted when hosts report it and leave; their membership is told as ever", () => {
  const lan = lanAt200();
  lan.join(R1, [G]);
  lan.takeAll();
  lan.say(CLIENT1, report());
  assert.equal(lan.state(R1), "MembersPresent 260");
  assert.deepEqual(lan.group(R1)?.joined, EVERY_SOURCE);
  lan.say(CLIENT1, leave());
  lan.runTo(203);
  assert.deepEqual(lan.takeAll(), [
    `200 ${R1} notes members of ${G}`,
    `200 ${R1} v2 query of ${G} to ${G}, 1 s`,
    `201 ${R1} v2 query of ${G} to ${G}, 1 s`,
    `202 ${R1} notes no members of ${G}`,
  ]);
  assert.equal(lan.state(R1), "NoMembersPresent");
});

test("§12: a group that hosts have reported stays theirs when it is no longer joined", () => {
  const lan = lanAt200();
  lan.say(CLIENT1, report());
  lan.join(R1, [G]);
  lan.join(R1);
  assert.deepEqual(lan.take(), [`200 ${R1} wants ${G}`]);
  assert.equal(lan.state(R1), "MembersPresent 260");
  assert.equal(lan.group(R1)?.joined, null);
});

test("§12: of a group that is joined of sources these alone are wanted, until a host wants them all", () => {
  const lan = lanAt200();
  lan.join(R1, [G, S2]);
  lan.join(R1, [G, S2], [G, S1], [G, S2]);
  assert.deepEqual(lan.group(R1)?.joined, { mode: "include", sources: [ip(S1), ip(S2)] });
  lan.join(R1, [G, S1], [G, S2]);
  lan.say(CLIENT1, report());
  lan.say(CLIENT1, leave());
  lan.runTo(202);
  lan.join(R1, [G, S1], [G], [G, S2]);
  lan.join(R1, [G, S1]);
  assert.deepEqual(
    lan.take().filter((line) => !line.includes("query")),
    [
      `200 ${R1} wants ${S2} of ${G}`,
      `200 ${R1} wants ${S1} and ${S2} of ${G}`,
      `200 ${R1} wants ${G}`,
      `202 ${R1} wants ${S1} and ${S2} of ${G}`,
      `202 ${R1} wants ${G}`,
      `202 ${R1} wants ${S1} of ${G}`,
    ],
  );
});

test("§12: joined groups are told in ascending order, and end with the interface", () => {
  const lan = lanAt200();
  const groups = ["225.0.0.3", "225.0.0.20", "225.0.0.1"];
  lan.join(R1, ...groups.map((group) => [group] as const));
  const inOrder = ["225.0.0.1", "225.0.0.3", "225.0.0.20"];
  assert.deepEqual(
    lan.takeAll(),
    inOrder.map((group) => `200 ${R1} wants ${group}`),
  );
  lan.configure(R1, null, {});
  assert.deepEqual(
    lan.takeAll(),
    inOrder.map((group) => `200 ${R1} no longer wants ${group}`),
  );
  lan.join(R1, [G]);
  assert.deepEqual(lan.take(), [
    `200 ${R1} is Querier, querier ${R1}`,
    `200 ${R1} v2 query of all to 224.0.0.1, 10 s`,
    `200 ${R1} wants ${G}`,
  ]);
});

test("§12: groups that are not routed are never joined", () => {
  const lan = lanAt200();
  lan.join(R1, ["224.0.0.251"], ["10.0.0.1"]);
  assert.deepEqual(lan.takeAll(), []);
  assert.equal(lan.group(R1, "224.0.0.251"), undefined);
});

test("§2.4: what is not allowed is not wanted though it is joined, and is at once where it is allowed again", () => {
  const lan = lanAt200();
  const joins = [{ group: ip(G), source: null }];
  const told = { kind: "interface", ...LINK, address: ip(R1), joins } as const;
  const filter = denying({ groups: [`${G}/32`] });
  lan.tell(R1, told);
  lan.tell(R1, { ...told, filter });
  assert.equal(lan.group(R1), undefined);
  lan.tell(R1, told);
  assert.deepEqual(
    lan.take().filter((line) => line.includes("want")),
    [`200 ${R1} wants ${G}`, `200 ${R1} no longer wants ${G}`, `200 ${R1} wants ${G}`],
  );
});

test("P7: joined groups take no room from those that hosts report", () => {
  const lan = lanAt200();
  const settings = { ...DEFAULT_MEMBERSHIP_SETTINGS, groupLimit: 1 };
  const joins = ["225.0.0.1", "225.0.0.2"].map((group) => ({ group: ip(group), source: null }));
  lan.tell(R1, { kind: "interface", ...LINK, address: ip(R1), settings, joins });
  lan.say(CLIENT1, report());
  assert.equal(lan.state(R1), "MembersPresent 260");
  assert.deepEqual(lan.dropped(R1), {});
});
