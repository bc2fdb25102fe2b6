// hpim-dm decode: what it says of captures of every kind, to programs and to people, and of what is none.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ip } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import { Acknowledgements } from "../../src/cli/decode/acknowledgements.ts";
import { instantOf, secondsOf } from "../../src/cli/decode/time.ts";
import { joined } from "../../tools/fuzz/vary-bytes.ts";
import { Blocks, ETHERNET, pcapFile } from "../support/capture-files.ts";
import { COMMAND, runCommand, runProgram } from "../support/command.ts";
import { readCapture, VECTORS } from "../support/pcap.ts";
import {
  ACKNOWLEDGES,
  CONVERSATION,
  NEVER_ACKNOWLEDGED,
  REPEATS,
} from "../vectors/conversation.ts";
import { FRAMES_BY_HAND } from "../vectors/frames-by-hand.ts";
import type { Said } from "../vectors/hand-checked.ts";
import { HAND_CHECKED, withoutRelations } from "../vectors/hand-checked.ts";
import { KEYS, WRITTEN_KEYS } from "../vectors/keys.ts";

const directory = mkdtempSync(join(tmpdir(), "hpt-decode-"));
after(() => rmSync(directory, { recursive: true }));

const place = (name: string): string => join(directory, name);

function written(name: string, bytes: Uint8Array | string): string {
  writeFileSync(place(name), bytes);
  return place(name);
}

const captured = (name: string): string => fileURLToPath(new URL(name, VECTORS));

const decode = (file: string, ...options: readonly string[]) =>
  runCommand("decode", file, ...options);

/** What is said of a file without a fault. */
async function jsonOf(file: string, ...options: readonly string[]): Promise<readonly Said[]> {
  const { code, out, err } = await decode(file, "--json", ...options);
  assert.deepEqual([code, err], [0, ""]);
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("§2, §3: what was checked by hand, in its files, with the keys", async () => {
  const keys = WRITTEN_KEYS.flatMap((key) => ["--key", key]);
  for (const file of new Set(HAND_CHECKED.map((one) => one.file))) {
    const said = await jsonOf(captured(file), ...keys);
    for (const expected of HAND_CHECKED.filter((one) => one.file === file)) {
      const found = said.find(({ frame }) => frame === expected.said.frame);
      assert.deepEqual(found && withoutRelations(found), expected.said, file);
    }
  }
  const types = new Set(HAND_CHECKED.map(({ said }) => (said as { type?: string }).type));
  assert.equal(types.size, 7);
});

test("§3: a signature is right with its key, wrong with another secret, and not checked without a key", async () => {
  const frames = [...KEYS.keys()].flatMap(readCapture);
  const file = written("signed", pcapFile(frames.map(({ bytes }) => ({ bytes }))));
  const keys = [...KEYS.values()].map(({ identifier, algorithm, secret }) => ({
    ...{ name: `${identifier}:${algorithm}`, secret },
  }));
  const validities = async (...options: readonly string[]) => {
    const said = await jsonOf(file, ...options);
    const signed = said.filter(({ securityLength }) => securityLength !== 0);
    assert.equal(
      new Set(signed.map(({ securityIdentifier }) => securityIdentifier)).size,
      KEYS.size,
    );
    return new Set(signed.map(({ securityValid }) => securityValid));
  };
  const others = keys.flatMap(({ name }) => ["--key", `${name}:other`]);
  const inFiles = keys.flatMap(({ name, secret }) => [
    ...["--key-file", `${name}:${written(name, `${secret}\n`)}`],
  ]);
  assert.deepEqual(await validities(...inFiles), new Set([true]));
  assert.deepEqual(await validities(...others), new Set([false]));
  assert.deepEqual(await validities(...others, ...inFiles), new Set([true]));
  assert.deepEqual(await validities("--key", "99:md5:secret"), new Set([null]));
});

test("§2: frames by hand, from a file and from the standard input", async () => {
  const file = written("by-hand", pcapFile(FRAMES_BY_HAND.map(({ bytes }) => ({ bytes }))));
  const expected = FRAMES_BY_HAND.flatMap(({ said }, i) =>
    said === undefined ? [] : { frame: i + 1, time: 0, ...said },
  );
  assert.deepEqual(await jsonOf(file), expected);
  const piped = `cat "${file}" | "${process.execPath}" "${COMMAND}" decode - --json`;
  const { out } = await runProgram("bash", ["-c", piped]);
  assert.equal(out, (await decode(file, "--json")).out);
});

test("a capture is the same whatever other programs make of it", async () => {
  const file = captured("d1_hmac_sha256.pcap");
  const expected = (await decode(file, "--json")).out;
  for (const format of ["pcapng", "nsecpcap"]) {
    const { code } = await runProgram("editcap", ["-F", format, file, place(format)]);
    assert.equal(code, 0);
    assert.equal((await decode(place(format), "--json")).out, expected);
  }
});

const LITTLE = new Blocks(false);
const [HELLO_6] = FRAMES_BY_HAND;

test("pcapng: interfaces of several links and clocks; a time that nobody has written is null", async () => {
  assert.ok(HELLO_6 !== undefined);
  const frame = HELLO_6.bytes;
  const raw = frame.subarray(14);
  const nanoseconds = LITTLE.option(9, Uint8Array.of(9));
  const file = written(
    "interfaces",
    joined(
      ...[LITTLE.section(), LITTLE.interface(ETHERNET), LITTLE.interface(101, [nanoseconds])],
      LITTLE.enhanced(0, [0x00060000, 7], frame),
      LITTLE.enhanced(1, [0x18000000, 7], raw),
      LITTLE.simple(frame),
    ),
  );
  const { out } = await decode(file, "--json");
  const times = out.split("\n").flatMap((line) => /"time":([^,]*),/.exec(line)?.[1] ?? []);
  assert.deepEqual(times, ["1688849860.263943", "1729382256.910270471", "null"]);
  const texts = (await decode(file)).out.split("\n").map((line) => line.slice(0, 39));
  assert.deepEqual(texts.slice(0, 3), [
    "     1  2023-07-08 20:57:40.263943  fe8",
    "     2  2024-10-19 23:57:36.910270471  ",
    "     3  (no time)  fe80::1 > ff02::d   ",
  ]);
});

test("instants keep all their digits, and there are some that no calendar has", () => {
  assert.equal(secondsOf(1_700_000_000_000_001_000n), "1700000000.000001");
  assert.equal(secondsOf(1_700_000_000_000_000_001n), "1700000000.000000001");
  assert.equal(secondsOf(-1_500_000_000n), "-1.500000");
  assert.equal(instantOf(0n), "1970-01-01 00:00:00.000000");
  assert.equal(instantOf(-1n), "-0.000000001");
  assert.equal(instantOf(10n ** 30n), "1000000000000000000000.000000");
});

test("§8.2: which Ack belongs to what, and at the end what nobody acknowledged", async () => {
  const file = written("conversation", pcapFile(CONVERSATION));
  for (const { frame, repeats, acknowledges } of await jsonOf(file)) {
    assert.equal(repeats, REPEATS[frame]);
    assert.equal(acknowledges, ACKNOWLEDGES[frame]);
  }
  const { out } = await decode(file);
  const lines = out.split("\n").map((line) => line.replace(/ {2,}/g, " | "));
  const at = " | 1970-01-01 00:00:00.000000 | ";
  const tree = "(10.1.1.100, 239.1.1.1)";
  assert.equal(
    lines[2],
    ` | 3${at}10.0.0.1 > 224.0.0.13 | IamUpstream | again what frame 1 says, ${tree}, RPC 4/20, SN 5, BootTime 1700000000`,
  );
  assert.equal(
    lines[3],
    ` | 4${at}10.0.0.3 > 10.0.0.1 | Ack | acknowledges frame 3, ${tree}, NeighborSN 5, NeighborBootTime 1700000000, MySSN 2, NeighborSSN 1, BootTime 1700000000`,
  );
  assert.match(lines[5] ?? "", /Ack \| acknowledges nothing captured/);
  const end = lines.indexOf("Never acknowledged in this capture:");
  assert.equal(end, CONVERSATION.length + 1);
  const frames = lines.slice(end + 1, -1).map((line) => Number(/\d+/.exec(line)?.[0]));
  assert.deepEqual(frames, NEVER_ACKNOWLEDGED);
});

test("for people: trees line by line, signatures, what is malformed, and how much was PIM's", async () => {
  const file = written("story", pcapFile(FRAMES_BY_HAND.map(({ bytes }) => ({ bytes }))));
  const { out } = await decode(file);
  const has = (text: string): void => assert.ok(out.includes(text), `${text}\n${out}`);
  has(
    "Hello                HoldTime 1 s, CheckpointSN 7, HoldTimeMillis 200, BootTime 1795375735\n",
  );
  has("SyncSN 3, leader, trees: 1, MySSN 5, NeighborSSN 4, NeighborBootTime 1795375736, BootTime");
  has("\n          (2001:db8::64, ff1e::1), RPC 4/20\n");
  has("10.2.2.1 > 10.2.2.2       malformed: truncated security value\n");
  has("\nMessages of PIM, which are not shown: 1.\n");
  const signed = captured("d1_hmac_md5.pcap");
  const texts = await Promise.all(
    [[], ["--key", "102:md5:K3y-md5-!"], ["--key", "102:md5:other"]].map((options) =>
      decode(signed, ...options),
    ),
  );
  assert.deepEqual(
    texts.map((text) => /signature .*/.exec(text.out)?.[0]),
    ["signature not checked (key 102)", "signature right (key 102)", "signature wrong (key 102)"],
  );
  const goodbye = await decode(captured("a2_graceful_ri_then_readd_R1-R2.pcap"));
  assert.match(goodbye.out, /HoldTime 0 s, goodbye, BootTime/);
});

test("a frame that was cut is malformed, and says from where to where, as far as that is left", async () => {
  assert.ok(HELLO_6 !== undefined);
  const { bytes } = HELLO_6;
  const cut = (kept: number) => ({
    ...{ bytes: bytes.subarray(0, kept), originalBytes: bytes.length },
  });
  const file = written(
    "cut",
    pcapFile([cut(bytes.length - 1), cut(14 + 39), cut(14 + 10), cut(12)]),
  );
  const said = (frame: number, source: string | null, destination: string | null) => ({
    ...{ frame, time: 0, source, destination, malformed: "cut by the capture" },
  });
  assert.deepEqual(await jsonOf(file), [
    ...[said(1, "fe80::1", "ff02::d"), said(2, "fe80::1", null), said(3, null, null)],
  ]);
  assert.match((await decode(file)).out, /\? > \? +malformed: cut by the capture/);
});

const TWO = pcapFile(FRAMES_BY_HAND.slice(0, 2).map(({ bytes }) => ({ bytes })));

for (const [what, bytes, lines, error] of [
  ["ends within a frame", TWO.subarray(0, -1), 1, "ends too early, within frame 2"],
  ["is a text", "Hello, router\n", 1, "is no capture (pcap or pcapng): it begins with 48656c6c"],
  ["is empty", "", 1, "is no capture (pcap or pcapng): it is empty"],
  [
    "is of other links",
    joined(
      ...[LITTLE.section(), LITTLE.interface(105), LITTLE.interface(ETHERNET)],
      LITTLE.enhanced(0, [0, 0], new Uint8Array(60)),
      LITTLE.enhanced(1, [0, 0], HELLO_6?.bytes ?? new Uint8Array()),
    ),
    1,
    "has frames of links that are not known here (1, such as link type 105): known are Ethernet, raw IP and Linux cooked",
  ],
] as const) {
  test(`a file that ${what}: what could be read, and one line why not more`, async () => {
    const file = written("broken", bytes);
    const { code, out, err } = await decode(file);
    assert.deepEqual([code, err], [1, `hpim-dm: ${file} ${error}.\n`]);
    assert.equal(out.trimEnd().split("\n").length, lines);
    const json = await decode(file, "--json");
    assert.deepEqual([json.code, json.err], [code, err]);
  });
}

test("what cannot be opened, or used as a key, is said in one line", async () => {
  const absent = place("absent");
  const { code, err } = await decode(absent);
  assert.equal(code, 1);
  assert.match(err, /^hpim-dm: .*absent cannot be read: ENOENT.*\n$/);
  const file = written("two", TWO);
  const noFile = await decode(file, "--key-file", `7:sha256:${absent}`);
  assert.match(noFile.err, /^hpim-dm: .*absent cannot be read: ENOENT.*\n$/);
  const empty = written("empty", "\n");
  const noSecret = await decode(file, "--key-file", `7:sha256:${empty}`);
  assert.deepEqual(
    [noSecret.code, noSecret.err],
    [1, `hpim-dm: The secret in ${empty} is empty.\n`],
  );
});

for (const key of [
  "7:sha256",
  "7:sha256:",
  "65536:md5:secret",
  "seven:md5:secret",
  "7:md9:secret",
]) {
  test(`wrong usage ends with 2: --key ${key}`, async () => {
    const { code, err } = await decode("-", "--key", key);
    assert.equal(code, 2);
    assert.match(err, /--key/);
  });
}

test("whoever reads may have had enough: no error", async () => {
  const file = captured("b3_sync_200trees_mtu_frag_R1-R2.pcap");
  const pipe = `set -o pipefail; "${process.execPath}" "${COMMAND}" decode "${file}" | true`;
  assert.deepEqual(await runProgram("bash", ["-c", pipe]), { code: 0, out: "", err: "" });
});

test("P7: of any number of messages, so many are followed as fit; of the others it is known how many nobody acknowledged", () => {
  const acknowledgements = new Acknowledgements();
  const [source, destination] = [ip("10.0.0.1"), ip("10.0.0.2")];
  const tree = { source: ip("10.1.1.1"), group: ip("239.1.1.1") };
  const boot = bootTime(1_700_000_000);
  const note = (frame: number) =>
    acknowledgements.note({
      ...{ frame, nanos: null, source, destination },
      content: {
        kind: "message",
        message: { kind: "interest", bootTime: boot, ...tree, sn: sequenceNumber(frame) },
        security: { identifier: 0, lengthBytes: 0, isRight: null },
      },
    });
  for (let frame = 1; frame <= 70_000; frame++) note(frame);
  assert.equal([...acknowledgements.unacknowledged()].length, 65_536);
  assert.equal(acknowledgements.forgotten, 70_000 - 65_536);
});
