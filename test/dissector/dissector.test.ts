// The dissector in tshark: it says of every frame what "hpim-dm decode" says, whatever has become of the frame.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ALGORITHM_NAMES } from "../../src/api/algorithms.ts";
import { known } from "../../src/base/invariant.ts";
import type { WrittenFrame } from "../support/capture-files.ts";
import { pcapFile } from "../support/capture-files.ts";
import { readCapture, VECTORS } from "../support/pcap.ts";
import { fromRoot } from "../support/root.ts";
import {
  ACKNOWLEDGED_IN,
  ACKNOWLEDGES,
  CONVERSATION,
  NEVER_ACKNOWLEDGED,
  REPEATS,
} from "../vectors/conversation.ts";
import { FRAMES_BY_HAND } from "../vectors/frames-by-hand.ts";
import type { Said } from "../vectors/hand-checked.ts";
import { HAND_CHECKED, withoutRelations } from "../vectors/hand-checked.ts";
import { KEYS, WRITTEN_KEYS } from "../vectors/keys.ts";
import type { Dissected } from "./dissected.ts";
import { decode, dissect, fields, keyPreference, tshark } from "./dissected.ts";
import { mutatedFrames, mutatedMessages } from "./mutations.ts";

/** What the dissector knows; whatever else signs is not checked by it. */
const CHECKED = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];
const isChecked = (key: string): boolean => CHECKED.includes(key.split(":")[1] ?? "");
const NEVER = "Never acknowledged in this capture";
const SEED = 1;

const directory = mkdtempSync(join(tmpdir(), "hpt-dissector-"));
after(() => rmSync(directory, { recursive: true }));

function written(name: string, frames: readonly WrittenFrame[]): string {
  const file = join(directory, name);
  writeFileSync(file, pcapFile(frames));
  return file;
}

const preferences = (keys: readonly string[]): readonly string[] =>
  keys.flatMap((key, i) => keyPreference(key, i + 1));

const decodeOptions = (keys: readonly string[]): readonly string[] =>
  keys.flatMap((key) => ["--key", key]);

const byFrame = <T>(list: readonly T[], frameOf: (one: T) => number): ReadonlyMap<number, T> =>
  new Map(list.map((one) => [frameOf(one), one]));

/** Fails unless the script worked, and marked what is malformed and nothing else. */
function expectMarked({ said, remarks, errors }: Dissected): void {
  assert.equal(errors, "");
  const marks = remarks.filter((remark) => remark.startsWith("Malformed"));
  const expected = said.malformed === undefined ? [] : [`Malformed: ${said.malformed}`];
  assert.deepEqual(marks, expected, JSON.stringify(said));
}

/** Every capture of test/vectors in one file, so that tshark starts once; and which frame of it is which. */
const files = readdirSync(VECTORS).filter((name) => name.endsWith(".pcap"));
const captured = files.flatMap((file) => readCapture(file).map((frame) => ({ file, ...frame })));
const placeOf = new Map(captured.map(({ file, number }, i) => [`${file} ${number}`, i + 1]));
const ALL = written(
  "all.pcap",
  captured.map(({ bytes, micros }) => ({
    ...{ bytes, seconds: Math.floor(micros / 1e6), ticks: micros % 1e6 },
  })),
);
const dissected = dissect(ALL, preferences(WRITTEN_KEYS));

test("every frame of protocol 103 of every capture: as decode has it", () => {
  const decoded = decode(ALL, decodeOptions(WRITTEN_KEYS.filter(isChecked)));
  assert.ok(decoded.length > 1000, `${decoded.length} frames`);
  assert.deepEqual(
    dissected.map(({ said }) => said),
    decoded,
  );
  for (const one of dissected) {
    expectMarked(one);
    assert.equal(one.said.malformed, undefined);
  }
});

test("§2: what was checked by hand, as it was", () => {
  const saidIn = byFrame(dissected, ({ said }) => said.frame);
  for (const { file, said } of HAND_CHECKED) {
    const { said: found } = known(
      saidIn.get(known(placeOf.get(`${file} ${said.frame}`), "a captured frame")),
      `frame ${said.frame} of ${file}`,
    );
    const key = WRITTEN_KEYS.find((one) => one.startsWith(`${said.securityIdentifier}:`));
    const isUnchecked = said.securityValid === true && !isChecked(key ?? "");
    const expected = { ...said, ...(isUnchecked && { securityValid: null }) };
    assert.deepEqual({ ...withoutRelations(found), frame: said.frame }, expected, file);
  }
});

const BY_HAND = written(
  "by-hand.pcap",
  FRAMES_BY_HAND.map(({ bytes }) => ({ bytes })),
);
const byHand = byFrame(dissect(BY_HAND), ({ said }) => said.frame);

for (const [i, { what, said }] of FRAMES_BY_HAND.entries()) {
  test(`§2, frame ${i + 1} by hand: ${what}`, () => {
    const found = byHand.get(i + 1);
    assert.deepEqual(found?.said, said && { frame: i + 1, time: 0, ...said });
    if (found !== undefined) expectMarked(found);
  });
}

test("trees can be filtered by addresses of both families, and by subnets", () => {
  const framesOf = (filter: string): readonly string[] =>
    tshark(BY_HAND, "-Y", filter, "-T", "fields", "-e", "frame.number").trim().split("\n");
  assert.deepEqual(framesOf("hpim.options.tree_source == 10.1.1.100"), ["5"]);
  assert.deepEqual(framesOf("hpim.options.tree_group == ff1e::1"), ["2", "3", "4"]);
  assert.deepEqual(framesOf("hpim.options.tree_source_ipv4 == 10.1.0.0/16"), ["5"]);
  assert.deepEqual(framesOf("hpim.options.tree_source_ipv6 == 2001:db8::/32"), ["2", "3", "4"]);
});

test("docs/captures.md names every filter", () => {
  const [, document = ""] = readFileSync(fromRoot("docs", "captures.md"), "utf8").split(
    "## Wireshark",
  );
  const named = document.match(/`hpim(?:\.[a-z0-9_]+)+`/g)?.map((name) => name.slice(1, -1));
  const there = fields().filter((name) => name.startsWith("hpim."));
  assert.deepEqual(new Set(named), new Set(there));
});

test("PIM version 2 is still dissected as PIM", () => {
  const output = tshark(
    BY_HAND,
    "-Y",
    "pim",
    "-T",
    "fields",
    "-e",
    "frame.number",
    "-e",
    "pim.type",
  );
  assert.equal(output, `${FRAMES_BY_HAND.length}\t0\n`);
});

const isAboutKey = (remark: string): boolean => remark.startsWith("Key ");

test("§3: a signature is right with its key, wrong with another secret, and not checked without a key or the algorithm", () => {
  const algorithms = [...KEYS.values()].map(({ algorithm }) => algorithm);
  assert.ok(ALGORITHM_NAMES.every((name) => algorithms.includes(name)));
  const others = dissect(ALL, preferences(WRITTEN_KEYS.map((key) => `${key}?`)));
  for (const [i, { said }] of dissected.entries()) {
    const key = WRITTEN_KEYS.find((one) => one.startsWith(`${said.securityIdentifier}:`));
    const checked = said.securityLength !== 0 && key !== undefined && isChecked(key);
    assert.equal(said.securityValid, checked ? true : null);
    assert.equal(others[i]?.said.securityValid, checked ? false : null);
    const isUnusable = said.securityLength !== 0 && key !== undefined && !checked;
    assert.deepEqual(dissected[i]?.remarks.filter(isAboutKey).length, isUnusable ? 1 : 0);
    const isRemarked = others[i]?.remarks.includes("The signature is wrong");
    assert.equal(isRemarked, checked);
  }
});

test("§3: of two keys with one identifier, either may sign; a key that cannot be used is remarked", () => {
  const md5 = fileURLToPath(new URL("d1_hmac_md5.pcap", VECTORS));
  const key = known(KEYS.get("d1_hmac_md5.pcap"), "a key");
  const right = `${key.identifier}:md5:${key.secret}`;
  const two = dissect(md5, preferences([`${key.identifier}:sha256:${key.secret}`, right]));
  assert.ok(two.every(({ said, remarks }) => said.securityValid && remarks.length === 0));
  const other = `${key.identifier}:sha3_256:${key.secret}`;
  for (const { said, remarks } of dissect(md5, preferences(["102", right, other]))) {
    assert.equal(said.securityValid, true);
    assert.deepEqual(remarks, [
      "Key 1 is not IDENTIFIER:ALGORITHM:SECRET",
      "Key 3: sha3_256 cannot be checked here",
    ]);
  }
});

test("§8.2: which Ack belongs to what, both ways, and what nobody acknowledged", () => {
  const file = written("conversation.pcap", CONVERSATION);
  const frames = byFrame(dissect(file), ({ said }) => said.frame);
  const at = (frame: number): Dissected => known(frames.get(frame), `frame ${frame}`);
  for (const [frame, acknowledged] of Object.entries(ACKNOWLEDGES))
    assert.equal(at(Number(frame)).said.acknowledges, acknowledged, `frame ${frame}`);
  for (const [frame, acks] of Object.entries(ACKNOWLEDGED_IN)) {
    const { acknowledgedIn, said, remarks } = at(Number(frame));
    assert.deepEqual(acknowledgedIn, acks, `frame ${frame}`);
    assert.equal(said.repeats, REPEATS[Number(frame)]);
    const isNever = NEVER_ACKNOWLEDGED.includes(Number(frame));
    assert.deepEqual(remarks, isNever ? [NEVER] : [], `frame ${frame}`);
  }
  // At its first look tshark does not know what is yet to come.
  const first = tshark(file, "-T", "fields", "-e", "hpim.acknowledges", "-e", "_ws.expert.message");
  assert.equal(first.replace(/\s+/g, " ").trim(), "1 3 7");
});

test("§8.2: Acks of a captured link, as its index has them", () => {
  const file = known(
    files.find((name) => name.startsWith("c9_") && name.endsWith("switch.pcap")),
    "the switch of c9",
  );
  const place = (frame: number): number =>
    known(placeOf.get(`${file} ${frame}`), "a captured frame");
  const said = dissected.find((one) => one.said.frame === place(6));
  assert.deepEqual(said?.acknowledgedIn, [7, 8, 9, 10].map(place));
});

/** What is said of one frame by both. */
interface Both {
  readonly dissected: Dissected | undefined;
  readonly decoded: Said | undefined;
}

/** What both say of frames that may be anything. */
function lookAt(name: string, frames: readonly WrittenFrame[]): ReadonlyMap<number, Both> {
  const file = written(name, frames);
  const keys = WRITTEN_KEYS.filter(isChecked);
  const seen = byFrame(dissect(file, preferences(keys)), ({ said }) => said.frame);
  const decoded = byFrame(decode(file, decodeOptions(keys)), ({ frame }) => frame);
  for (const one of seen.values()) expectMarked(one);
  assert.ok(decoded.size > frames.length / 4, `${decoded.size} frames are of HPIM-DM`);
  return new Map(
    frames.map((_, i) => [i + 1, { dissected: seen.get(i + 1), decoded: decoded.get(i + 1) }]),
  );
}

test("P6: 8,000 messages that have suffered: valid and the same as decode has it, or malformed for the same reason", () => {
  for (const [frame, both] of lookAt("messages.pcap", mutatedMessages(SEED, 8000)))
    assert.deepEqual(both.dissected?.said, both.decoded, `seed ${SEED}, frame ${frame}`);
});

const OWN_REMARKS = /^(?:Malformed: |The signature is wrong|Never acknowledged)/;

/** Of headers of IP, Wireshark has its own opinion: it may look behind a wrong one, with a remark, or not. */
function isOfAnotherOpinion({ dissected: seen, decoded }: Both): boolean {
  if (seen?.remarks.some((remark) => !OWN_REMARKS.test(remark))) return true;
  return decoded?.malformed !== undefined && seen === undefined;
}

test("P6: 4,000 frames that have suffered anywhere: the same, but for what is wrong with their headers of IP", () => {
  for (const [frame, both] of lookAt("frames.pcap", mutatedFrames(SEED, 4000))) {
    if (isOfAnotherOpinion(both)) continue;
    const [a, b] = [both.dissected?.said, both.decoded].map((one) => one && withoutRelations(one));
    assert.deepEqual(a, b, `seed ${SEED}, frame ${frame}`);
  }
});
