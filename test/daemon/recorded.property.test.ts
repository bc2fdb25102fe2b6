// Whatever arrives and whatever is configured: without secrets and signatures it is judged as it was with them.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { ip } from "../../src/base/address.ts";
import { bootTime, millis } from "../../src/base/units.ts";
import type { Configuration } from "../../src/daemon/configuration.ts";
import { configurationOf, EMPTY_CONFIGURATION } from "../../src/daemon/configuration.ts";
import { inboundOf } from "../../src/daemon/datagrams.ts";
import { loadConfiguration } from "../../src/daemon/load-configuration.ts";
import { lineIn, lineOf } from "../../src/daemon/recording/lines.ts";
import { datagramOf, unsignedDatagram } from "../../src/daemon/recording/unsigned.ts";
import type { Security } from "../../src/daemon/security.ts";
import { NO_SECURITY } from "../../src/daemon/security.ts";
import { decodeIpv4, encodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { signatureOf } from "../../src/wire/signature.ts";
import { anyPacket } from "../hostile/any-packets.ts";
import { anyConfiguration } from "../support/arbitrary-configuration.ts";
import type { OpenKey } from "../support/hmac.ts";
import { keyed, valuesOf, withSecurity, withValue } from "../support/hmac.ts";
import { ETH2 } from "./engine-rig.ts";
import { directory } from "./served-daemon.ts";

const KEY: OpenKey = { identifier: 7, algorithm: "sha256", secret: "of eth2" };
const OTHER: OpenKey = { identifier: 8, algorithm: "md5", secret: "of eth2, too" };
const GUESSED: OpenKey = { ...KEY, secret: "guessed" };
const SECURITIES: readonly Security[] = [
  NO_SECURITY,
  keyed(KEY),
  keyed(KEY, OTHER),
  { ...keyed(KEY, OTHER), acceptsLegacyRetransmissions: true },
];

/** A configuration after it was written into a recording and read again. */
function readAgain(configuration: Configuration): Configuration {
  const input = { kind: "configure", configuration } as const;
  const line = lineIn(lineOf({ at: millis(0), input }));
  assert.ok(line !== undefined && "input" in line && line.input.kind === "configure");
  return line.input.configuration;
}

const securityReadAgain = (security: Security): Security =>
  configurationOf(readAgain(withSecurity(EMPTY_CONFIGURATION, "eth2", security)), "eth2").security;

/** HPIM-DM signed with a key as 1.5.1 signs the `again`th copy (§18); all else as it is. */
function signedAs(datagram: Uint8Array, key: OpenKey, again: number): Uint8Array {
  const packet = decodeIpv4(datagram);
  if (isMalformed(packet) || packet.protocol !== 103 || packet.payload.length < 8) return datagram;
  const value = valuesOf(packet, key, again + 1)[again] ?? new Uint8Array();
  return encodeIpv4({ ...packet, payload: withValue(packet.payload, key.identifier, value) });
}

const anyTraffic = fc
  .tuple(
    anyPacket({
      address: ip("10.0.2.1"),
      bootTime: bootTime(1_700_000_000),
      neighbors: [ip("10.0.2.2")],
      sources: [ip("10.0.1.9")],
    }),
    fc.constantFrom(null, KEY, KEY, OTHER, GUESSED),
    fc.constantFrom(0, 0, 1),
  )
  .map(([datagram, key, again]) => (key === null ? datagram : signedAs(datagram, key, again)));

test("§3: a datagram without its signature is judged as it was with it, by other secrets", () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(anyTraffic, fc.constantFrom(...SECURITIES), (datagram, security) => {
      const untouched = datagram.slice();
      const inbound = inboundOf(ETH2.index, datagram, security);
      const { bytes, signed } = unsignedDatagram(datagram, security);
      assert.deepEqual(datagram, untouched, "what the engine gets is as it came");
      const standIn = securityReadAgain(security);
      const again = inboundOf(ETH2.index, datagramOf(bytes, signed, standIn), standIn);
      assert.deepEqual(again, inbound);
      outcomes.add(inbound.kind === "drop" ? inbound.reason : `${inbound.kind} ${signed}`);

      const packet = decodeIpv4(new Uint8Array(Buffer.from(bytes, "base64")));
      if (isMalformed(packet) || packet.protocol !== 103) return;
      const signature = signatureOf(packet.payload);
      if (signature === null || isMalformed(signature)) return;
      assert.ok(signature.value.every((byte) => byte === 0));
    }),
    { numRuns: 1_000 },
  );
  for (const outcome of [
    "hpim true",
    "hpim false",
    "igmp false",
    "wrong signature",
    "not signed",
  ]) {
    assert.ok(outcomes.has(outcome), `${outcome} is among ${[...outcomes].join(", ")}`);
  }
});

test("§3: a configuration is read again as it was, with other secrets", (t) => {
  const secretFile = join(directory(t), "secret");
  writeFileSync(secretFile, "swordfish", { mode: 0o600 });
  fc.assert(
    fc.property(anyConfiguration(secretFile), (document) => {
      const loaded = loadConfiguration(JSON.stringify(document));
      fc.pre(loaded.kind === "configuration");
      const again = readAgain(loaded.configuration);
      assert.deepEqual(again, loaded.configuration);
      const probe = new Uint8Array(1);
      for (const [name, { security }] of loaded.configuration.interfaces) {
        for (const [i, key] of security.keys.entries()) {
          const other = again.interfaces.get(name)?.security.keys[i];
          assert.notDeepEqual(
            other?.secret.hmac("sha256", probe),
            key.secret.hmac("sha256", probe),
          );
        }
      }
    }),
    { numRuns: 50 },
  );
});
