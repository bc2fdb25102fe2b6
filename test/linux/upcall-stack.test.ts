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

/** A stack, and the numbers of the upcalls in each slice that it has handed on. */
function watched(): {
  readonly stack: UpcallStack;
  readonly slices: number[][];
  readonly storms: boolean[];
} {
  const slices: number[][] = [];
  const storms: boolean[] = [];
  const stack = new UpcallStack({
    take: (upcalls) => slices.push(upcalls.map((one) => one.interface)),
    storm: (isOn) => storms.push(isOn),
  });
  return { stack, slices, storms };
}

test("upcalls are handed on once each, the newest first, a slice in each turn", async () => {
  const { stack, slices } = watched();
  for (let n = 1; n <= 300; n++) stack.push(upcall(n));
  assert.deepEqual(slices, []);
  await setImmediate();
  assert.equal(slices.length, 1);
  stack.push(upcall(301));
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  assert.ok(slices.length > 2);
  const [first = [], ...rest] = slices;
  assert.deepEqual([first[0], first.at(-1)], [300, 300 - first.length + 1]);
  const left = Array.from({ length: 300 - first.length }, (_, n) => 300 - first.length - n);
  assert.deepEqual(rest.flat(), [301, ...left]);
  stack.push(upcall(302));
  await setImmediate();
  assert.deepEqual(slices.at(-1), [302]);
});

test("a stack that is full says so, until few are left of the storm", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval"] });
  const { stack, slices, storms } = watched();
  let count = 0;
  const fill = (): void => {
    while (!stack.isFull) stack.push(upcall(++count));
  };
  fill();
  assert.deepEqual([count, storms], [8_000, [true]]);
  while (stack.isFull) await setImmediate();
  const left = count - slices.flat().length;
  assert.ok(left > 0 && left < 1_000);
  fill();
  assert.equal(count - slices.flat().length, 1_000);
  context.mock.timers.tick(10_000);
  assert.deepEqual(storms, [true], "something waits");
  while (slices.flat().length < count) await setImmediate();
  assert.deepEqual(storms, [true]);
  context.mock.timers.tick(10_000);
  assert.deepEqual(storms, [true, false]);
  const before = count;
  fill();
  assert.deepEqual([count - before, storms], [8_000, [true, false, true]]);
  stack.close();
});

test("a stack that is closed hands nothing on", async () => {
  const { stack, slices } = watched();
  stack.push(upcall(1));
  stack.close();
  await setImmediate();
  assert.deepEqual(slices, []);
});
