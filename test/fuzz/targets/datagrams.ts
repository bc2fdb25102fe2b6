// A whole datagram: decodeIpv4, then all that the daemon does before the core sees a message (§2.3, §3), with keys and
// without.
import assert from "node:assert/strict";
import { known } from "../../../src/base/invariant.ts";
import type { Random } from "../../../src/base/random.ts";
import { interfaceIndex } from "../../../src/base/units.ts";
import { inboundOf } from "../../../src/daemon/datagrams.ts";
import { NO_SECURITY } from "../../../src/daemon/security.ts";
import { encodeMessage } from "../../../src/wire/hpim.ts";
import { encodeIgmp } from "../../../src/wire/igmp.ts";
import { decodeIpv4, encodeIpv4 } from "../../../src/wire/ip.ts";
import { isMalformed } from "../../../src/wire/malformed.ts";
import { happens, pick } from "../../../tools/campaign/generate.ts";
import type { Material, Target, Verdict } from "../../../tools/fuzz/target.ts";
import { QUICK } from "../../../tools/fuzz/target.ts";
import { varyBytes } from "../../../tools/fuzz/vary-bytes.ts";
import { keyed, type OpenKey, signed } from "../../support/hmac.ts";
import { anyAddress, anyIgmp, anyMessageOf } from "../any-message.ts";
import { capturedDatagrams } from "../captures.ts";
import { expectSame, refused } from "../expect.ts";

const KEY: OpenKey = { identifier: 7, algorithm: "sha256", secret: "of the link" };
const SECURITIES = { open: NO_SECURITY, keyed: keyed(KEY) } as const;
const INTERFACE = interfaceIndex(2);
const HPIM_DM = 103;
const IGMP = 2;

/** What the daemon makes of it on an interface with this security. */
function inboundText(input: Uint8Array, name: keyof typeof SECURITIES): string {
  const inbound = inboundOf(INTERFACE, input, SECURITIES[name]);
  if (inbound.kind === "hpim") return inbound.event.message.kind;
  return inbound.kind === "igmp" ? inbound.event.message.kind : inbound.reason;
}

/** Whether its payload is a message that KEY has signed, by our own reckoning. */
function isSigned(input: Uint8Array): boolean {
  const packet = decodeIpv4(input);
  if (isMalformed(packet)) return false;
  const right = decodeIpv4(signed(input, KEY));
  return !isMalformed(right) && Buffer.from(right.payload).equals(packet.payload);
}

function execute(input: Uint8Array): Verdict {
  const decoded = decodeIpv4(input);
  const texts = [inboundText(input, "open"), inboundText(input, "keyed")];
  const kind = texts.join(" | ");
  if (isMalformed(decoded))
    return { accepted: false, kind: `${refused(input, decoded).kind} ${kind}` };
  const again = decodeIpv4(encodeIpv4(decoded));
  expectSame(again, decoded, "what is read can be written");
  const isTaken =
    decoded.protocol === HPIM_DM && inboundOf(INTERFACE, input, SECURITIES.keyed).kind === "hpim";
  if (isTaken) assert.ok(isSigned(input), "only what is signed is taken");
  return { accepted: true, kind: `${decoded.routerAlert} ${kind}` };
}

function anyWritten(random: Random): Uint8Array {
  const isHpim = happens(random, 60);
  const payload = isHpim
    ? encodeMessage(anyMessageOf(random, 4), null)
    : encodeIgmp(anyIgmp(random));
  const datagram = encodeIpv4({
    ...{ source: anyAddress(random, 4), destination: anyAddress(random, 4), tos: 0xc0, ttl: 1 },
    ...{ protocol: isHpim ? HPIM_DM : IGMP, routerAlert: !isHpim, payload },
  });
  return isHpim && happens(random, 50) ? signed(datagram, KEY) : datagram;
}

/** Longer headers, options, fragments and lengths that are wrong come by changes of the header's bytes. */
function varyHeader(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  const at = pick(random, [0, 1, 2, 3, 6, 7, 9, 20, 21, 22, 23]);
  if (at < changed.length) changed[at] = at === 0 ? 0x40 + random.below(16) : random.below(256);
  return changed;
}

function vary(material: Material): Uint8Array {
  const { random } = material;
  const what = random.below(10);
  const input = what < 3 ? anyWritten(random) : material.input;
  if (what < 1) return input;
  if (what < 5) return varyHeader(input, random);
  const varied = varyBytes({ ...material, input });
  const total = varied.length;
  if (what < 8 || total < 20) return varied;
  // The total length is made right again.
  const bytes = varied.slice();
  new DataView(bytes.buffer).setUint16(2, total);
  return known(bytes, "a copy");
}

/** Both an interface with keys and one without get every input. */
export const target: Target = {
  ...QUICK,
  ...{ name: "datagrams", seeds: capturedDatagrams, vary, execute },
};
