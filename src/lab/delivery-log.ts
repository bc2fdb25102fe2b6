// The log of a receiver: 24 bytes for every packet in the order of arrival: flow, sequence number, sent, received.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { TestPacket } from "../traffic/packet.ts";

/** One packet that arrived. Times are CLOCK_MONOTONIC. */
export interface Delivery extends TestPacket {
  readonly receivedNanos: bigint;
}

const RECORD_BYTES = 24;

/** The log's bytes for one packet. */
export function encodeDelivery(delivery: Delivery): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES);
  bytes.writeUInt32BE(delivery.flow, 0);
  bytes.writeUInt32BE(delivery.sequence, 4);
  bytes.writeBigUInt64BE(delivery.sentNanos, 8);
  bytes.writeBigUInt64BE(delivery.receivedNanos, 16);
  return bytes;
}

/** Reads the log `path` while it grows: returns all packets in it so far, at each call. */
export function deliveryReader(path: string): () => readonly Delivery[] {
  const deliveries: Delivery[] = [];
  return () => {
    const file = openSync(path, "r");
    try {
      const from = deliveries.length * RECORD_BYTES;
      const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
      const length = readSync(file, bytes, 0, bytes.length, from);
      for (const delivery of decodeDeliveries(bytes.subarray(0, length))) deliveries.push(delivery);
    } finally {
      closeSync(file);
    }
    return deliveries.slice();
  };
}

/** The packets in a log; one that is still being written at its end is left out. */
export function decodeDeliveries(log: Buffer): readonly Delivery[] {
  const deliveries: Delivery[] = [];
  for (let at = 0; at + RECORD_BYTES <= log.length; at += RECORD_BYTES) {
    deliveries.push({
      flow: log.readUInt32BE(at),
      sequence: log.readUInt32BE(at + 4),
      sentNanos: log.readBigUInt64BE(at + 8),
      receivedNanos: log.readBigUInt64BE(at + 16),
    });
  }
  return deliveries;
}
