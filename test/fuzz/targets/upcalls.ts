// decodeArrival: what the kernel hands over on the multicast routing socket (linux/mroute.h, struct igmpmsg).
import assert from "node:assert/strict";
import type { Random } from "../../../src/base/random.ts";
import { decodeArrival, decodeCounters } from "../../../src/linux/mroute-codec.ts";
import { happens, pick } from "../../../tools/campaign/generate.ts";
import type { Material, Target, Verdict } from "../../../tools/fuzz/target.ts";
import { QUICK } from "../../../tools/fuzz/target.ts";
import { varyBytes } from "../../../tools/fuzz/vary-bytes.ts";
import { capturedDatagrams } from "../captures.ts";

const UPCALL_BYTES = 20;
const MOST_VIFS = 32;
const COUNTERS_BYTES = 32;

/** A struct igmpmsg: its type, a zero in place of the protocol, a VIF, two addresses. */
function anyUpcall(random: Random): Uint8Array {
  const bytes = Uint8Array.from({ length: UPCALL_BYTES }, () => random.below(256));
  bytes[8] = happens(random, 80) ? 1 + random.below(4) : random.below(256);
  bytes[9] = 0;
  bytes[10] = random.below(happens(random, 80) ? MOST_VIFS : 256);
  bytes[11] = happens(random, 80) ? 0 : random.below(256);
  return bytes;
}

function expectAddresses(input: Uint8Array, ...addresses: readonly string[]): void {
  const written = addresses.join("");
  assert.equal(written, Buffer.from(input.subarray(12, 20)).toString("latin1"));
}

function execute(input: Uint8Array): Verdict {
  if (input.length >= COUNTERS_BYTES) {
    const { packets, wrongInterface } = decodeCounters(input);
    assert.ok(packets >= 0 && wrongInterface >= 0, "counters are no less than 0");
  }
  const arrival = decodeArrival(input);
  if (arrival.kind !== "upcall")
    return { accepted: arrival.kind === "datagram", kind: arrival.kind };
  const { vif, source, group, reason } = arrival;
  assert.ok(vif >= 0 && vif < MOST_VIFS, `VIF ${vif}`);
  expectAddresses(input, source, group);
  return { accepted: true, kind: `${reason} ${vif}` };
}

function vary(material: Material): Uint8Array {
  const { random } = material;
  const input = happens(random, 40) ? anyUpcall(random) : material.input;
  return pick(random, [input, varyBytes({ ...material, input })]);
}

/** The same socket has IGMP datagrams. */
export const target: Target = {
  ...QUICK,
  ...{ name: "upcalls", seeds: () => capturedDatagrams().slice(0, 50), vary, execute },
};
