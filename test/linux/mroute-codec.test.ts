// What arrives on the multicast routing socket, and which VIF goes to whom.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import { decodeArrival } from "../../src/linux/mroute-codec.ts";
import { VifTable } from "../../src/linux/vif-table.ts";

/** struct igmpmsg. */
function upcall(type: number, vif: number): Uint8Array {
  const bytes = new Uint8Array(28);
  bytes.set([type, 0, vif & 0xff, vif >> 8, 10, 1, 0, 2, 239, 1, 1, 1], 8);
  return bytes;
}

test("linux/mroute.h igmpmsg: a byte 0 in place of the IP protocol makes an upcall", () => {
  const rest = { vif: 3, source: ip("10.1.0.2"), group: ip("239.1.1.1") };
  assert.deepEqual(decodeArrival(upcall(1, 3)), {
    kind: "upcall",
    reason: "missingEntry",
    ...rest,
  });
  assert.deepEqual(decodeArrival(upcall(2, 3)), {
    kind: "upcall",
    reason: "wrongInterface",
    ...rest,
  });
  for (const type of [0, 3, 4, 5, 255])
    assert.deepEqual(decodeArrival(upcall(type, 3)), { kind: "other" });
  assert.deepEqual(decodeArrival(upcall(1, 32)), { kind: "other" });
  assert.deepEqual(decodeArrival(upcall(1, 256)), { kind: "other" });
  const igmp = upcall(1, 3);
  igmp[9] = 2;
  assert.deepEqual(decodeArrival(igmp), { kind: "datagram" });
});

test("no bytes make decodeArrival throw, and fewer than 20 are nothing", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const { kind } = decodeArrival(bytes);
      if (bytes.length < 20) assert.equal(kind, "other");
    }),
  );
});

test("VIFs: 32, each interface one, a number given back comes again after all others", () => {
  const table = new VifTable();
  const taken = Array.from({ length: 31 }, (_, i) => table.take(interfaceIndex(100 + i)));
  assert.deepEqual(
    taken,
    Array.from({ length: 31 }, (_, i) => i),
  );
  assert.equal(table.giveBack(interfaceIndex(105)), 5);
  assert.equal(table.giveBack(interfaceIndex(105)), undefined);
  assert.equal(table.vifOf(interfaceIndex(105)), undefined);
  assert.equal(table.take(interfaceIndex(200)), 31);
  assert.equal(table.take(interfaceIndex(201)), 5);
  assert.equal(table.take(interfaceIndex(202)), undefined);
  const vif = table.vifOf(interfaceIndex(201));
  assert.equal(vif === undefined ? null : table.interfaceOf(vif), 201);
});
