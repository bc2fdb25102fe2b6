// The order in which upcalls are handed on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import type { Upcall } from "../../src/daemon/host.ts";
import { UpcallStack } from "../../src/linux/upcall-stack.ts";

const upcall = (n: number): Upcall => ({
  reason: "missingEntry",
  interface: interfaceIndex(n),
  source: ip("10.0.0.1"),
  group: ip("239.0.0.1"),
});

/** A stack, the numbers of the upcalls in each slice that it has handed on, and those that it has had held. */
function watched(): {
  readonly stack: UpcallStack;
  readonly slices: number[][];
  readonly held: number[];
  readonly storms: boolean[];
} {
  const slices: number[][] = [];
  const held: number[] = [];
  const storms: boolean[] = [];
  const numbers = (upcalls: readonly Upcall[]) => upcalls.map((one) => one.interface);
  const stack = new UpcallStack({
    storm: (isOn) => storms.push(isOn),
    hold: (upcalls) => held.push(...numbers(upcalls)),
    take: (upcalls) => slices.push(numbers(upcalls)),
  });
  return { stack, slices, held, storms };
}

test("upcalls are handed on once each, the newest first, a slice in each turn", async () => {
  const { stack, slices } = watched();
  for (let n = 1; n <= 300; n++) stack.push(upcall(n));
  assert.deepEqual(slices, []);
  await setImmediate();
  assert.equal(slices.length, 1);
  stack.push(upcall(301));
  while (slices.flat().length < 301) await setImmediate();
  assert.ok(slices.length > 2);
  const [first = [], ...rest] = slices;
  assert.deepEqual([first[0], first.at(-1)], [300, 300 - first.length + 1]);
  const left = Array.from({ length: 300 - first.length }, (_, n) => 300 - first.length - n);
  assert.deepEqual(rest.flat(), [301, ...left]);
  stack.push(upcall(302));
  await setImmediate();
  assert.deepEqual(slices.at(-1), [302]);
});

test("a stack that is full says so, until some are handed on", async () => {
  const { stack } = watched();
  let count = 0;
  while (!stack.isFull) stack.push(upcall(++count));
  assert.equal(count, 100_000);
  await setImmediate();
  assert.equal(stack.isFull, false);
  stack.close();
});

test("of a burst none is held; of more all are, once, until nothing waits", async () => {
  const { stack, slices, held, storms } = watched();
  const push = (from: number, to: number): void => {
    for (let n = from; n <= to; n++) stack.push(upcall(n));
  };
  push(1, 8_000);
  assert.deepEqual([held, storms], [[], []]);
  push(8_001, 8_002);
  const backwards = Array.from({ length: 8_001 }, (_, n) => 8_001 - n);
  assert.deepEqual(held, [...backwards, 8_002]);
  await setImmediate();
  push(8_003, 8_003);
  assert.equal(held.at(-1), 8_003);
  while (slices.flat().length < 8_003) await setImmediate();
  push(8_004, 16_003);
  assert.deepEqual([held.length, storms], [8_003, [true, false]]);
  stack.close();
});

test("a stack that is closed hands nothing on", async () => {
  const { stack, slices } = watched();
  stack.push(upcall(1));
  stack.close();
  await setImmediate();
  assert.deepEqual(slices, []);
});
