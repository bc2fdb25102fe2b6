// The payload of test packets: magic (4 bytes), flow (4), sequence number (4), send time (8), then zeros.
// Times are CLOCK_MONOTONIC in nanoseconds, one clock for all namespaces of a machine.

const MAGIC = 0x48_50_49_4d;

/** The smallest payload, in bytes. */
export const SMALLEST_PAYLOAD_BYTES = 20;

/** What a test packet carries. */
export interface TestPacket {
  readonly flow: number;
  /** From 1. */
  readonly sequence: number;
  readonly sentNanos: bigint;
}

/** A payload of `lengthBytes`, at least SMALLEST_PAYLOAD_BYTES. */
export function encodePacket(packet: TestPacket, lengthBytes: number): Buffer {
  const payload = Buffer.alloc(lengthBytes);
  payload.writeUInt32BE(MAGIC, 0);
  payload.writeUInt32BE(packet.flow, 4);
  payload.writeUInt32BE(packet.sequence, 8);
  payload.writeBigUInt64BE(packet.sentNanos, 12);
  return payload;
}

/** The packet in `payload`, or undefined if it is none of ours. */
export function decodePacket(payload: Buffer): TestPacket | undefined {
  if (payload.length < SMALLEST_PAYLOAD_BYTES || payload.readUInt32BE(0) !== MAGIC) {
    return undefined;
  }
  return {
    flow: payload.readUInt32BE(4),
    sequence: payload.readUInt32BE(8),
    sentNanos: payload.readBigUInt64BE(12),
  };
}
