// Signatures as datagrams come and go (§3), held against HMACs by their definition.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { AlgorithmName } from "../../src/api/algorithms.ts";
import { ALGORITHM_NAMES, ALGORITHMS } from "../../src/api/algorithms.ts";
import { ip } from "../../src/base/address.ts";
import { bootTime, interfaceIndex, sequenceNumber } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import { inboundOf, outboundMessage } from "../../src/daemon/datagrams.ts";
import type { Security } from "../../src/daemon/security.ts";
import { NO_SECURITY, signatureBytes, signingKey } from "../../src/daemon/security.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/hpim.ts";
import type { Ipv4Datagram } from "../../src/wire/ip.ts";
import { decodeIpv4, encodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { hex } from "../support/bytes.ts";
import { hmacOf, keyed, type OpenKey, signed, valuesOf, withValue } from "../support/hmac.ts";
import { anyMessage } from "../wire/arbitrary.ts";

const AT = interfaceIndex(2);
const KEY: OpenKey = { identifier: 7, algorithm: "sha256", secret: "between two routers" };
const NEWER: OpenKey = { identifier: 0xffff, algorithm: "sha512", secret: "!" };
const ENDS = { source: ip("10.2.2.2"), destination: ip("10.2.2.1") };
const TREE = {
  ...{ bootTime: bootTime(9), sn: sequenceNumber(5) },
  ...{ source: ip("10.1.1.100"), group: ip("239.1.1.1") },
};
const NUMBERS = {
  ...{ bootTime: bootTime(9), mySsn: sequenceNumber(1), neighborSsn: sequenceNumber(2) },
  neighborBootTime: bootTime(8),
};
/** By their numbers on the wire. */
const MESSAGES: readonly Message[] = [
  { kind: "hello", bootTime: bootTime(9), options: { holdTimeSeconds: 40 } },
  { kind: "sync", ...NUMBERS, leader: true, syncSn: 0, part: { more: false, options: {} } },
  { kind: "iamUpstream", ...TREE, rpc: { preference: 1, metric: 2 } },
  { kind: "iamNoLongerUpstream", ...TREE },
  { kind: "interest", ...TREE },
  { kind: "noInterest", ...TREE },
  { kind: "ack", ...NUMBERS, source: TREE.source, group: TREE.group, neighborSn: TREE.sn },
];
const INTEREST = MESSAGES[4] as Message;

const ipv4 = (payload: Uint8Array, ends = ENDS): Uint8Array =>
  encodeIpv4({ ...ends, ttl: 1, tos: 0xc0, protocol: 103, routerAlert: false, payload });

const unsigned = (message: Message = INTEREST): Uint8Array => ipv4(encodeMessage(message, null));

function decoded(bytes: Uint8Array): Ipv4Datagram {
  const datagram = decodeIpv4(bytes);
  assert.ok(!isMalformed(datagram));
  return datagram;
}

/** The kind of message that is taken, or why none is. */
function verdict(bytes: Uint8Array, security: Security): string {
  const inbound = inboundOf(AT, bytes, security);
  if (inbound.kind === "drop") {
    assert.equal(inbound.interface, AT);
    return inbound.reason;
  }
  assert.ok(inbound.kind === "hpim");
  return inbound.event.message.kind;
}

const payloadOf = (message: Message, security: Security): Uint8Array =>
  outboundMessage({ kind: "send", interface: AT, ...ENDS, message, again: false }, security)
    .payload;

/** RFC 2202 §2 and §3, RFC 4231 §4.2 and §4.7. */
const VECTORS: readonly (readonly [AlgorithmName, Uint8Array, text: string, digest: string])[] = [
  ["md5", new Uint8Array(16).fill(0x0b), "Hi There", "9294727a3638bb1c13f48ef8158bfc9d"],
  ["sha1", new Uint8Array(20).fill(0x0b), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"],
  [
    "sha224",
    new Uint8Array(20).fill(0x0b),
    "Hi There",
    "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22",
  ],
  [
    "sha256",
    new Uint8Array(131).fill(0xaa),
    "Test Using Larger Than Block-Size Key - Hash Key First",
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ],
  [
    "sha512",
    new Uint8Array(131).fill(0xaa),
    "Test Using Larger Than Block-Size Key - Hash Key First",
    `80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352
     6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598`,
  ],
];

for (const [algorithm, secret, text, digest] of VECTORS) {
  test(`RFC 2202, RFC 4231: the HMAC that ours are held against is right, ${algorithm}`, () => {
    assert.deepEqual(hmacOf(algorithm, secret, Buffer.from(text)), Buffer.from(hex(digest)));
  });
}

test("§3: the names of the algorithms, in their order; md5 and sha1 are weak", () => {
  assert.deepEqual(ALGORITHM_NAMES, [
    ...["md5", "sha1", "sha224", "sha256", "sha384", "sha512"],
    ...["sha3_224", "sha3_256", "sha3_384", "sha3_512", "blake2b", "blake2s"],
  ]);
  const weak = ALGORITHM_NAMES.filter((name) => ALGORITHMS[name].isWeak);
  assert.deepEqual(weak, ["md5", "sha1"]);
});

for (const algorithm of ALGORITHM_NAMES) {
  test(`§3 ${algorithm}: what we sign is the HMAC by its definition, whatever the length of the secret, and is accepted`, () => {
    for (const length of [1, 64, 65, 128, 129, 144, 145, 1000]) {
      const key = { ...KEY, algorithm, secret: "s".repeat(length) };
      const security = keyed(key);
      for (const message of MESSAGES) {
        const payload = payloadOf(message, security);
        assert.deepEqual(Buffer.from(ipv4(payload)), Buffer.from(signed(unsigned(message), key)));
        assert.equal(payload[7], ALGORITHMS[algorithm].digestBytes);
        assert.equal(verdict(ipv4(payload), security), message.kind);
      }
    }
  });
}

test("§3: the newest key signs, unless another one is chosen; every one is accepted", () => {
  const both = keyed(KEY, NEWER);
  const identifierOf = (security: Security): unknown => signingKey(security)?.identifier;
  assert.equal(identifierOf(both), NEWER.identifier);
  assert.equal(identifierOf({ ...both, sendWith: KEY.identifier }), KEY.identifier);
  assert.equal(signingKey(NO_SECURITY), null);
  const bytes = [NO_SECURITY, keyed(KEY), both].map(signatureBytes);
  assert.deepEqual(bytes, [0, 32, 64]);
  for (const key of [KEY, NEWER]) assert.equal(verdict(signed(unsigned(), key), both), "interest");
  const sent = ipv4(payloadOf(INTEREST, { ...both, sendWith: KEY.identifier }));
  assert.equal(verdict(sent, keyed(KEY)), "interest");
  assert.equal(verdict(sent, keyed(NEWER)), "unknown key identifier");
});

test("§3: an interface with keys says why it drops what carries no valid value of one of them", () => {
  const security = keyed(NEWER, KEY);
  const right = decoded(signed(unsigned(), KEY));
  const value = right.payload.subarray(8, 40);
  const withIdentifier = (identifier: number, given: Uint8Array): string =>
    verdict(ipv4(withValue(right.payload, identifier, given)), security);
  assert.equal(withIdentifier(7, value), "interest");
  assert.equal(verdict(unsigned(), security), "not signed");
  assert.equal(withIdentifier(8, value), "unknown key identifier");
  for (const length of [1, 16, 31, 33, 64, 255]) {
    assert.equal(withIdentifier(7, Buffer.alloc(length, value)), "wrong signature length");
  }
  assert.equal(withIdentifier(NEWER.identifier, Buffer.alloc(64, value)), "wrong signature");
  assert.equal(withIdentifier(7, new Uint8Array(32)), "wrong signature");
  for (const [name, other] of Object.entries({
    secret: { ...KEY, secret: `${KEY.secret} ` },
    algorithm: { ...KEY, algorithm: "blake2s" as const },
  })) {
    assert.equal(verdict(signed(unsigned(), other), security), "wrong signature", name);
  }
});

test("§2.1, §3: a header or value that is cut is malformed, with keys and without", () => {
  for (const security of [NO_SECURITY, keyed(KEY)]) {
    assert.equal(verdict(ipv4(hex("00000009 04 0007")), security), "too short");
    const cut = hex("00000009 04 0007 20 00");
    assert.equal(verdict(ipv4(cut), security), "truncated security value");
  }
});

test("§3: the value is judged before version, type and body", () => {
  const nonsense = {
    "unknown version": "00000009 f4 0000 00",
    "unknown type": "00000009 0f 0000 00 00",
    "too short": "00000009 04 0000 00 0a010164",
  };
  for (const [reason, text] of Object.entries(nonsense)) {
    const bytes = ipv4(hex(text));
    assert.equal(verdict(bytes, keyed(KEY)), "not signed");
    assert.equal(
      verdict(signed(bytes, { ...KEY, secret: "guessed" }), keyed(KEY)),
      "wrong signature",
    );
    assert.equal(verdict(signed(bytes, KEY), keyed(KEY)), reason);
    assert.equal(verdict(signed(bytes, KEY), NO_SECURITY), "signed, but there are no keys");
  }
});

test("§3: bytes behind a body that are ignored (§2.1) are signed like all others", () => {
  const payload = Buffer.concat([encodeMessage(INTEREST, null), hex("0102")]);
  assert.equal(verdict(signed(ipv4(payload), KEY), keyed(KEY)), "interest");
  const appended = Buffer.concat([decoded(signed(unsigned(), KEY)).payload, hex("0102")]);
  assert.equal(verdict(ipv4(appended), keyed(KEY)), "wrong signature");
});

test("§3: judging leaves the bytes as they came", () => {
  const bytes = signed(unsigned(), KEY);
  const before = Buffer.from(bytes);
  for (const acceptsLegacyRetransmissions of [false, true]) {
    verdict(bytes, { ...keyed(KEY), acceptsLegacyRetransmissions });
    verdict(bytes, { ...keyed({ ...KEY, secret: "?" }), acceptsLegacyRetransmissions });
    assert.deepEqual(Buffer.from(bytes), before);
  }
});

for (const [type, message] of MESSAGES.entries()) {
  const isAccepted = 2 <= type && type <= 5;
  test(`§18: ${message.kind} that 1.5.1 signs wrongly again is ${isAccepted ? "accepted up to 5 times where that is switched on" : "never accepted"}`, () => {
    const plain = { ...keyed(NEWER, KEY), acceptsLegacyRetransmissions: false };
    const legacy = { ...plain, acceptsLegacyRetransmissions: true };
    const datagram = decoded(unsigned(message));
    const values = valuesOf(datagram, KEY, 8);
    const verdictsOf = (security: Security): readonly string[] =>
      values.map((value) =>
        verdict(ipv4(withValue(datagram.payload, KEY.identifier, value)), security),
      );
    const wrong = "wrong signature";
    const expected = (k: number): string => (isAccepted && k <= 5 ? message.kind : wrong);
    assert.deepEqual(
      verdictsOf(plain),
      values.map((_, k) => (k === 0 ? message.kind : wrong)),
    );
    assert.deepEqual(
      verdictsOf(legacy),
      values.map((_, k) => (k === 0 ? message.kind : expected(k))),
    );
  });
}

/** Another one than KEY. */
const anyKey = fc.record({
  identifier: fc.integer({ min: KEY.identifier + 1, max: 0xffff }),
  algorithm: fc.constantFrom(...ALGORITHM_NAMES),
  secret: fc.string({ minLength: 1, unit: "binary" }).filter((text) => /[^\0]/.test(text)),
});

const FAULTS: ReadonlySet<string> = new Set([
  ...["not signed", "unknown key identifier", "wrong signature length", "wrong signature"],
  "truncated security value",
]);
const SOURCE_OFFSET = 12;

test("§3: any message that we sign is the one that arrives, and none once a bit of it, its source or its destination differs", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(anyMessage(4), anyKey, fc.boolean(), fc.nat(), (message, key, legacy, n) => {
      const security = { ...keyed(KEY, key), acceptsLegacyRetransmissions: legacy };
      const bytes = ipv4(payloadOf(message, security));
      const arrived = inboundOf(AT, bytes, security);
      assert.ok(arrived.kind === "hpim");
      const again = decodeMessage(encodeMessage(message, null), 4);
      assert.ok(!isMalformed(again));
      assert.deepEqual(arrived.event.message, again.message);
      const bit = n % (8 * (bytes.length - SOURCE_OFFSET));
      const at = SOURCE_OFFSET + (bit >> 3);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      const reason = verdict(bytes, security);
      seen.add(reason);
      assert.ok(FAULTS.has(reason), reason);
    }),
    { numRuns: 1000 },
  );
  assert.ok(seen.has("wrong signature"));
});

test("§3: every single bit of a signed message, its source and its destination matters", () => {
  const bytes = signed(unsigned(), KEY);
  const security = { ...keyed(KEY), acceptsLegacyRetransmissions: true };
  for (let bit = 8 * SOURCE_OFFSET; bit < 8 * bytes.length; bit++) {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.ok(FAULTS.has(verdict(flipped, security)), `bit ${bit}`);
  }
});
