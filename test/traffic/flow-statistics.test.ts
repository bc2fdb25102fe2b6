// What became of a flow, as far as its receiver can tell.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FlowStatistics, type FlowSummary } from "../../src/traffic/flow-statistics.ts";

const MILLI = 1_000_000n;
const WINDOW = 65_536;

/** A number, the milliseconds of its arrival, and of its way. */
type Packet = readonly [sequence: number, atMillis: number, delayMillis?: number];

/** What is told of packets of 100 bytes that arrive in this order; the sender's clock began at another time than ours. */
function summaryOf(packets: readonly Packet[]): FlowSummary {
  let flow: FlowStatistics | undefined;
  for (const [sequence, at, delay] of packets) {
    const receivedNanos = BigInt(at) * MILLI;
    const arrival = {
      sequence,
      sentNanos: receivedNanos - BigInt(delay ?? 0) * MILLI + 10n ** 15n,
      receivedNanos,
      delayNanos: delay === undefined ? null : BigInt(delay) * MILLI,
      bytes: 100,
    };
    flow ??= new FlowStatistics(arrival);
    flow.take(arrival);
  }
  assert.ok(flow !== undefined);
  return flow.summary();
}

/** The same of numbers that arrive every 10 ms: first to last, received, lost, duplicates, reordered, stale. */
function countsOf(...sequences: readonly number[]): readonly unknown[] {
  const { first, last, received, lost, duplicates, reordered, stale } = summaryOf(
    sequences.map((sequence, i) => [sequence, 10 * i]),
  );
  return [`${first} to ${last}`, received, lost, duplicates, reordered, stale];
}

test("a flow counts from the first number that arrives to the greatest", () => {
  assert.deepEqual(countsOf(5), ["5 to 5", 1, 0, 0, 0, 0]);
  assert.deepEqual(countsOf(5, 6, 9, 10), ["5 to 10", 4, 2, 0, 0, 0]);
});

test("a second and third copy are duplicates, and neither late nor received", () => {
  assert.deepEqual(countsOf(1, 2, 2, 3, 1, 2), ["1 to 3", 3, 0, 3, 0, 0]);
});

test("a first arrival behind a greater number is reordered, and not lost; also one before all others", () => {
  assert.deepEqual(countsOf(3, 5, 4, 2, 6), ["2 to 6", 5, 0, 0, 2, 0]);
});

test("a number that is too far behind is told apart; memory does not grow with leaps", () => {
  const far = 3 * WINDOW;
  assert.deepEqual(countsOf(1, far, far - WINDOW, far - WINDOW + 1, far - WINDOW + 1), [
    `1 to ${far}`,
    ...[3, far - 3, 1, 1, 1],
  ]);
  assert.deepEqual(countsOf(1, 0xffff_ffff), ["1 to 4294967295", 2, 0xffff_ffff - 2, 0, 0, 0]);
});

test("what was seen of numbers is forgotten when others take their place", () => {
  const around = Array.from({ length: WINDOW + 10 }, (_, i) => i + 1).filter(
    (n) => n !== WINDOW + 3,
  );
  assert.deepEqual(countsOf(...around, WINDOW + 3), [
    `1 to ${WINDOW + 10}`,
    ...[WINDOW + 10, 0, 0, 1, 0],
  ]);
});

test("within the window the counts are those of all that arrived, in any order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (sequences) => {
      const different = new Set(sequences);
      const [span, received, lost, duplicates, , stale] = countsOf(...sequences);
      const [first, last] = [Math.min(...sequences), Math.max(...sequences)];
      assert.deepEqual(
        [span, received, lost, duplicates, stale],
        [
          `${first} to ${last}`,
          different.size,
          last - first + 1 - different.size,
          sequences.length - different.size,
          0,
        ],
      );
    }),
  );
});

test("rate and gap are between first arrivals; bytes are those of all", () => {
  const { seconds, bytes, longestGapMillis } = summaryOf([
    [1, 0],
    [2, 30],
    [1, 50],
    [3, 75],
    [4, 80],
    [4, 500],
  ]);
  assert.deepEqual([seconds, bytes, longestGapMillis], [0.08, 600, 45]);
});

test("delays are those that packets say, jitter is the mean by which they differ from one to the next", () => {
  assert.equal(
    summaryOf([
      [1, 0],
      [2, 10],
    ]).delayMillis,
    null,
  );
  const steady = summaryOf([
    [1, 0, 4],
    [2, 10, 4],
    [3, 20, 4],
  ]);
  assert.deepEqual(steady.delayMillis, { least: 4, mean: 4, most: 4, latest: 4 });
  assert.equal(steady.jitterMillis, 0);
  const varying = summaryOf([
    [1, 0, 4],
    [2, 10, 20],
    [2, 15, 500],
    [3, 20, 3],
  ]);
  assert.deepEqual(varying.delayMillis, { least: 3, mean: 9, most: 20, latest: 3 });
  // RFC 3550 §6.4.1: 16 / 16, then (17 - 1) / 16 more.
  assert.equal(varying.jitterMillis, 2);
});

test("clocks that differ make delays negative, and nothing else", () => {
  const { delayMillis, jitterMillis } = summaryOf([
    [1, 0, -50],
    [2, 10, -50],
  ]);
  assert.deepEqual([delayMillis?.mean, jitterMillis], [-50, 0]);
});
