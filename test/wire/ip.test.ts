// IPv4 datagrams.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { decodeIpv4, encodeIpv4 } from "../../src/wire/ip.ts";
import { hex } from "../support/bytes.ts";

const PLAIN = hex("45 c0 0017 0000 4000 01 67 8db1 0a010101 e000000d aabbcc");
const ALERT = hex("46 c0 0020 0000 4000 01 02 f914 0a010101 e0000001 94040000 1164ee9b00000000");
/** A datagram of nothing but a header with these options, a multiple of four bytes. */
function withOptions(options: string): Uint8Array {
  const bytes = hex(`45 00 0014 0000 0000 01 02 0000 0a010101 e0000001 ${options}`);
  bytes[0] = 0x40 + bytes.length / 4;
  bytes[3] = bytes.length;
  return bytes;
}
const changed = (bytes: Uint8Array, offset: number, value: number): Uint8Array =>
  Uint8Array.from(bytes).fill(value, offset, offset + 1);

test("RFC 791 §3.1: the fields of a datagram", () => {
  assert.deepEqual(decodeIpv4(PLAIN), {
    source: ip("10.1.1.1"),
    destination: ip("224.0.0.13"),
    ttl: 1,
    protocol: 103,
    tos: 0xc0,
    routerAlert: false,
    payload: hex("aabbcc"),
  });
});

test("RFC 2113: a datagram with Router Alert", () => {
  assert.deepEqual(decodeIpv4(ALERT), {
    source: ip("10.1.1.1"),
    destination: ip("224.0.0.1"),
    ttl: 1,
    protocol: 2,
    tos: 0xc0,
    routerAlert: true,
    payload: hex("1164ee9b00000000"),
  });
});

test("RFC 791: encodeIpv4 writes every field, and the header's checksum", () => {
  for (const bytes of [PLAIN, ALERT]) {
    const datagram = decodeIpv4(bytes);
    assert.ok("payload" in datagram);
    assert.deepEqual(encodeIpv4(datagram), bytes);
  }
});

test("G4: the total length ends the payload, whatever padding follows", () => {
  assert.deepEqual(
    decodeIpv4(hex(`${Buffer.from(PLAIN).toString("hex")} 0102030405`)),
    decodeIpv4(PLAIN),
  );
});

test("RFC 791 §3.1: other options are passed over, and those behind the end of the list do not count", () => {
  const alertOf = (options: string): unknown => {
    const datagram = decodeIpv4(withOptions(options));
    return "routerAlert" in datagram ? datagram.routerAlert : datagram;
  };
  assert.equal(alertOf("01010101"), false);
  assert.equal(alertOf("01440301"), false);
  assert.equal(alertOf("01019402"), true);
  assert.equal(alertOf("4404050094040000"), true);
  assert.equal(alertOf("4404940494040000"), true);
  assert.equal(alertOf("4406940494040101"), false);
  assert.equal(alertOf("00940400"), false);
});

test("RFC 791 §3.1: an option that leaves the header is malformed", () => {
  for (const [options, offset] of [
    ["94050000", 20],
    ["44000000", 20],
    ["44010000", 20],
    ["01010194", 23],
    ["01440400", 21],
  ] as const) {
    assert.deepEqual(
      decodeIpv4(withOptions(options)),
      { kind: "malformed", reason: "truncated option", offset },
      options,
    );
  }
});

test("RFC 791: what is no whole IPv4 datagram is malformed", () => {
  const cases: readonly (readonly [Uint8Array, string, number])[] = [
    [new Uint8Array(0), "too short", 0],
    [PLAIN.subarray(0, 19), "too short", 19],
    [changed(PLAIN, 0, 0x65), "not IPv4", 0],
    [changed(PLAIN, 0, 0x44), "wrong header length", 0],
    [changed(PLAIN, 3, 0x18), "wrong total length", 2],
    [changed(PLAIN, 3, 0x13), "wrong total length", 2],
    // A header longer than the datagram.
    [changed(PLAIN, 0, 0x46), "wrong total length", 2],
  ];
  for (const [bytes, reason, offset] of cases)
    assert.deepEqual(decodeIpv4(bytes), { kind: "malformed", reason, offset });
});

test("RFC 791 §3.2: a fragment is malformed, the first one too", () => {
  const fragment = { kind: "malformed", reason: "fragment", offset: 6 };
  assert.deepEqual(decodeIpv4(changed(PLAIN, 6, 0x20)), fragment);
  assert.deepEqual(decodeIpv4(changed(PLAIN, 6, 0x01)), fragment);
  assert.deepEqual(decodeIpv4(changed(PLAIN, 7, 0x01)), fragment);
});
