// The log of a receiver: 24 bytes for every packet in the order of arrival: flow, sequence number, sent, received.
import type { TestPacket } from "./traffic-packet.ts";

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
