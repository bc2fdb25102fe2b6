// Signatures of our own making: HMAC by its definition (RFC 2104), over nothing but hashes, and datagrams signed with it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { AlgorithmName } from "../../src/api/algorithms.ts";
import { ALGORITHMS } from "../../src/api/algorithms.ts";
import type { Address } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { configurationOf } from "../../src/daemon/configuration.ts";
import { Secret } from "../../src/daemon/secret.ts";
import type { Key, Security } from "../../src/daemon/security.ts";
import { NO_SECURITY } from "../../src/daemon/security.ts";
import type { Ipv4Datagram } from "../../src/wire/ip.ts";
import { decodeIpv4, encodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { signatureOf } from "../../src/wire/signature.ts";

/** How node:crypto calls the hash, and the bytes of its blocks. */
const HASHES: Readonly<Record<AlgorithmName, readonly [hash: string, blockBytes: number]>> = {
  md5: ["md5", 64],
  sha1: ["sha1", 64],
  sha224: ["sha224", 64],
  sha256: ["sha256", 64],
  sha384: ["sha384", 128],
  sha512: ["sha512", 128],
  sha3_224: ["sha3-224", 144],
  sha3_256: ["sha3-256", 136],
  sha3_384: ["sha3-384", 104],
  sha3_512: ["sha3-512", 72],
  blake2b: ["blake2b512", 128],
  blake2s: ["blake2s256", 64],
};

/** RFC 2104 §2: H(K xor opad, H(K xor ipad, text)). */
export function hmacOf(algorithm: AlgorithmName, secret: Uint8Array, text: Uint8Array): Uint8Array {
  const [hash, blockBytes] = HASHES[algorithm];
  const digest = (...parts: readonly Uint8Array[]): Uint8Array =>
    createHash(hash).update(Buffer.concat(parts)).digest();
  const key = new Uint8Array(blockBytes);
  key.set(secret.length > blockBytes ? digest(secret) : secret);
  const padded = (pad: number): Uint8Array => key.map((byte) => byte ^ pad);
  return digest(padded(0x5c), digest(padded(0x36), text));
}

/** A key whose secret can be read. */
export interface OpenKey {
  readonly identifier: number;
  readonly algorithm: AlgorithmName;
  readonly secret: string;
}

/** The same as an interface has it. */
export const keyOf = ({ identifier, algorithm, secret }: OpenKey): Key => ({
  ...{ identifier, algorithm },
  secret: known(Secret.of(Buffer.from(secret)), "a secret of some bytes"),
});

/** The security of an interface with these keys, of which the last one signs. */
export const keyed = (...keys: readonly OpenKey[]): Security => ({
  ...NO_SECURITY,
  keys: keys.map(keyOf),
});

/** `configuration` with this security on an interface. */
export const withSecurity = (
  configuration: Configuration,
  name: string,
  security: Security,
): Configuration => ({
  ...configuration,
  interfaces: new Map(configuration.interfaces).set(name, {
    ...configurationOf(configuration, name),
    security,
  }),
});

/** Of a message (§2.1). */
const IDENTIFIER_OFFSET = 5;
const LENGTH_OFFSET = 7;
const VALUE_OFFSET = 8;

const bytesOf = (address: Address): Uint8Array =>
  Uint8Array.from(address, (unit) => unit.charCodeAt(0));

/** `message` with these security fields in place of its own. */
export function withValue(message: Uint8Array, identifier: number, value: Uint8Array): Uint8Array {
  const head = Buffer.from(message.subarray(0, VALUE_OFFSET));
  const body = message.subarray(VALUE_OFFSET + head.readUInt8(LENGTH_OFFSET));
  head.writeUInt16BE(identifier, IDENTIFIER_OFFSET);
  head.writeUInt8(value.length, LENGTH_OFFSET);
  return Buffer.concat([head, value, body]);
}

/** What carries a message. */
type Carrier = Pick<Ipv4Datagram, "source" | "destination" | "payload">;

/**
 * The SecurityValues of a message that 1.5.1 sends `count` times with this key (§18): the first one is right (§3), each
 * other one is made over the one before.
 */
export function valuesOf(
  { source, destination, payload }: Carrier,
  { identifier, algorithm, secret }: OpenKey,
  count: number,
): readonly Uint8Array[] {
  let value: Uint8Array = new Uint8Array(ALGORITHMS[algorithm].digestBytes);
  return Array.from({ length: count }, () => {
    const message = withValue(payload, identifier, value);
    const text = Buffer.concat([bytesOf(source), bytesOf(destination), message]);
    value = hmacOf(algorithm, Buffer.from(secret), text);
    return value;
  });
}

/** Whether the message is signed as this key signs it (§3). */
export function isSignedBy(carrier: Carrier, key: OpenKey): boolean {
  const signature = signatureOf(carrier.payload);
  if (signature === null || isMalformed(signature)) return false;
  const [value = new Uint8Array()] = valuesOf(carrier, key, 1);
  return signature.identifier === key.identifier && Buffer.compare(signature.value, value) === 0;
}

/** Fails unless the message is signed as this key signs it (§3). */
export function expectSigned(carrier: Carrier, key: OpenKey): void {
  const signature = signatureOf(carrier.payload);
  assert.ok(signature !== null && !isMalformed(signature), "it is signed");
  assert.equal(signature.identifier, key.identifier);
  assert.deepEqual(Buffer.from(signature.value), valuesOf(carrier, key, 1)[0]);
}

/** A datagram of HPIM-DM with its message signed anew by this key (§3). */
export function signed(datagram: Uint8Array, key: OpenKey): Uint8Array {
  const decoded = decodeIpv4(datagram);
  if (isMalformed(decoded)) throw new Error(decoded.reason);
  const value = known(valuesOf(decoded, key, 1)[0], "one value");
  return encodeIpv4({ ...decoded, payload: withValue(decoded.payload, key.identifier, value) });
}
