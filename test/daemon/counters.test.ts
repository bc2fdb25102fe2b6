// Counters: what is counted per interface, and how often a drop is reported (P6, P7).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Address, ip } from "../../src/base/address.ts";
import { interfaceIndex, millis } from "../../src/base/units.ts";
import { Counters } from "../../src/daemon/counters.ts";
import type { Dropped } from "../../src/daemon/drops.ts";
import type { EngineNotice } from "../../src/daemon/notices.ts";
import { encodeIgmp } from "../../src/wire/igmp.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import { DROP_REASONS } from "../hostile/reasons.ts";
import { fromRoot } from "../support/root.ts";
import { drops, ETH1, ETH2, GROUP, hello, NEIGHBOR, on, pass, receive, rig } from "./engine-rig.ts";

const A = ip("10.0.1.8");
const B = ip("10.0.1.9");

class Told {
  readonly notices: EngineNotice[] = [];
  readonly counters = new Counters((notice) => this.notices.push(notice));

  constructor() {
    for (const { index } of [ETH1, ETH2]) this.counters.begin(index);
  }

  drop(atSeconds: number, given: Partial<Dropped> = {}): void {
    const drop = { interface: ETH1.index, protocol: "HPIM-DM", reason: "too short" } as const;
    this.counters.dropped({ ...drop, sender: A, ...given }, millis(atSeconds * 1000));
  }

  /** What was reported since the last call: "interface reason count sender". */
  take(): readonly string[] {
    return this.notices.splice(0).map((notice) => {
      assert.ok(notice.kind === "dropped");
      const names = new Map<Address | null, string>([
        [A, "A"],
        [B, "B"],
      ]);
      return `${notice.interface} ${notice.reason} ${notice.count} ${names.get(notice.sender)}`;
    });
  }
}

test("P7: a drop is reported at once, and what follows within a minute as one number at its end", () => {
  const told = new Told();
  told.drop(0);
  assert.deepEqual(told.take(), ["1 too short 1 A"]);
  assert.equal(told.counters.nextDeadline(), undefined, "nothing is left to tell");
  for (let i = 0; i < 1000; i++) told.drop(10);
  told.drop(59.999, { sender: B });
  assert.deepEqual(told.take(), []);
  assert.equal(told.counters.nextDeadline(), 60_000);
  told.counters.time(millis(59_999));
  assert.deepEqual(told.take(), []);
  told.counters.time(millis(60_000));
  assert.deepEqual(told.take(), ["1 too short 1001 B"]);
  // The next minute begins with that notice.
  told.drop(61);
  assert.deepEqual(told.take(), []);
  assert.equal(told.counters.nextDeadline(), 120_000);
  told.counters.time(millis(120_000));
  assert.deepEqual(told.take(), ["1 too short 1 A"]);
  told.drop(400);
  assert.deepEqual(told.take(), ["1 too short 1 A"]);
});

test("P7: a drop at the very end of its minute is told with those before it, once", () => {
  const told = new Told();
  told.drop(0);
  told.drop(30);
  told.drop(60);
  assert.deepEqual(told.take(), ["1 too short 1 A", "1 too short 2 A"]);
  assert.equal(told.counters.nextDeadline(), undefined);
});

test("P7: each interface, protocol and reason has a minute of its own", () => {
  const told = new Told();
  told.drop(0);
  told.drop(1, { interface: ETH2.index });
  told.drop(2, { reason: "TTL not 1" });
  told.drop(3, { protocol: "IGMP" });
  assert.equal(told.take().length, 4);
  told.drop(4);
  told.drop(4, { interface: ETH2.index });
  told.counters.time(millis(60_000));
  assert.deepEqual(told.take(), ["1 too short 1 A"]);
  told.counters.time(millis(61_000));
  assert.deepEqual(told.take(), ["2 too short 1 A"]);
});

test("what every host does is counted, and not reported", () => {
  const told = new Told();
  told.drop(0, { protocol: "IGMP", reason: "group not routed" });
  assert.deepEqual(told.take(), []);
  assert.equal(told.counters.of(ETH1.index).dropped[0]?.count, 1);
  assert.equal(told.counters.nextDeadline(), undefined);
});

test("an interface that goes takes its counters along, and what was still to be told", () => {
  const told = new Told();
  told.drop(0);
  told.drop(1);
  told.counters.end(ETH1.index);
  assert.equal(told.counters.nextDeadline(), undefined);
  assert.deepEqual(told.counters.unknown.dropped, []);
  told.counters.begin(ETH1.index);
  assert.deepEqual(told.counters.of(ETH1.index).dropped, []);
});

test("drops on interfaces that are not known are counted together, and not reported", () => {
  const told = new Told();
  for (let index = 7; index < 1000; index++) told.drop(0, { interface: interfaceIndex(index) });
  assert.deepEqual(
    told.counters.unknown.dropped.map(({ reason, count }) => [reason, count]),
    [["too short", 993]],
  );
  assert.equal(told.counters.nextDeadline(), undefined);
  assert.deepEqual(told.take(), []);
});

test("the engine reports what its deadline brings about, and counts on as the link changes", () => {
  const made = rig(on("hpim", "eth2"), [ETH1, ETH2]);
  receive(made, hello(40), 2);
  receive(made, hello(40), 2);
  made.engine.handle({ kind: "links", links: [ETH1, { ...ETH2, up: false }] });
  made.engine.handle({ kind: "links", links: [ETH1, ETH2] });
  const told = () => made.notices.flatMap((one) => (one.kind === "dropped" ? [one.count] : []));
  assert.deepEqual(told(), [1]);
  while (told().length < 2) pass(made);
  assert.deepEqual([told(), made.host.now()], [[1, 1], 60_000]);
  assert.deepEqual(drops(made, ETH2), ["HPIM-DM: TTL not 1: 2"]);
  made.engine.handle({ kind: "links", links: [ETH1] });
  made.engine.handle({ kind: "links", links: [ETH1, ETH2] });
  assert.deepEqual(drops(made, ETH2), []);
});

test("what is sent and received is counted by type, retransmissions and failures too", () => {
  const made = rig(on("hpim", "eth2"), [ETH1, ETH2]);
  const of = () => made.engine.counters.of(ETH2.index);
  receive(made, hello(40));
  assert.deepEqual([...of().received], [["hello", 1]]);
  assert.deepEqual([...of().sent], [["sync", 1]]);
  assert.equal(of().retransmissions, 0);
  while (of().neighborFailures.size === 0) pass(made);
  // §6.5: after 3, 6 and 9 s; at 12 s the neighbor fails, whose copy of that instant may have left or not.
  const copies = (of().sent.get("sync") ?? 0) - 1;
  assert.ok(copies === 3 || copies === 4, `${copies} copies`);
  assert.equal(of().retransmissions, copies);
  assert.deepEqual([...of().neighborFailures], [["no synchronisation", 1]]);
});

test("what could not be sent is not counted as sent", () => {
  const made = rig(on("igmp", "eth2"), [ETH1, ETH2]);
  assert.equal(made.engine.counters.of(ETH2.index).sentQueries, 1);
  made.host.failing.set("send", "ENETUNREACH");
  for (let i = 0; i < 3; i++) pass(made);
  assert.equal(made.engine.counters.of(ETH2.index).sentQueries, 1);
  const hpim = rig(on("hpim", "eth2"), [ETH1, ETH2]);
  hpim.host.failing.set("send", "ENETUNREACH");
  for (let i = 0; i < 3; i++) pass(hpim);
  assert.deepEqual([...hpim.engine.counters.of(ETH2.index).sent], []);
});

test("docs/counters.md explains every reason", () => {
  const text = readFileSync(fromRoot("docs", "counters.md"), "utf8");
  const explained = new Set(text.match(/`[^`\n]+`/g));
  assert.deepEqual(
    DROP_REASONS.filter((reason) => !explained.has(`\`${reason}\``)),
    [],
  );
});

test("IGMP messages are counted by version, also where IGMP does not run", () => {
  const made = rig(on("hpim", "eth2"), [ETH1, ETH2]);
  for (const version of [1, 2] as const) {
    const payload = encodeIgmp({ kind: "report", version, group: GROUP });
    const about = { destination: GROUP, ttl: 1, tos: 0, protocol: 2, routerAlert: true };
    const bytes = encodeIpv4({ ...about, source: NEIGHBOR, payload });
    made.engine.handle({ kind: "datagram", interface: ETH2.index, bytes });
    made.engine.handle({ kind: "datagram", interface: interfaceIndex(99), bytes });
  }
  const counters = made.engine.counters.of(ETH2.index);
  assert.deepEqual(
    [...counters.receivedIgmp],
    [
      ["version1Report", 1],
      ["version2Report", 1],
    ],
  );
  assert.deepEqual(drops(made, ETH2), ["IGMP: not enabled: 2"]);
  assert.deepEqual(
    made.engine.counters.unknown.dropped.map(({ reason, count }) => [reason, count]),
    [["not enabled", 2]],
  );
});
