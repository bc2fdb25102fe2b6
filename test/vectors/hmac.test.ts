// The signatures of the captures: each value is what §3 makes of its frame, found and zeroed where wire says it is.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Address, writeAddress } from "../../src/base/address.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/hpim.ts";
import { decodeIpv4, type Ipv4Datagram } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { SECURITY_VALUE_OFFSET, type Signature, signatureOf } from "../../src/wire/signature.ts";
import { ipv4Datagrams, VECTORS } from "../support/pcap.ts";

interface Key {
  readonly file: string;
  /** As node:crypto calls it. */
  readonly algorithm: string;
  readonly identifier: number;
  readonly secret: string;
}

/** Names of algorithms that differ from those of deployed routers. */
const CRYPTO_NAMES: ReadonlyMap<string, string> = new Map([
  ["blake2b", "blake2b512"],
  ["blake2s", "blake2s256"],
]);

const INDEX = readFileSync(new URL("INDEX.md", VECTORS), "utf8");
const KEYS: readonly Key[] = [
  ...[...INDEX.matchAll(/^- (\w+): id (\d+), key `(.*)`$/gm)].map(
    ([, name = "", identifier, secret = ""]) => ({
      file: `d1_hmac_${name}.pcap`,
      algorithm: CRYPTO_NAMES.get(name) ?? name.replace("_", "-"),
      identifier: Number(identifier),
      secret,
    }),
  ),
  {
    file: "d2_hmac_oneside_only_R1_sha256_R1-R2.pcap",
    algorithm: "sha256",
    identifier: 7,
    secret: "secret",
  },
];
const HPIM = 103;

const bytesOf = (address: Address): Uint8Array => {
  const bytes = new Uint8Array(address.length);
  writeAddress(bytes, 0, address);
  return bytes;
};

/** §3: the value that this key makes of a message whose SecurityValue is zero. */
function securityValue(
  { algorithm, secret }: Key,
  datagram: Ipv4Datagram,
  zeroed: Uint8Array,
): Buffer {
  return createHmac(algorithm, secret)
    .update(bytesOf(datagram.source))
    .update(bytesOf(datagram.destination))
    .update(zeroed)
    .digest();
}

function signed(payload: Uint8Array): Signature | null {
  const signature = signatureOf(payload);
  assert.ok(!isMalformed(signature));
  return signature;
}

/** The signed HPIM-DM datagrams of a capture. */
const signedDatagrams = (file: string): readonly Ipv4Datagram[] =>
  ipv4Datagrams(file)
    .map(({ bytes }) => {
      const datagram = decodeIpv4(bytes);
      assert.ok(!isMalformed(datagram));
      return datagram;
    })
    .filter(({ protocol, payload }) => protocol === HPIM && signed(payload) !== null);

test("§3: there is a key for every algorithm", () => {
  assert.equal(KEYS.length, 13);
});

for (const key of KEYS) {
  test(`§3 ${key.file}: every value is the HMAC of source, destination and the message with the value zero`, () => {
    const datagrams = signedDatagrams(key.file);
    assert.ok(datagrams.length > 0);
    for (const datagram of datagrams) {
      const signature = signed(datagram.payload);
      assert.equal(signature?.identifier, key.identifier);
      const zeroed = Uint8Array.from(datagram.payload);
      signed(zeroed)?.value.fill(0);
      assert.deepEqual(securityValue(key, datagram, zeroed), Buffer.from(signature?.value ?? []));
    }
  });

  test(`§3 ${key.file}: a message that we encode and sign is the one that was captured`, () => {
    for (const datagram of signedDatagrams(key.file)) {
      const decoded = decodeMessage(datagram.payload, 4);
      assert.ok(!isMalformed(decoded));
      const lengthBytes = createHmac(key.algorithm, key.secret).digest().length;
      const bytes = encodeMessage(decoded.message, { identifier: key.identifier, lengthBytes });
      bytes.set(securityValue(key, datagram, bytes), SECURITY_VALUE_OFFSET);
      assert.deepEqual(bytes, Uint8Array.from(datagram.payload));
    }
  });
}
