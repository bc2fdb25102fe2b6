// The Internet checksum (RFC 1071), as IPv4 headers and IGMP messages carry it.

/**
 * Checksum of `bytes`, u16: what belongs into their checksum field while that is zero,
 * and 0 if they hold a correct one already. An odd last byte counts as if a zero followed it.
 */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  let isHigh = true;
  for (const byte of bytes) {
    sum += isHigh ? byte << 8 : byte;
    isHigh = !isHigh;
  }
  // Not shifts: of a very long input the sum has more than 32 bits.
  while (sum > 0xffff) sum = (sum % 0x1_0000) + Math.floor(sum / 0x1_0000);
  return sum ^ 0xffff;
}

/** Writes the checksum of `bytes` into their field at `offset`, which is zero. */
export function fillChecksum(bytes: Uint8Array, offset: number): void {
  const checksum = internetChecksum(bytes);
  bytes[offset] = checksum >> 8;
  bytes[offset + 1] = checksum & 0xff;
}
