// Captures of both formats, in pieces of any size, whole and broken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CaptureReader } from "../../src/capture/capture-reader.ts";
import type { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { joined } from "../../tools/fuzz/vary-bytes.ts";
import { hex } from "../support/bytes.ts";
import type { FileOptions } from "../support/capture-files.ts";
import { Blocks, ETHERNET, pcapFile, words } from "../support/capture-files.ts";

interface Reading {
  readonly frames: readonly CapturedFrame[];
  readonly problem: string | undefined;
}

/** What there is in a file that comes in pieces of this size. */
function read(file: Uint8Array, pieceBytes: number = file.length): Reading {
  const reader = new CaptureReader();
  const frames: CapturedFrame[] = [];
  for (let at = 0; at < file.length; at += pieceBytes)
    frames.push(...reader.take(file.subarray(at, at + pieceBytes)));
  return { frames, problem: reader.end()?.problem };
}

/** The same, in whatever pieces it comes. */
function readAnyhow(file: Uint8Array): Reading {
  const whole = read(file);
  for (const pieceBytes of [1, 2, 3, 5, 16, 33]) assert.deepEqual(read(file, pieceBytes), whole);
  return whole;
}

const FIRST = hex("0102030405");
const SECOND = hex("0607");
const REST = { linkType: ETHERNET, originalBytes: 5, bytes: FIRST };

for (const isBig of [false, true]) {
  for (const isNano of [false, true]) {
    const options: FileOptions = { isBig, isNano, linkType: 276 };
    test(`pcap: ${JSON.stringify(options)}`, () => {
      const file = pcapFile(
        [
          { bytes: FIRST, seconds: 0xffff_ffff, ticks: 123_456 },
          { bytes: SECOND, seconds: 1, ticks: 1, originalBytes: 1500 },
        ],
        options,
      );
      const tick = isNano ? 1n : 1000n;
      assert.deepEqual(readAnyhow(file), {
        frames: [
          {
            ...{ number: 1, nanos: 4_294_967_295_000_000_000n + 123_456n * tick, linkType: 276 },
            ...{ originalBytes: 5, bytes: FIRST },
          },
          {
            number: 2,
            nanos: 1_000_000_000n + tick,
            linkType: 276,
            originalBytes: 1500,
            bytes: SECOND,
          },
        ],
        problem: undefined,
      });
    });
  }
}

test("pcap: what stands beside the link type does not count", () => {
  const file = pcapFile([{ bytes: FIRST }], { linkType: 0x2400_0001 });
  assert.equal(read(file).frames[0]?.linkType, ETHERNET);
});

for (const isBig of [false, true]) {
  const blocks = new Blocks(isBig);
  const order = isBig ? "big-endian" : "little-endian";

  test(`pcapng, ${order}: frames of all kinds, among other blocks`, () => {
    const file = joined(
      ...[blocks.section(), blocks.block(4, FIRST), blocks.interface(ETHERNET)],
      blocks.enhanced(0, [0, 1_000_001], FIRST, 9),
      ...[blocks.block(0x8000_0001, SECOND), blocks.obsolete(0, [1, 0], FIRST)],
      ...[blocks.simple(FIRST), blocks.block(5, new Uint8Array(4000))],
    );
    assert.deepEqual(readAnyhow(file), {
      frames: [
        { ...REST, number: 1, nanos: 1_000_001_000n, originalBytes: 9 },
        { ...REST, number: 2, nanos: 2n ** 32n * 1000n },
        { ...REST, number: 3, nanos: null },
      ],
      problem: undefined,
    });
  });

  test(`pcapng, ${order}: each interface has its link type and its clock`, () => {
    const ofResolution = (...bytes: readonly number[]): Uint8Array =>
      blocks.option(9, Uint8Array.from(bytes));
    const offset = (seconds: readonly [number, number]): Uint8Array =>
      blocks.option(
        14,
        words(
          isBig,
          ...(isBig ? seconds : [...seconds].reverse()).map((one) => [32, one] as const),
        ),
      );
    const name = blocks.option(2, new TextEncoder().encode("eth0"));
    const clocks: readonly (readonly [readonly Uint8Array[], bigint])[] = [
      [[], 3_000_000n],
      [[name, ofResolution(9)], 3000n],
      [[ofResolution(0)], 3_000_000_000_000n],
      [[ofResolution(12)], 3n],
      [[ofResolution(0x80 | 10)], 2_929_687_500n],
      [[ofResolution(3), offset([0, 2]), name], 5_000_000_000n],
      [[offset([0xffff_ffff, 0xffff_ffff])], -997_000_000n],
      // An option of a wrong length, and one that is not whole.
      [[ofResolution(9, 9)], 3_000_000n],
      [[words(isBig, [16, 9], [16, 8]), hex("09000000")], 3_000_000n],
      [[words(isBig, [16, 0], [16, 0])], 3_000_000n],
    ];
    const file = joined(
      blocks.section(),
      ...clocks.map(([options], i) => blocks.interface(100 + i, options)),
      ...clocks.map((_, i) => blocks.enhanced(i, [0, 3000], FIRST)),
    );
    const { frames, problem } = readAnyhow(file);
    assert.equal(problem, undefined);
    assert.deepEqual(
      frames.map(({ linkType, nanos }) => [linkType, nanos]),
      clocks.map(([, nanos], i) => [100 + i, nanos]),
    );
  });

  test(`pcapng, ${order}: a Simple Packet Block is cut to what the first interface captures`, () => {
    const file = joined(
      blocks.section(),
      blocks.interface(ETHERNET, [], 3),
      blocks.simple(FIRST, 77),
    );
    assert.deepEqual(read(file).frames, [
      {
        number: 1,
        nanos: null,
        linkType: ETHERNET,
        originalBytes: 77,
        bytes: FIRST.subarray(0, 3),
      },
    ]);
  });

  test(`pcapng, ${order}: a section of the other byte order has interfaces of its own, and numbers go on`, () => {
    const other = new Blocks(!isBig);
    const file = joined(
      ...[blocks.section(), blocks.interface(ETHERNET), blocks.enhanced(0, [0, 1], FIRST)],
      ...[other.section(), other.interface(101), other.enhanced(0, [0, 2], SECOND)],
      other.section(),
      other.enhanced(0, [0, 3], SECOND),
    );
    const { frames, problem } = readAnyhow(file);
    assert.deepEqual(
      frames.map(({ number, linkType, nanos }) => [number, linkType, nanos]),
      [
        [1, ETHERNET, 1000n],
        [2, 101, 2000n],
      ],
    );
    assert.equal(problem, "is corrupted: frame 3 is of interface 0, which it does not describe");
  });
}

const LITTLE = new Blocks(false);
const SECTION = LITTLE.section();
const AT = joined(SECTION, LITTLE.interface(ETHERNET));
const FRAME = LITTLE.enhanced(0, [0, 1], FIRST);
const PCAP = pcapFile([{ bytes: FIRST }, { bytes: SECOND }]);

/** `bytes` with a number of 32 bits set. */
function withWord(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed.set(words(false, [32, value]), offset);
  return changed;
}

for (const [what, file, frames, problem] of [
  ["nothing", new Uint8Array(), 0, "is no capture (pcap or pcapng): it is empty"],
  ["three bytes", hex("d4c3b2"), 0, "ends too early, within its header"],
  ["a program", hex("7f454c4602"), 0, "is no capture (pcap or pcapng): it begins with 7f454c46"],
  ["gzip", hex("1f8b080000"), 0, "is no capture (pcap or pcapng): it is compressed (gzip)"],
  ["half a header", PCAP.subarray(0, 20), 0, "ends too early, within its header"],
  ["only a header", PCAP.subarray(0, 24), 0, undefined],
  ["half a record's header", PCAP.subarray(0, 30), 0, "ends too early, within frame 1"],
  ["half a second frame", PCAP.subarray(0, -1), 1, "ends too early, within frame 2"],
  [
    "another version",
    withWord(PCAP, 4, 3),
    0,
    "is no capture (pcap or pcapng): version 3 of pcap is not known",
  ],
  [
    "a giant frame",
    withWord(PCAP, 24 + 16 + 5 + 8, 262_145),
    1,
    "is corrupted: frame 2 claims 262145 bytes",
  ],
  [
    "the largest frame",
    withWord(PCAP, 24 + 16 + 5 + 8, 262_144),
    1,
    "ends too early, within frame 2",
  ],
  ["half a section", SECTION.subarray(0, 10), 0, "ends too early, within the header of a section"],
  ["only a section", SECTION, 0, undefined],
  [
    "no byte order",
    withWord(SECTION, 8, 1),
    0,
    "is corrupted: the header of a section has no byte order",
  ],
  [
    "a short section",
    withWord(SECTION, 4, 24),
    0,
    "is corrupted: the header of a section is too short",
  ],
  ["pcapng 2", withWord(SECTION, 12, 2), 0, "is corrupted: version 2 of pcapng is not known"],
  [
    "another end of a section",
    withWord(SECTION, 24, 32),
    0,
    "is corrupted: the lengths at both ends of a block differ",
  ],
  ["half a type", joined(AT, FRAME, hex("0600")), 1, "ends too early, within a block"],
  ["half a length", joined(AT, FRAME.subarray(0, 6)), 0, "ends too early, within a block"],
  ["half a frame", joined(AT, FRAME.subarray(0, 30)), 0, "ends too early, within frame 1"],
  ["half of the options", joined(AT, FRAME.subarray(0, 44)), 1, "ends too early, within a block"],
  [
    "an odd block",
    joined(AT, withWord(FRAME, 4, 61)),
    0,
    "is corrupted: a block of type 6 claims 61 bytes",
  ],
  [
    "an empty block",
    joined(AT, withWord(FRAME, 4, 8)),
    0,
    "is corrupted: a block of type 6 claims 8 bytes",
  ],
  [
    "a short frame",
    joined(AT, withWord(FRAME, 4, 28)),
    0,
    "is corrupted: a block of type 6 is too short",
  ],
  [
    "a short old frame",
    joined(AT, LITTLE.block(2, FIRST)),
    0,
    "is corrupted: a block of type 2 is too short",
  ],
  [
    "a short simple frame",
    joined(AT, LITTLE.block(3)),
    0,
    "is corrupted: a block of type 3 is too short",
  ],
  [
    "a short interface",
    joined(SECTION, LITTLE.block(1, SECOND)),
    0,
    "is corrupted: a block of type 1 is too short",
  ],
  [
    "a frame longer than its block",
    joined(AT, withWord(FRAME, 20, 30)),
    0,
    "is corrupted: frame 1 claims 30 bytes",
  ],
  [
    "a frame of no interface",
    joined(SECTION, FRAME),
    0,
    "is corrupted: frame 1 is of interface 0, which it does not describe",
  ],
  [
    "another end",
    joined(AT, withWord(FRAME, FRAME.length - 4, 4)),
    1,
    "is corrupted: the lengths at both ends of a block differ",
  ],
  [
    "a giant frame in a giant block",
    joined(AT, withWord(withWord(FRAME, 4, 0xffff_fff0), 20, 262_145)),
    0,
    "is corrupted: frame 1 claims 262145 bytes",
  ],
  [
    "a giant interface",
    joined(SECTION, withWord(LITTLE.interface(ETHERNET), 4, 0xffff_fff0)),
    0,
    "is corrupted: the description of an interface claims 4294967268 bytes",
  ],
  [
    "too many interfaces",
    joined(SECTION, ...new Array<Uint8Array>(4097).fill(LITTLE.interface(ETHERNET))),
    0,
    "is corrupted: it claims more than 4096 interfaces",
  ],
] as const) {
  test(`what can be read of ${what}, and why no more`, () => {
    const reading = what === "too many interfaces" ? read(file) : readAnyhow(file);
    assert.equal(reading.frames.length, frames);
    assert.equal(reading.problem, problem);
  });
}

test("nothing is read, nor kept, behind a fault; of a giant block that tells of other things nothing is kept", () => {
  const reader = new CaptureReader();
  const problem = () => reader.fault?.problem;
  assert.equal(problem(), undefined);
  assert.deepEqual(reader.take(hex("7f454c4602")), []);
  assert.deepEqual(reader.take(PCAP), []);
  assert.match(problem() ?? "", /no capture/);
  assert.match(reader.end()?.problem ?? "", /no capture/);

  const skipping = new CaptureReader();
  const head = joined(AT, words(false, [32, 5], [32, 0xffff_fff0]));
  assert.deepEqual(skipping.take(head), []);
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 2000; i++) skipping.take(new Uint8Array(100_000));
  assert.ok(process.memoryUsage().arrayBuffers - before < 150_000_000);
  assert.equal(skipping.end()?.problem, "ends too early, within a block");
});
