// rtnetlink messages from bytes: right ones from the kernel's own dumps (host-tables.test.ts), wrong ones here.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import { buildLinks } from "../../src/linux/links.ts";
import { noNews, noteChange } from "../../src/linux/netlink.ts";
import {
  DUMP,
  decodeAddress,
  decodeLink,
  decodeRoute,
  encodeBody,
  encodeRequest,
  errorOf,
  RTM_DELLINK,
  RTM_GETROUTE,
  RTM_NEWROUTE,
  splitMessages,
} from "../../src/linux/netlink-codec.ts";

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** 10.9.0.0/16 proto static metric 20, over 10.1.0.2 on interface 2 and 10.2.0.2 on interface 4, which has no carrier. */
const MULTIPATH = Uint8Array.from(
  Buffer.from(
    "02100000fe040001000000000800" +
      "0f00fe000000" +
      "080001000a090000" +
      "080006001400000024000900" +
      "1000000002000000080005000a010002" +
      "1000100004000000080005000a020002",
    "hex",
  ),
);

test("RTM_NEWROUTE: prefix, table, protocol, metric and every next hop with its flags", () => {
  assert.deepEqual(decodeRoute(viewOf(MULTIPATH)), {
    prefixLength: 16,
    tos: 0,
    table: 254,
    protocol: 4,
    type: 1,
    flags: 0,
    destination: ip("10.9.0.0"),
    source: null,
    incoming: null,
    metric: 20,
    hops: [
      { interface: 2, gateway: ip("10.1.0.2"), via: false, flags: 0 },
      { interface: 4, gateway: ip("10.2.0.2"), via: false, flags: 0x10 },
    ],
    counters: { packets: 0, bytes: 0, wrongInterface: 0 },
  });
});

/** d0, interface 5, up, MTU 1500, a veth (nested: "veth", and its peer's data), in the interface 7. */
const MEMBER = Uint8Array.from(
  Buffer.from(
    "0000010005000000411000000000000007000300643000000800" +
      "0400dc0500001000120009000100766574680000000008000a0007000000",
    "hex",
  ),
);

test("RTM_NEWLINK: name, flags, MTU, type and what it is a part of", () => {
  assert.deepEqual(decodeLink(viewOf(MEMBER)), {
    ...{ family: 0, index: 5, flags: 0x1041, name: "d0", mtu: 1500 },
    ...{ type: "veth", master: 7 },
  });
  assert.deepEqual(decodeLink(viewOf(MEMBER.subarray(0, 16))), {
    ...{ family: 0, index: 5, flags: 0x1041, name: "", mtu: 0, type: "", master: null },
  });
});

test("a link's master is told by its name and type, also one that has just gone", () => {
  const member = decodeLink(viewOf(MEMBER)) ?? assert.fail("it decodes");
  const red = { ...member, index: interfaceIndex(7), name: "red", type: "vrf", master: null };
  const [link, vrf] = buildLinks([member, red], []);
  assert.deepEqual([link?.type, link?.master], ["veth", { name: "red", type: "vrf" }]);
  assert.deepEqual([vrf?.type, vrf?.master], ["vrf", null]);
  assert.deepEqual(buildLinks([member], [])[0]?.master, { name: "interface 7", type: "" });
});

test("RTM_NEWROUTE cut short anywhere is decoded as far as it goes", () => {
  for (let length = 0; length < MULTIPATH.length; length++) {
    const route = decodeRoute(viewOf(MULTIPATH.subarray(0, length)));
    if (length < 12) assert.equal(route, null);
    else assert.deepEqual(route?.hops, []);
  }
});

test("no bytes make a decoder throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(40), (bytes, type) => {
      for (const message of splitMessages(bytes)) noteChange(noNews(), message);
      const body = viewOf(bytes);
      decodeLink(body);
      decodeAddress(body);
      decodeRoute(body);
      const message = { type, flags: 0, sequence: 0, body };
      errorOf(message);
      noteChange(noNews(), message);
    }),
  );
});

test("no damage to a right message makes a decoder throw", () => {
  const damage = fc.tuple(fc.nat(MULTIPATH.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(damage, { maxLength: 4 }), (changes) => {
      const bytes = MULTIPATH.slice();
      for (const [at, value] of changes) bytes[at] = value;
      decodeRoute(viewOf(bytes));
    }),
  );
});

test("messages come apart at their aligned lengths; one that does not fit ends the list", () => {
  const first = encodeRequest({ type: RTM_GETROUTE, flags: DUMP, sequence: 7 }, encodeBody(2, 13));
  const second = encodeRequest(
    { type: RTM_GETROUTE, flags: DUMP, sequence: 8 },
    encodeBody(2, 12, { type: 15, value: 254 }),
  );
  const bytes = new Uint8Array(32 + second.length);
  bytes.set(first);
  bytes.set(second, 32);
  const [one, two] = splitMessages(bytes);
  assert.deepEqual([one?.sequence, one?.body.byteLength], [7, 13]);
  assert.deepEqual([two?.type, two?.sequence, two?.flags], [RTM_GETROUTE, 8, 0x301]);
  const table = two === undefined ? null : decodeRoute(two.body)?.table;
  assert.equal(table, 254);
  assert.equal(splitMessages(bytes.subarray(0, bytes.length - 1)).length, 1);
});

test("news: a route is one; a bridge port that goes is no interface that goes", () => {
  const news = noNews();
  noteChange(news, { type: RTM_NEWROUTE, flags: 0, sequence: 0, body: viewOf(MULTIPATH) });
  assert.equal(news.routes, true);
  const link = new Uint8Array(16);
  link[0] = 7;
  link[4] = 5;
  noteChange(news, { type: RTM_DELLINK, flags: 0, sequence: 0, body: viewOf(link) });
  assert.deepEqual([news.links, [...news.gone]], [true, []]);
  link[0] = 0;
  noteChange(news, { type: RTM_DELLINK, flags: 0, sequence: 0, body: viewOf(link) });
  assert.deepEqual([...news.gone], [5]);
});
