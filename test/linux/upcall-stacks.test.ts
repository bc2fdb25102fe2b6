// The order in which upcalls are handed on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import type { Upcall } from "../../src/daemon/host.ts";
import { UpcallStacks } from "../../src/linux/upcall-stacks.ts";

const FLOOD = 2;

/** The source tells them apart. */
const upcall = (n: number, at: number): Upcall => ({
  reason: "missingEntry",
  interface: interfaceIndex(at),
  source: ip(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`),
  group: ip("239.0.0.1"),
});

const numberOf = ({ source }: Upcall): number =>
  [...source].slice(1).reduce((number, byte) => number * 256 + byte.charCodeAt(0), 0);

/** Stacks, the numbers of the upcalls in each slice that they have handed on, of those that they have had held, and of those given up. */
function watched() {
  const slices: number[][] = [];
  const held: number[] = [];
  const givenUp: number[] = [];
  const storms: boolean[] = [];
  const stacks = new UpcallStacks({
    storm: (isOn) => storms.push(isOn),
    hold: (upcalls) => held.push(...upcalls.map(numberOf)),
    take: (upcalls) => slices.push(upcalls.map(numberOf)),
    giveUp: (upcalls) => givenUp.push(...upcalls.map(numberOf)),
  });
  /** Pushes upcalls `from` to `to`. */
  const push = (from: number, to = from, at = 1): void => {
    for (let n = from; n <= to; n++) stacks.push(upcall(n, at));
  };
  const handedOn = async (count: number): Promise<readonly number[]> => {
    while (slices.flat().length < count) await setImmediate();
    return slices.flat();
  };
  return { stacks, push, handedOn, slices, held, givenUp, storms };
}

/** `from`, and down to `to`. */
const down = (from: number, to: number): readonly number[] =>
  Array.from({ length: from - to + 1 }, (_, n) => from - n);

test("upcalls are handed on once each, the newest first, a slice in each turn", async () => {
  const { push, handedOn, slices } = watched();
  push(1, 300);
  assert.deepEqual(slices, []);
  await setImmediate();
  const [first = []] = slices;
  assert.ok(first.length > 0 && first.length < 100 && slices.length === 1);
  push(301);
  const left = 300 - first.length;
  assert.deepEqual(await handedOn(301), [...down(300, left + 1), 301, ...down(left, 1)]);
  push(302);
  await setImmediate();
  assert.deepEqual(slices.at(-1), [302]);
});

test("no interface waits for more than a slice of each of the others", async () => {
  const { push, handedOn, slices } = watched();
  push(1, 20_000, FLOOD);
  await setImmediate();
  push(20_001, 20_001);
  push(20_002, 20_002, 3);
  push(20_003, 30_000, FLOOD);
  const seen = slices.length;
  await handedOn(30_000);
  const [others, after] = [slices.slice(seen, seen + 3), slices.slice(seen + 3)];
  assert.ok(others.some((slice) => slice.includes(20_001)));
  assert.ok(others.some((slice) => slice.includes(20_002)));
  assert.deepEqual(
    after.flat(),
    after.flat().toSorted((a, b) => b - a),
  );
});

test("of more than can wait the interface with the most gives up its oldest", async () => {
  const { push, handedOn, givenUp } = watched();
  push(1, 100);
  push(101, 100_000, FLOOD);
  assert.deepEqual(givenUp, []);
  push(100_001);
  const count = givenUp.length;
  assert.deepEqual(givenUp, down(100 + count, 101).toReversed());
  const others = down(100_001, 101 + count);
  assert.deepEqual(
    (await handedOn(100_001 - count)).toSorted((a, b) => b - a),
    [...others, ...down(100, 1)],
  );
});

test("of a burst none is held; of more all are, once, until nothing waits", async () => {
  const { stacks, push, handedOn, held, storms } = watched();
  push(1, 7_999);
  push(8_000, 8_000, FLOOD);
  assert.deepEqual([held, storms], [[], []]);
  push(8_001, 8_002);
  assert.deepEqual(held, [8_001, ...down(7_999, 1), 8_000, 8_002]);
  await setImmediate();
  push(8_003);
  assert.equal(held.at(-1), 8_003);
  await handedOn(8_003);
  push(8_004, 16_003);
  assert.deepEqual([held.length, storms], [8_003, [true, false]]);
  stacks.close();
});

test("stacks that are closed hand nothing on", async () => {
  const { stacks, push, slices } = watched();
  push(1);
  stacks.close();
  await setImmediate();
  assert.deepEqual(slices, []);
});
