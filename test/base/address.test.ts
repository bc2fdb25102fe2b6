// Addresses and prefixes, against the platform's own reading of them.
import assert from "node:assert/strict";
import { BlockList, isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import {
  type Address,
  addressBytes,
  type Family,
  familyOf,
  formatAddress,
  formatPrefix,
  ip,
  isLinkLocal,
  isMulticast,
  isRoutableGroup,
  isRoutableSource,
  maskAddress,
  parseAddress,
  parsePrefix,
  prefixHolds,
  prefixHoldsHost,
  prefixOf,
  readAddress,
  writeAddress,
} from "../../src/base/address.ts";

const bytesOf = (family: Family): fc.Arbitrary<Uint8Array> => {
  const length = addressBytes(family);
  // Zero bytes are frequent, so that runs of them are.
  const byte = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }));
  return fc.array(byte, { minLength: length, maxLength: length }).map((b) => Uint8Array.from(b));
};
const addressOf = (family: Family): fc.Arbitrary<Address> =>
  bytesOf(family).map((bytes) => readAddress(bytes, 0, family));
const anyAddress = fc.oneof(addressOf(4), addressOf(6));

/** The address's text, by the platform's URL parser (which knows RFC 5952). */
const platformText = (address: Address): string =>
  address.length === 4
    ? new URL(`http://${formatAddress(address)}/`).hostname
    : new URL(`http://[${formatAddress(address)}]/`).hostname.slice(1, -1);

test("an address is read and written as its bytes, at any offset", () => {
  fc.assert(
    fc.property(fc.constantFrom<Family>(4, 6).chain(bytesOf), fc.nat(5), (bytes, offset) => {
      const family: Family = bytes.length === 4 ? 4 : 6;
      const room = new Uint8Array(offset + bytes.length + 1).fill(7);
      const address = readAddress(bytes, 0, family);
      assert.equal(familyOf(address), family);
      assert.equal(address.length, addressBytes(family));
      writeAddress(room, offset, address);
      assert.deepEqual(room.subarray(offset, offset + bytes.length), bytes);
      assert.equal(readAddress(room, offset, family), address);
      assert.ok(room.subarray(0, offset).every((b) => b === 7) && room.at(-1) === 7);
    }),
  );
});

test("addresses compare as numbers", () => {
  const value = (address: Address): bigint =>
    [...address].reduce((sum, unit) => (sum << 8n) | BigInt(unit.charCodeAt(0)), 0n);
  for (const family of [4, 6] as const) {
    fc.assert(
      fc.property(addressOf(family), addressOf(family), (a, b) => {
        assert.equal(a < b, value(a) < value(b));
        assert.equal(a === b, value(a) === value(b));
      }),
    );
  }
  assert.ok(ip("10.0.0.200") > ip("10.0.0.9"));
});

test("RFC 5952: an address's text is the one the platform writes, and reads back", () => {
  fc.assert(
    fc.property(anyAddress, (address) => {
      const text = formatAddress(address);
      assert.equal(isIP(text), familyOf(address));
      assert.equal(text, platformText(address));
      assert.equal(parseAddress(text), address);
      assert.equal(parseAddress(text.toUpperCase()), address);
    }),
  );
});

test("RFC 5952 §4.2: the first longest run of two or more zeros is shortened, no single zero", () => {
  for (const text of [
    "::",
    "::1",
    "1::",
    "2001:db8::1:0:0:1",
    "2001:0:0:1::1",
    "2001:db8:0:1:1:1:1:1",
    "fe80::1",
    "1:2:3:4:5:6:7:8",
  ]) {
    assert.equal(formatAddress(ip(text)), text);
  }
  assert.equal(ip("2001:0db8:0000::1").length, 16);
});

test("what the platform calls an address is one, and nothing else", () => {
  const nearly = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."0123456789abcdefF:.") }),
    fc
      .array(fc.constantFrom("", "0", "00", "1", "12", "255", "256", "1000"), { maxLength: 6 })
      .map((p) => p.join(".")),
    fc
      .array(fc.constantFrom("", "0", "00ff", "1", "12345", "ffff", "g"), { maxLength: 10 })
      .map((p) => p.join(":")),
  );
  fc.assert(
    fc.property(nearly, (text) => {
      // Embedded dotted quads and zones are not ours to read.
      fc.pre(!(text.includes(":") && text.includes(".")));
      assert.equal(parseAddress(text) === undefined, isIP(text) === 0, text);
    }),
    { numRuns: 2000 },
  );
  for (const text of [
    "",
    "10.0.0",
    "10.0.0.1.1",
    "1.2.3.256",
    "01.2.3.4",
    "1::2::3",
    ":::",
    "1:2:3:4:5:6:7::8",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "fe80::1%eth0",
    " ::1",
  ]) {
    assert.equal(parseAddress(text), undefined, text);
  }
  assert.throws(() => ip("10.0.0"), /"10.0.0" is not an address/);
});

test("a prefix holds what the platform's block list says it holds", () => {
  fc.assert(
    fc.property(
      fc
        .constantFrom<Family>(4, 6)
        .chain((f) =>
          fc.tuple(
            addressOf(f),
            addressOf(f),
            fc.nat(8 * addressBytes(f)),
            fc.nat(8 * addressBytes(f)),
          ),
        ),
      ([base, noise, length, shared]) => {
        // Another address that shares the first `shared` bits.
        const other = [...maskAddress(base, shared)]
          .map((unit, i) => {
            const kept = Math.min(8, Math.max(0, shared - 8 * i));
            return String.fromCharCode(unit.charCodeAt(0) | (noise.charCodeAt(i) & (0xff >> kept)));
          })
          .join("") as Address;
        const type = base.length === 4 ? "ipv4" : "ipv6";
        const list = new BlockList();
        const prefix = prefixOf(base, length);
        if (length > 0) list.addSubnet(formatAddress(prefix.address), length, type);
        const expected = length === 0 || list.check(formatAddress(other), type);
        assert.equal(prefixHolds(prefix, other), expected);
        assert.deepEqual(prefixOf(prefix.address, length), prefix);
        assert.deepEqual(parsePrefix(`${formatAddress(base)}/${length}`), prefix);
        assert.equal(formatPrefix(prefix), `${formatAddress(prefix.address)}/${length}`);
      },
    ),
    { numRuns: 1000 },
  );
});

test("families never mix: an address lies in no prefix of the other family", () => {
  assert.ok(!prefixHolds(prefixOf(ip("0.0.0.0"), 0), ip("::1")));
  assert.ok(!prefixHolds(prefixOf(ip("::"), 0), ip("10.0.0.1")));
});

test("what is no prefix is undefined", () => {
  for (const text of [
    "",
    "10.0.0.0",
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/8/8",
    "10.0.0.0/",
    "10.0.0.0/x",
    "10.0.0.0/-1",
    "10.0.0.0/0008",
    "/8",
    "10.0.0/8",
  ]) {
    assert.equal(parsePrefix(text), undefined, text);
  }
  assert.deepEqual(parsePrefix("10.1.2.3/32"), { address: ip("10.1.2.3"), length: 32 });
  assert.deepEqual(parsePrefix("::/128"), { address: ip("::"), length: 128 });
  assert.deepEqual(parsePrefix("10.1.2.3/16"), { address: ip("10.1.0.0"), length: 16 });
});

test("§2.3: multicast, link-local, routable source and routable group, at every border", () => {
  const rows: readonly [string, { m?: true; l?: true; s?: true; g?: true }][] = [
    ["0.0.0.0", {}],
    ["0.255.255.255", {}],
    ["1.0.0.0", { s: true }],
    ["10.1.1.1", { s: true }],
    ["126.255.255.255", { s: true }],
    ["127.0.0.0", {}],
    ["127.255.255.255", {}],
    ["128.0.0.0", { s: true }],
    ["169.253.255.255", { s: true }],
    ["169.254.0.0", { l: true }],
    ["169.254.255.255", { l: true }],
    ["169.255.0.0", { s: true }],
    ["223.255.255.255", { s: true }],
    ["224.0.0.0", { m: true }],
    ["224.0.0.255", { m: true }],
    ["224.0.1.0", { m: true, g: true }],
    ["239.255.255.255", { m: true, g: true }],
    ["240.0.0.0", {}],
    ["255.255.255.255", {}],
    ["::", {}],
    ["::1", {}],
    ["::2", { s: true }],
    ["2001:db8::1", { s: true }],
    ["fe7f:ffff::1", { s: true }],
    ["fe80::", { l: true }],
    ["febf:ffff::1", { l: true }],
    ["fec0::", { s: true }],
    ["feff::1", { s: true }],
    ["ff00::1", { m: true }],
    ["ff02::d", { m: true }],
    ["ff12::d", { m: true }],
    ["ff03::1", { m: true, g: true }],
    ["ff15::1", { m: true, g: true }],
    ["ff0e::1", { m: true, g: true }],
  ];
  for (const [text, { m = false, l = false, s = false, g = false }] of rows) {
    const address = ip(text);
    assert.equal(isMulticast(address), m, `${text} multicast`);
    assert.equal(isLinkLocal(address), l, `${text} link-local`);
    assert.equal(isRoutableSource(address), s, `${text} source`);
    assert.equal(isRoutableGroup(address), g, `${text} group`);
  }
});

test("a subnet holds no host under its own address or its broadcast address, but on point-to-point links", () => {
  const hosts = (subnet: string, ...addresses: readonly string[]): readonly string[] => {
    const prefix = parsePrefix(subnet);
    assert.ok(prefix !== undefined);
    return addresses.filter((address) => prefixHoldsHost(prefix, ip(address)));
  };
  const all = ["10.1.1.0", "10.1.1.1", "10.1.1.254", "10.1.1.255", "10.1.2.1"];
  assert.deepEqual(hosts("10.1.1.0/24", ...all), ["10.1.1.1", "10.1.1.254"]);
  assert.deepEqual(hosts("10.1.0.0/16", "10.1.0.255", "10.1.1.0", "10.1.255.255"), [
    "10.1.0.255",
    "10.1.1.0",
  ]);
  assert.deepEqual(hosts("10.1.1.0/30", "10.1.1.0", "10.1.1.1", "10.1.1.2", "10.1.1.3"), [
    "10.1.1.1",
    "10.1.1.2",
  ]);
  assert.deepEqual(hosts("10.1.1.0/31", "10.1.1.0", "10.1.1.1"), ["10.1.1.0", "10.1.1.1"]);
  assert.deepEqual(hosts("10.1.1.7/32", "10.1.1.7"), ["10.1.1.7"]);
  assert.deepEqual(hosts("fe80::/64", "fe80::", "fe80::1", "fe81::1"), ["fe80::", "fe80::1"]);
});
