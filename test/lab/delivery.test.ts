// What became of a flow, by a receiver's log.
import assert from "node:assert/strict";
import { test } from "node:test";
import { analyseDelivery } from "../../src/lab/delivery.ts";
import { type Delivery, decodeDeliveries, encodeDelivery } from "../../src/lab/delivery-log.ts";
import { decodePacket, encodePacket } from "../../src/traffic/packet.ts";

const MILLI = 1_000_000n;

/** Packets in order of arrival; one every 10 ms unless a time is given. */
const arrivals = (...packets: readonly (number | readonly [number, number])[]): Delivery[] =>
  packets.map((packet, index) => {
    const [sequence, millis] = typeof packet === "number" ? [packet, 10 * index] : packet;
    return { flow: 7, sequence, sentNanos: 0n, receivedNanos: BigInt(millis) * MILLI };
  });

test("all that was sent arrived, once and in order", () => {
  assert.deepEqual(analyseDelivery({ flow: 7, count: 3 }, arrivals(1, 2, 3)), {
    sent: 3,
    received: 3,
    lost: 0,
    duplicated: 0,
    outOfOrder: 0,
    longestGapMillis: 10,
    lossBySequenceRange: [],
  });
});

test("losses at the start, in the middle and at the end are ranges", () => {
  const report = analyseDelivery({ flow: 7, count: 10 }, arrivals(3, 4, 6, 8));
  assert.equal(report.received, 4);
  assert.equal(report.lost, 6);
  assert.deepEqual(report.lossBySequenceRange, [
    { first: 1, last: 2 },
    { first: 5, last: 5 },
    { first: 7, last: 7 },
    { first: 9, last: 10 },
  ]);
});

test("nothing arrived: everything is lost, in one range", () => {
  const report = analyseDelivery({ flow: 7, count: 4 }, []);
  assert.deepEqual(report.lossBySequenceRange, [{ first: 1, last: 4 }]);
  assert.deepEqual([report.received, report.lost, report.longestGapMillis], [0, 4, 0]);
});

test("a second and third copy are duplicates, and neither late nor received", () => {
  const report = analyseDelivery({ flow: 7, count: 3 }, arrivals(1, 2, 2, 3, 1, 2));
  assert.deepEqual([report.received, report.duplicated, report.outOfOrder], [3, 3, 0]);
});

test("a first arrival behind a greater number is out of order", () => {
  const report = analyseDelivery({ flow: 7, count: 5 }, arrivals(1, 4, 2, 3, 5));
  assert.deepEqual([report.outOfOrder, report.lost], [2, 0]);
});

test("the longest gap is between first arrivals: a duplicate does not fill it", () => {
  const log = arrivals([1, 0], [2, 30], [1, 50], [3, 75], [4, 80]);
  assert.equal(analyseDelivery({ flow: 7, count: 4 }, log).longestGapMillis, 45);
});

test("packets of another flow do not count", () => {
  const other = arrivals(2).map((delivery) => ({ ...delivery, flow: 8 }));
  const report = analyseDelivery({ flow: 7, count: 2 }, [...arrivals(1), ...other]);
  assert.deepEqual(report.lossBySequenceRange, [{ first: 2, last: 2 }]);
});

test("a log reads back, without a record that is still being written", () => {
  const deliveries = [
    { flow: 0xffff_ffff, sequence: 1, sentNanos: 2n ** 60n, receivedNanos: 2n ** 61n },
    { flow: 2, sequence: 0xffff_ffff, sentNanos: 3n, receivedNanos: 4n },
  ];
  const log = Buffer.concat(deliveries.map(encodeDelivery));
  assert.deepEqual(decodeDeliveries(log), deliveries);
  assert.deepEqual(decodeDeliveries(log.subarray(0, -1)), deliveries.slice(0, 1));
});

test("a payload reads back at any size, and foreign ones are none of ours", () => {
  const packet = { flow: 3, sequence: 4, sentNanos: 5n };
  for (const size of [20, 100, 1400]) {
    const payload = encodePacket(packet, size);
    assert.equal(payload.length, size);
    assert.deepEqual(decodePacket(payload), packet);
  }
  assert.equal(decodePacket(encodePacket(packet, 20).subarray(0, 19)), undefined);
  assert.equal(decodePacket(Buffer.alloc(100)), undefined);
});
