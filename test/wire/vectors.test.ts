// Captures of hpim-dm 1.5.1: every message decodes, and encodes to the same bytes. What there is to find is read from INDEX.md.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { internetChecksum } from "../../src/wire/checksum.ts";
import type { DecodedMessage } from "../../src/wire/hpim.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/hpim.ts";
import { decodeIgmp, encodeIgmp } from "../../src/wire/igmp.ts";
import type { Ipv4Datagram } from "../../src/wire/ip.ts";
import { decodeIpv4, encodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { SECURITY_VALUE_OFFSET } from "../../src/wire/signature.ts";
import { hex } from "../support/bytes.ts";
import type { Frame } from "../support/pcap.ts";
import { ipv4Datagrams, ipv4Of, readCapture, VECTORS } from "../support/pcap.ts";

/** What INDEX.md says of a capture. */
interface Entry {
  readonly name: string;
  readonly frames: number;
  /** Frames by type. */
  readonly counts: ReadonlyMap<string, number>;
  /** The HPIM-DM frames, "4 Hello; 7-10 Sync"; whole unless it ends with "...". */
  readonly listing: string;
}

const INDEX = readFileSync(new URL("INDEX.md", VECTORS), "utf8");
const ENTRIES: readonly Entry[] = [
  ...INDEX.matchAll(/^- `(\S+\.pcap)` \((\d+) frames; ([^)]*)\).*\n {2}- (.*)$/gm),
].map(([, name = "", frames = "", counts = "", listing = ""]) => ({
  name,
  frames: Number(frames),
  counts: new Map(
    [...counts.matchAll(/([A-Za-z/]+) (\d+)/g)].map(([, type = "", count]) => [
      type,
      Number(count),
    ]),
  ),
  listing,
}));
/** Security identifiers by algorithm. */
const IDENTIFIERS = new Map(
  [...INDEX.matchAll(/^- (\w+): id (\d+), key/gm)].map(([, name = "", id]) => [name, Number(id)]),
);
const DIGEST_BYTES: ReadonlyMap<string, number> = new Map([
  ["blake2b", 64],
  ["blake2s", 32],
  ["md5", 16],
  ["sha1", 20],
  ["sha224", 28],
  ["sha256", 32],
  ["sha384", 48],
  ["sha3_224", 28],
  ["sha3_256", 32],
  ["sha3_384", 48],
  ["sha3_512", 64],
  ["sha512", 64],
]);

const UDP = 17;
const IGMP = 2;
const HPIM = 103;

function datagramOf(bytes: Uint8Array): Ipv4Datagram {
  const datagram = decodeIpv4(bytes);
  assert.ok(!isMalformed(datagram), JSON.stringify(datagram));
  return datagram;
}

function messageOf(payload: Uint8Array): DecodedMessage {
  const decoded = decodeMessage(payload, 4);
  assert.ok(!isMalformed(decoded), JSON.stringify(decoded));
  return decoded;
}

/** The HPIM-DM messages of a capture, with the datagrams that they came in. */
const messagesOf = (name: string): readonly (DecodedMessage & Ipv4Datagram)[] =>
  ipv4Datagrams(name)
    .map(({ bytes }) => datagramOf(bytes))
    .filter(({ protocol }) => protocol === HPIM)
    .map((datagram) => ({ ...datagram, ...messageOf(datagram.payload) }));

/** The type of a frame in the words of INDEX.md. */
function typeOf(frame: Frame): string {
  const ipv4 = ipv4Of(frame);
  if (ipv4 === undefined) return "ARP/other";
  const { protocol, payload } = datagramOf(ipv4.bytes);
  if (protocol === UDP) return "UDP";
  if (protocol === IGMP) return "IGMP";
  assert.equal(protocol, HPIM);
  const { kind } = messageOf(payload).message;
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}

/** The frames of HPIM-DM types as INDEX.md lists them: neighbors of one type as a range. */
function listingOf(types: readonly string[]): string {
  const runs: { first: number; last: number; type: string }[] = [];
  types.forEach((type, i) => {
    if (["ARP/other", "IGMP", "UDP"].includes(type)) return;
    const run = runs.at(-1);
    if (run?.last === i && run.type === type) run.last = i + 1;
    else runs.push({ first: i + 1, last: i + 1, type });
  });
  return runs
    .map(({ first, last, type }) => `${first === last ? first : `${first}-${last}`} ${type}`)
    .join("; ");
}

test("INDEX.md names every capture", () => {
  const files = readdirSync(VECTORS).filter((name) => name.endsWith(".pcap"));
  assert.deepEqual(ENTRIES.map(({ name }) => name).sort(), files.sort());
  assert.ok(files.length > 0);
});

for (const { name, frames, counts, listing } of ENTRIES) {
  test(`§2 ${name}: messages by type`, () => {
    const types = readCapture(name).map(typeOf);
    assert.equal(types.length, frames);
    const found = new Map<string, number>();
    for (const type of types) found.set(type, (found.get(type) ?? 0) + 1);
    assert.deepEqual(found, counts);
    if (!listing.endsWith("...")) assert.equal(listingOf(types), listing);
    else assert.ok(listingOf(types).startsWith(listing.slice(0, -" ...".length)));
  });

  test(`§2 ${name}: every message encodes to the same bytes`, () => {
    for (const { bytes } of ipv4Datagrams(name)) {
      const { protocol, payload } = datagramOf(bytes);
      if (protocol === HPIM) {
        const { message, signature } = messageOf(payload);
        const { identifier, value } = signature ?? { identifier: 0, value: new Uint8Array(0) };
        const room = signature && { identifier, lengthBytes: value.length };
        const encoded = encodeMessage(message, room);
        encoded.set(value, SECURITY_VALUE_OFFSET);
        assert.deepEqual(encoded, Uint8Array.from(payload));
      }
      if (protocol === IGMP) {
        const message = decodeIgmp(payload);
        assert.ok(!isMalformed(message), JSON.stringify(message));
        assert.deepEqual(encodeIgmp(message), Uint8Array.from(payload));
      }
    }
  });

  test(`RFC 791 ${name}: header checksums are right, and headers without identification encode to the same bytes`, () => {
    for (const { bytes } of ipv4Datagrams(name)) {
      const datagram = datagramOf(bytes);
      assert.equal(internetChecksum(bytes.subarray(0, datagram.routerAlert ? 24 : 20)), 0);
      const encoded = encodeIpv4(datagram);
      // Identification, and with it the checksum, is the sender's choice.
      if (bytes[4] === 0 && bytes[5] === 0) assert.deepEqual(encoded, Uint8Array.from(bytes));
    }
  });
}

for (const [algorithm, identifier] of IDENTIFIERS) {
  test(`§3 d1_hmac_${algorithm}: every message carries identifier ${identifier} and a digest's length`, () => {
    const messages = messagesOf(`d1_hmac_${algorithm}.pcap`);
    assert.ok(messages.length > 0);
    for (const { signature } of messages) {
      assert.equal(signature?.identifier, identifier);
      assert.equal(signature.value.length, DIGEST_BYTES.get(algorithm));
    }
  });
}

test("§3: there is a capture for every algorithm", () => {
  assert.deepEqual([...IDENTIFIERS.keys()].sort(), [...DIGEST_BYTES.keys()].sort());
});

test("§3 d2: the messages of R1 alone are signed, with identifier 7", () => {
  for (const { source, signature } of messagesOf("d2_hmac_oneside_only_R1_sha256_R1-R2.pcap")) {
    assert.equal(signature?.identifier, source === ip("10.2.2.1") ? 7 : undefined);
  }
});

/** Trees in each Sync of a capture that carries any. */
const treesPerSync = (name: string): readonly number[] =>
  messagesOf(name).flatMap(({ message }) =>
    message.kind === "sync" && message.part.more ? [message.part.entries.length] : [],
  );

test("§6.3 b1, b3: trees per Sync", () => {
  assert.deepEqual(treesPerSync("b1_sync_25trees_oneside_frag5_R1-R2.pcap"), [5, 5, 5, 5, 5]);
  assert.deepEqual(treesPerSync("b3_sync_200trees_mtu_frag_R1-R2.pcap"), [91, 91, 18]);
});

test("§5.1 a2: R2's goodbye has HoldTime 0 and no CheckpointSN", () => {
  const goodbyes = messagesOf("a2_graceful_ri_then_readd_R1-R2.pcap").filter(
    ({ message }) => message.kind === "hello" && message.options.holdTimeSeconds === 0,
  );
  assert.deepEqual(
    goodbyes.map(({ message }) => "options" in message && message.options),
    [{ holdTimeSeconds: 0 }],
  );
});

test("RFC 3376 §4.2: a Linux host's first report, with Router Alert", () => {
  const messages = ipv4Datagrams("a1_hello_sync_notrees_R1-R2.pcap")
    .map(({ bytes }) => datagramOf(bytes))
    .filter(({ protocol }) => protocol === IGMP);
  for (const { routerAlert, payload } of messages) {
    assert.ok(routerAlert);
    assert.deepEqual(payload.subarray(0, 1), Buffer.from(hex("22")));
    assert.deepEqual(decodeIgmp(payload), {
      kind: "version3Report",
      records: [
        {
          type: payload[8] === 4 ? "toExclude" : "isExclude",
          group: ip("224.0.0.13"),
          sources: [],
        },
      ],
    });
  }
  assert.equal(messages.length, 4);
});
