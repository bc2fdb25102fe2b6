// Which flows the kernel is to keep no packets of.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Address, ip } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import type { Upcall } from "../../src/daemon/host.ts";
import { UnansweredUpcalls } from "../../src/linux/unanswered-upcalls.ts";

const SOURCE = ip("10.0.0.1");
const groupOf = (n: number): Address => ip(`239.0.${n >> 8}.${n & 0xff}`);

const upcalls = (from: number, to: number, reason: Upcall["reason"] = "missingEntry") =>
  Array.from({ length: to - from }, (_, n) => ({
    reason,
    interface: interfaceIndex(2),
    source: SOURCE,
    group: groupOf(from + n),
  }));

const taken = (unanswered: UnansweredUpcalls): readonly Address[] =>
  unanswered.takeExcess().map(({ group }) => group);

test("a thousand flows may wait without an answer; of more the oldest are given up, once", () => {
  const unanswered = new UnansweredUpcalls();
  unanswered.add(upcalls(0, 1_000));
  assert.deepEqual(taken(unanswered), []);
  unanswered.add(upcalls(1_000, 1_003));
  assert.deepEqual(taken(unanswered), [0, 1, 2].map(groupOf));
  assert.deepEqual(taken(unanswered), []);
});

test("who is answered waits no more, and who is reported again is the newest", () => {
  const unanswered = new UnansweredUpcalls();
  unanswered.add(upcalls(0, 1_000));
  unanswered.answer({ source: SOURCE, group: groupOf(0) });
  unanswered.add(upcalls(1, 2));
  unanswered.add(upcalls(1_000, 1_002));
  assert.deepEqual(taken(unanswered), [groupOf(2)]);
});

test("data on a wrong interface have an entry", () => {
  const unanswered = new UnansweredUpcalls();
  unanswered.add(upcalls(0, 2_000, "wrongInterface"));
  assert.deepEqual(taken(unanswered), []);
});
