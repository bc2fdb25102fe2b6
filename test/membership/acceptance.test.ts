// Which messages are taken, and what is counted of the others (RFC 2236 §2, §9, §10; RFC 3376 §4.2).
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAddress, ip } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import {
  CLIENT1,
  G,
  generalQuery,
  Lan,
  leave,
  query,
  R1,
  R2,
  record,
  report,
  rightDestination,
  version3,
} from "./lan.ts";

/** R2 as Querier with a member of G, at 1 s. */
function lanWithMember(): Lan {
  const lan = new Lan();
  lan.start(R2);
  lan.say(CLIENT1, report());
  lan.runTo(1);
  lan.take();
  return lan;
}

const MESSAGES: Readonly<Record<string, IgmpMessage>> = {
  "a General Query": generalQuery,
  "a Group-Specific Query": query(G, 10),
  "a v1 report": report(G, 1),
  "a v2 report": report(),
  "a leave": leave(),
  "a v3 report": version3(record("toInclude", G)),
};

for (const [name, message] of Object.entries(MESSAGES)) {
  const source = message.kind === "query" ? R1 : CLIENT1;

  test(`RFC 2236 §2: ${name} is taken with and without Router Alert (G2), and only with TTL 1 (G3)`, () => {
    for (const routerAlert of [true, false]) {
      const lan = lanWithMember();
      lan.say(source, message, { routerAlert });
      assert.deepEqual(lan.dropped(R2), {});
      assert.notEqual(`${lan.state(R2)} ${lan.role(R2)}`, `MembersPresent 259 Querier ${R2}`);
    }
    for (const ttl of [0, 2, 255]) {
      const lan = lanWithMember();
      lan.say(source, message, { ttl });
      assert.deepEqual(lan.dropped(R2), { "TTL not 1": 1 });
      assert.equal(`${lan.state(R2)} ${lan.role(R2)}`, `MembersPresent 259 Querier ${R2}`);
    }
  });

  test(`G3: ${name} of a source that is not on the link is dropped`, () => {
    const lan = lanWithMember();
    lan.say("9.0.0.1", message);
    lan.say("10.0.1.1", message);
    assert.deepEqual(lan.dropped(R2), { "sender not on link": 2 });
    assert.equal(`${lan.state(R2)} ${lan.role(R2)}`, `MembersPresent 259 Querier ${R2}`);
  });

  test(`RFC 2236 §9: ${name} is taken only where it is to be sent to`, () => {
    const right = formatAddress(rightDestination(message));
    const allowed = message.kind === "leave" ? [right, G] : [right];
    for (const destination of ["224.0.0.1", "224.0.0.2", "224.0.0.22", G, "224.12.12.13", R2]) {
      const lan = lanWithMember();
      lan.say(source, message, { destination });
      const dropped = allowed.includes(destination) ? {} : { "wrong destination": 1 };
      assert.deepEqual(lan.dropped(R2), dropped, destination);
    }
  });
}

test("RFC 2236 §6: the subnet's own address, the lowest there is, wins no election, nor does its broadcast address report", () => {
  const lan = lanWithMember();
  lan.say("10.0.0.0", generalQuery);
  lan.say("10.0.0.255", report("224.12.12.13"));
  assert.deepEqual(lan.dropped(R2), { "sender not on link": 2 });
  assert.equal(lan.role(R2), `Querier ${R2}`);
  assert.equal(lan.state(R2, "224.12.12.13"), "NoMembersPresent");
});

test("RFC 2236 §9: a leave sent to its group is heeded", () => {
  const lan = lanWithMember();
  lan.say(CLIENT1, leave(), { destination: G });
  assert.equal(lan.state(R2), "CheckingMembership 2");
});

test("RFC 3376 §4.2.13: a host without an address may report and leave", () => {
  const lan = new Lan();
  lan.start(R2);
  lan.say("0.0.0.0", report());
  assert.equal(lan.state(R2), "MembersPresent 260");
  lan.say("0.0.0.0", version3(record("isExclude", "224.12.12.13")));
  assert.equal(lan.state(R2, "224.12.12.13"), "MembersPresent 260");
  lan.say("0.0.0.0", leave());
  assert.equal(lan.state(R2), "CheckingMembership 2");
});

test("IGMP test 1: a query from 0.0.0.0 (a snooping bridge) counts in no election, nor for a group", () => {
  const lan = lanWithMember();
  lan.say("0.0.0.0", generalQuery);
  lan.say("0.0.0.0", query(G, 10));
  assert.equal(lan.role(R2), `Querier ${R2}`);
  assert.deepEqual(lan.dropped(R2), { "query without a source": 2 });
  lan.say(R1, generalQuery);
  lan.say("0.0.0.0", query(G, 10));
  assert.equal(lan.state(R2), "MembersPresent 259");
});

test("RFC 2236 §7: our own query, heard again, is dropped; a report of ours is a member's", () => {
  const lan = lanWithMember();
  lan.say(R1, generalQuery);
  lan.say(R2, query(G, 10));
  assert.deepEqual(lan.dropped(R2), { "own address": 1 });
  assert.equal(lan.state(R2), "MembersPresent 259");
  lan.say(R2, report("224.12.12.13"));
  assert.equal(lan.state(R2, "224.12.12.13"), "MembersPresent 260");
});

test("G9: groups in 224.0.0.0/24, and what is no group, make no state", () => {
  const lan = lanWithMember();
  for (const group of ["224.0.0.251", "10.0.0.9"]) {
    lan.say(CLIENT1, report(group));
    lan.say(CLIENT1, report(group, 1));
    lan.say(CLIENT1, leave(group));
    lan.say(CLIENT1, version3(record("isExclude", group), record("toInclude", group)));
    assert.equal(lan.state(R2, group), "NoMembersPresent");
  }
  // Of a group that is not routed: two reports, a leave, and both records.
  assert.deepEqual(lan.dropped(R2), { "group not routed": 5, "group is not multicast": 5 });
  assert.deepEqual(lan.takeAll(), []);
  lan.say(CLIENT1, report("224.0.1.0"));
  assert.equal(lan.state(R2, "224.0.1.0"), "MembersPresent 260");
});

test("RFC 2236 §6: a query names a multicast group or none; one of a group that is not routed still elects", () => {
  const lan = lanWithMember();
  lan.say(R1, query("10.0.0.9", 10));
  assert.deepEqual(lan.dropped(R2), { "group is not multicast": 1 });
  assert.equal(lan.role(R2), `Querier ${R2}`);
  lan.say(R1, query("224.0.0.251", 10));
  assert.equal(lan.role(R2), `NonQuerier ${R1} 255`);
});

test("P6: what is dropped is counted by reason, and changes nothing else", () => {
  const lan = lanWithMember();
  lan.say(CLIENT1, leave(), { destination: "224.0.0.22" });
  lan.say(CLIENT1, leave(), { ttl: 2 });
  lan.say(CLIENT1, leave(), { ttl: 2 });
  assert.deepEqual(lan.dropped(R2), { "wrong destination": 1, "TTL not 1": 2 });
  assert.equal(lan.state(R2), "MembersPresent 259");
  assert.deepEqual(lan.takeAll(), []);
});

test("§2.3: a message where membership does not run is counted and changes nothing", () => {
  const lan = lanWithMember();
  const elsewhere = { kind: "message", interface: interfaceIndex(2), ttl: 1 } as const;
  const about = { source: ip(CLIENT1), destination: ip(G), routerAlert: true };
  const hear = (message: IgmpMessage): void => lan.tell(R2, { ...elsewhere, ...about, message });
  hear(report("224.12.12.13"));
  hear(generalQuery);
  hear(version3(record("isExclude", "224.0.0.22"), record("isExclude", "224.12.12.13")));
  assert.deepEqual(lan.takeAll(), []);
  assert.equal(lan.state(R2, "224.12.12.13"), "NoMembersPresent");
  assert.deepEqual(lan.dropped(R2), { "not enabled": 3 });
  // What every host and router sends.
  hear(report("224.0.0.22"));
  hear(leave("224.0.0.22"));
  hear(version3(record("isExclude", "224.0.0.22"), record("isExclude", "224.0.0.251")));
  assert.deepEqual(lan.dropped(R2), { "not enabled": 3, "group not routed": 3 });
});
