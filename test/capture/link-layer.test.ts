// What frames of each link type carry.
import assert from "node:assert/strict";
import { test } from "node:test";
import { carriedBy, isLinkKnown } from "../../src/capture/link-layer.ts";
import { joined } from "../../tools/fuzz/vary-bytes.ts";
import { hex } from "../support/bytes.ts";
import { ETHERNET, ethernet } from "../support/capture-files.ts";

const FOUR = hex("45c00017");
const SIX = hex("6c000000");
const COOKED = 113;
const COOKED_2 = 276;

for (const [what, linkType, bytes, family] of [
  ["IPv4", ETHERNET, ethernet([0x0800], FOUR), 4],
  ["IPv6", ETHERNET, ethernet([0x86dd], SIX), 6],
  ["802.1Q", ETHERNET, ethernet([0x8100, 0x0800], FOUR), 4],
  ["802.1ad", ETHERNET, ethernet([0x88a8, 0x8100, 0x86dd], SIX), 6],
  ["three tags", ETHERNET, ethernet([0x9100, 0x9100, 0x8100, 0x0800], FOUR), 4],
  ["raw IPv4", 101, FOUR, 4],
  ["raw IPv6", 101, SIX, 6],
  ["raw, as BSD writes it", 12, FOUR, 4],
  ["raw, as OpenBSD writes it", 14, FOUR, 4],
  ["LINKTYPE_IPV4", 228, FOUR, 4],
  ["LINKTYPE_IPV6", 229, SIX, 6],
  ["SLL", COOKED, joined(hex("0000 0001 0006 020202020202 0000 0800"), FOUR), 4],
  ["SLL and a tag", COOKED, joined(hex("0000 0001 0006 020202020202 0000 8100 0007 86dd"), SIX), 6],
  ["SLL2", COOKED_2, joined(hex("86dd 0000 00000002 0001 00 06 0202020202020000"), SIX), 6],
] as const) {
  test(`${what} is found`, () => {
    assert.ok(isLinkKnown(linkType));
    assert.deepEqual(carriedBy({ linkType, bytes }), { family, bytes: family === 4 ? FOUR : SIX });
  });
}

for (const [what, linkType, bytes] of [
  ["nothing", ETHERNET, new Uint8Array()],
  ["ARP", ETHERNET, ethernet([0x0806], FOUR)],
  ["half a header", ETHERNET, ethernet([0x0800], FOUR).subarray(0, 13)],
  ["a header alone", ETHERNET, ethernet([0x0800], new Uint8Array())],
  ["a tag and no more", ETHERNET, ethernet([0x8100], new Uint8Array())],
  ["another version", ETHERNET, ethernet([0x0800], SIX)],
  ["another version", ETHERNET, ethernet([0x86dd], FOUR)],
  ["no version", 101, hex("0500")],
  ["nothing", 101, new Uint8Array()],
  ["half a header", COOKED, hex("0000 0001")],
] as const) {
  test(`link type ${linkType}: ${what} is no IP datagram`, () =>
    assert.equal(carriedBy({ linkType, bytes }), null));
}

test("links of other types are not known", () => {
  assert.ok(!isLinkKnown(105));
  assert.equal(carriedBy({ linkType: 105, bytes: FOUR }), null);
});
