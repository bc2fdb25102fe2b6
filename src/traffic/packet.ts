// The payload of test packets: magic (4 bytes), flow (4), sequence number (4), send time (8), send time of day (8), then
// zeros. The first time is CLOCK_MONOTONIC, one clock for all namespaces of a machine; the second CLOCK_REALTIME, one clock
// for all machines that keep theirs synchronised, or 0. Both are in nanoseconds.

const MAGIC = 0x48_50_49_4d;

/** The smallest payload, in bytes. */
export const SMALLEST_PAYLOAD_BYTES = 20;
/** The smallest payload with a time of day, in bytes. */
export const SMALLEST_DATED_BYTES = 28;
/** The greatest payload of UDP over IPv4, in bytes. */
export const GREATEST_PAYLOAD_BYTES = 65_507;
/** The last number of a packet. */
export const GREATEST_SEQUENCE = 0xffff_ffff;

/** What a test packet carries. */
export interface TestPacket {
  readonly flow: number;
  /** From 1. */
  readonly sequence: number;
  readonly sentNanos: bigint;
}

/** A payload of `lengthBytes`, at least SMALLEST_PAYLOAD_BYTES; with a time of day at least SMALLEST_DATED_BYTES. */
export function encodePacket(packet: TestPacket, lengthBytes: number, dateNanos?: bigint): Buffer {
  const payload = Buffer.alloc(lengthBytes);
  payload.writeUInt32BE(MAGIC, 0);
  payload.writeUInt32BE(packet.flow, 4);
  payload.writeUInt32BE(packet.sequence, 8);
  payload.writeBigUInt64BE(packet.sentNanos, 12);
  if (dateNanos !== undefined) payload.writeBigUInt64BE(dateNanos, 20);
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

/** At what time of day a packet was sent; null: it does not say. */
export function dateOf(payload: Buffer): bigint | null {
  const nanos = payload.length < SMALLEST_DATED_BYTES ? 0n : payload.readBigUInt64BE(20);
  return nanos === 0n ? null : nanos;
}
