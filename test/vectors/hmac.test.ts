// The signatures of the captures: each value is what §3 makes of its frame, is accepted from 1.5.1, and is what we sign with.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ALGORITHM_NAMES } from "../../src/api/algorithms.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import { inboundOf, outboundMessage } from "../../src/daemon/datagrams.ts";
import type { Security } from "../../src/daemon/security.ts";
import { decodeIpv4, type Ipv4Datagram } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { type Signature, signatureOf } from "../../src/wire/signature.ts";
import { keyed, valuesOf } from "../support/hmac.ts";
import { ipv4Datagrams } from "../support/pcap.ts";
import { KEYS, ONE_SIDE } from "./keys.ts";

const HPIM = 103;
const AT = interfaceIndex(2);
interface Taken {
  readonly bytes: Uint8Array;
  readonly datagram: Ipv4Datagram;
  readonly signature: Signature | null;
}

/** The HPIM-DM datagrams of a capture. */
const datagramsOf = (file: string): readonly Taken[] =>
  ipv4Datagrams(file).flatMap(({ bytes }) => {
    const datagram = decodeIpv4(bytes);
    assert.ok(!isMalformed(datagram));
    if (datagram.protocol !== HPIM) return [];
    const signature = signatureOf(datagram.payload);
    assert.ok(!isMalformed(signature));
    return [{ bytes, datagram, signature }];
  });

const reasonOf = (bytes: Uint8Array, security: Security): string => {
  const inbound = inboundOf(AT, bytes, security);
  return inbound.kind === "drop" ? inbound.reason : inbound.kind;
};

test("§3: there is a capture and a key for every algorithm", () => {
  const algorithms = [...KEYS.values()].map(({ algorithm }) => algorithm);
  assert.deepEqual(algorithms.sort(), [...ALGORITHM_NAMES, "sha256"].sort());
});

for (const [file, key] of KEYS) {
  const security = keyed(key);
  const signed = datagramsOf(file).filter(({ signature }) => signature !== null);

  test(`§3 ${file}: every value is the HMAC of source, destination and the message with the value zero`, () => {
    assert.ok(signed.length > 0);
    for (const { datagram, signature } of signed) {
      assert.equal(signature?.identifier, key.identifier);
      assert.deepEqual(Buffer.from(signature.value), valuesOf(datagram, key, 1)[0]);
    }
  });

  test(`§3 ${file}: every signed message is accepted, and none for another key or none`, () => {
    const other = { ...key, secret: `${key.secret}?` };
    for (const { bytes } of signed) {
      assert.equal(reasonOf(bytes, security), "hpim");
      assert.equal(reasonOf(bytes, keyed(other)), "wrong signature");
      assert.equal(reasonOf(bytes, keyed()), "signed, but there are no keys");
    }
  });

  test(`§3 ${file}: a message that we encode and sign is the one that was captured`, () => {
    for (const { bytes, datagram } of signed) {
      const { source, destination, payload } = datagram;
      const inbound = inboundOf(AT, bytes, security);
      assert.ok(inbound.kind === "hpim");
      const { message } = inbound.event;
      const action = { kind: "send", interface: AT, source, destination, message } as const;
      const sent = outboundMessage({ ...action, again: false }, security);
      assert.deepEqual(Buffer.from(sent.payload), Buffer.from(payload));
    }
  });
}

test("§3 d2: what the router without keys sends is dropped as not signed", () => {
  const security = keyed(...[...KEYS.values()].slice(-1));
  const unsigned = datagramsOf(ONE_SIDE).filter(({ signature }) => signature === null);
  assert.ok(unsigned.length > 0);
  for (const { bytes } of unsigned) assert.equal(reasonOf(bytes, security), "not signed");
});
