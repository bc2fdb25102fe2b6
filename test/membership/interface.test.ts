// Interfaces that begin, change and end; settings; the bound on groups (§12, §16, P7; gaps G10, G19, G20).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip, parsePrefix } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { interfaceIndex, millis, seconds } from "../../src/base/units.ts";
import { IgmpRouter } from "../../src/membership/igmp-router.ts";
import {
  DEFAULT_MEMBERSHIP_SETTINGS,
  groupMembershipInterval,
  otherQuerierPresentInterval,
} from "../../src/membership/settings.ts";
import {
  actionText,
  CLIENT1,
  ETH0,
  G,
  generalQuery,
  Lan,
  LINK,
  leave,
  R1,
  R2,
  record,
  report,
  SUBNET,
  version3,
} from "./lan.ts";

test("RFC 2236 §8, §16: the defaults, and what is derived of them", () => {
  assert.deepEqual(DEFAULT_MEMBERSHIP_SETTINGS, {
    robustnessVariable: 2,
    queryInterval: 125_000,
    queryResponseInterval: 10_000,
    startupQueryInterval: 31_250,
    startupQueryCount: 2,
    lastMemberQueryInterval: 1000,
    lastMemberQueryCount: 2,
    version1RouterPresentTimeout: millis(400_000),
    groupLimit: 8192,
  });
  assert.equal(groupMembershipInterval(DEFAULT_MEMBERSHIP_SETTINGS), 260_000);
  assert.equal(otherQuerierPresentInterval(DEFAULT_MEMBERSHIP_SETTINGS), 255_000);
});

test("§12: an interface that ends takes its groups along, in ascending order, and its timers", () => {
  const lan = new Lan();
  lan.start(R1);
  for (const group of ["225.0.0.3", "225.0.0.20", "225.0.0.1"]) lan.say(CLIENT1, report(group));
  lan.takeAll();
  lan.configure(R1, null, {});
  assert.deepEqual(
    lan.takeAll(),
    ["225.0.0.1", "225.0.0.3", "225.0.0.20"].flatMap((group) => [
      `0 ${R1} no longer wants ${group}`,
      `0 ${R1} notes no members of ${group}`,
    ]),
  );
  lan.configure(R1, null, {});
  lan.runTo(1000);
  assert.deepEqual(lan.takeAll(), []);
  lan.start(R1);
  assert.equal(lan.state(R1, "225.0.0.1"), "NoMembersPresent");
  assert.deepEqual(lan.take(), [
    `1000 ${R1} is Querier, querier ${R1}`,
    `1000 ${R1} v2 query of all to 224.0.0.1, 10 s`,
  ]);
});

test("§12: a machine without interfaces waits for nothing", () => {
  const router = new IgmpRouter();
  assert.equal(router.nextDeadline(), undefined);
  assert.deepEqual(router.view(), { interfaces: [], groups: [] });
  router.handle({ kind: "interface", ...LINK, address: ip(R1) }, millis(0));
  assert.equal(router.nextDeadline(), 31_250);
  router.handle({ kind: "interface", ...LINK, address: null }, millis(0));
  assert.equal(router.nextDeadline(), undefined);
});

test("G20: another address begins the role anew, with startup queries from it; the groups stay", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say(CLIENT1, report());
  lan.say(R1, generalQuery);
  lan.runTo(10);
  lan.takeAll();
  lan.configure(R2, "10.0.0.9", {});
  assert.equal(lan.state(R2), "MembersPresent 250");
  assert.deepEqual(lan.dropped(R2), {});
  lan.runTo(167);
  assert.deepEqual(lan.takeAll(), [
    `10 ${R2} is Querier, querier 10.0.0.9`,
    ...[10, 41.25, 166.25].map((at) => `${at} ${R2} v2 query of all to 224.0.0.1, 10 s`),
  ]);
  lan.say(R2, generalQuery);
  assert.equal(lan.role(R2), `NonQuerier ${R2} 255`);
});

test("G20: queries leave from the address that the interface has", () => {
  const router = new IgmpRouter();
  for (const address of [ip("10.0.0.9"), ip("10.0.0.8")]) {
    const actions = router.handle({ kind: "interface", ...LINK, address }, millis(0));
    assert.deepEqual(
      actions.flatMap((action) => (action.kind === "sendQuery" ? [action.source] : [])),
      [address],
    );
  }
});

test("§12: the same address again changes no role, other subnets count at once", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say(R1, generalQuery);
  lan.take();
  lan.tell(R2, {
    kind: "interface",
    ...LINK,
    address: ip(R2),
    subnets: [known(parsePrefix("10.9.0.0/16"), "a prefix"), SUBNET],
  });
  assert.deepEqual(lan.takeAll(), []);
  assert.equal(lan.role(R2), `NonQuerier ${R1} 255`);
  lan.say("10.9.1.1", report());
  lan.say(CLIENT1, report("224.12.12.13"));
  assert.deepEqual(lan.dropped(R2), {});
});

test("§12: interfaces are apart; a view and equal instants go by interface and group, not by insertion", () => {
  const router = new IgmpRouter();
  const settings = { ...DEFAULT_MEMBERSHIP_SETTINGS, groupLimit: 2 };
  const now = millis(0);
  for (const index of [7, 3].map(interfaceIndex)) {
    const about = { ...LINK, interface: index, address: ip(R1), settings };
    router.handle({ kind: "interface", ...about }, now);
  }
  const join = version3(record("isExclude", "225.0.0.2"), record("isExclude", "225.0.0.1"));
  for (const index of [7, 3].map(interfaceIndex)) {
    const from = { source: ip(CLIENT1), destination: ip("224.0.0.22"), ttl: 1, routerAlert: true };
    router.handle({ kind: "message", interface: index, ...from, message: join }, now);
  }
  assert.deepEqual(
    router.view().interfaces.map((view) => view.interface),
    [3, 7],
  );
  assert.deepEqual(
    router.view().groups.map((view) => [view.interface, view.group]),
    [3, 7].flatMap((index) => [
      [index, ip("225.0.0.1")],
      [index, ip("225.0.0.2")],
    ]),
  );
  const groups = router.groups()[Symbol.iterator]();
  assert.equal(groups.next().value?.group, ip("225.0.0.1"));
  const ended = router.handle({ kind: "time" }, millis(260_000));
  assert.deepEqual([...groups], [undefined], "the other one, and those of 7, have gone meanwhile");
  assert.deepEqual(
    ended.flatMap((action) =>
      action.kind === "listeners" ? [`${action.interface} ${actionText(action)}`] : [],
    ),
    [3, 7].flatMap((index) => [
      `${index} no longer wants 225.0.0.1`,
      `${index} no longer wants 225.0.0.2`,
    ]),
  );
});

test("P7: groups beyond the bound are refused and counted, and taken when there is room again", () => {
  const lan = new Lan();
  lan.start(R1, { groupLimit: 2 });
  lan.say(CLIENT1, report("225.0.0.1"));
  lan.say(CLIENT1, report("225.0.0.2"));
  lan.take();
  lan.say(CLIENT1, report("225.0.0.3"));
  lan.say(CLIENT1, version3(record("isExclude", "225.0.0.4")));
  assert.deepEqual(lan.take(), []);
  assert.deepEqual(lan.dropped(R1), { "too many groups": 2 });
  assert.equal(lan.state(R1, "225.0.0.3"), "NoMembersPresent");
  lan.runTo(1);
  lan.say(CLIENT1, report("225.0.0.1"));
  assert.equal(lan.state(R1, "225.0.0.1"), "MembersPresent 260");
  lan.say(CLIENT1, leave("225.0.0.2"));
  lan.say(CLIENT1, report("225.0.0.3"));
  lan.runTo(3);
  lan.take();
  lan.say(CLIENT1, report("225.0.0.3"));
  lan.say(CLIENT1, report("225.0.0.4"));
  assert.deepEqual(lan.take(), [`3 ${R1} wants 225.0.0.3`]);
  // Besides the two, 225.0.0.3 once more before 225.0.0.2 had gone, and 225.0.0.4.
  assert.deepEqual(lan.dropped(R1), { "too many groups": 4 });
});

test("P7: a bound that is lowered refuses new groups and keeps the old", () => {
  const lan = new Lan();
  lan.start(R1);
  lan.say(CLIENT1, report("225.0.0.1"));
  lan.say(CLIENT1, report("225.0.0.2"));
  lan.take();
  lan.start(R1, { groupLimit: 1 });
  lan.say(CLIENT1, report("225.0.0.2"));
  lan.say(CLIENT1, report("225.0.0.3"));
  assert.deepEqual(lan.take(), []);
  assert.deepEqual(lan.dropped(R1), { "too many groups": 1 });
});

test("§12: who is woken late does what was due, once", () => {
  const router = new IgmpRouter();
  router.handle({ kind: "interface", ...LINK, address: ip(R1) }, millis(0));
  const actions = router.handle({ kind: "time" }, seconds(1000));
  assert.deepEqual(actions.map(actionText), ["v2 query of all to 224.0.0.1, 10 s"]);
  assert.equal(router.nextDeadline(), 1_125_000);
});

test("§12: what is due comes before what is heard at the same instant", () => {
  const router = new IgmpRouter();
  router.handle({ kind: "interface", ...LINK, address: ip(R1) }, millis(0));
  const from = { source: ip(CLIENT1), destination: ip(G), ttl: 1, routerAlert: true };
  const heard = { kind: "message", interface: ETH0, ...from, message: report() } as const;
  router.handle(heard, millis(0));
  const lines = router.handle(heard, seconds(260)).map(actionText);
  assert.deepEqual(
    lines.filter((line) => line.includes("wants")),
    [`no longer wants ${G}`, `wants ${G}`],
  );
});

test("§12: many groups are counted, and shown in order, with rests", () => {
  const router = new IgmpRouter();
  router.handle({ kind: "interface", ...LINK, address: ip(R1) }, millis(0));
  const groups = Array.from({ length: 1_200 }, (_, n) => `225.0.${n >> 8}.${n & 0xff}`);
  const from = { source: ip(CLIENT1), ttl: 1, routerAlert: true, interface: ETH0 };
  for (const group of groups.toReversed()) {
    const message = report(group);
    router.handle({ kind: "message", ...from, destination: ip(group), message }, millis(0));
  }
  assert.equal(router.interfaces()[0]?.groupCount, groups.length);
  const shown = [...router.groups()].map((view) => view?.group);
  assert.ok(shown.includes(undefined));
  assert.deepEqual(
    shown.filter((group) => group !== undefined),
    groups.map(ip),
  );
});
