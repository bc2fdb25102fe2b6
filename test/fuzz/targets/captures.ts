// Files of captures, of both formats, and what their frames carry. To begin with there are short ones of each kind.
import assert from "node:assert/strict";
import type { Random } from "../../../src/base/random.ts";
import { CaptureReader } from "../../../src/capture/capture-reader.ts";
import type { CapturedFrame } from "../../../src/capture/captured-frame.ts";
import { carriedBy } from "../../../src/capture/link-layer.ts";
import { pick } from "../../../tools/campaign/generate.ts";
import type { Material, Target, Verdict } from "../../../tools/fuzz/target.ts";
import { QUICK } from "../../../tools/fuzz/target.ts";
import { joined, varyBytes } from "../../../tools/fuzz/vary-bytes.ts";
import { Blocks, ETHERNET, ethernet, pcapFile } from "../../support/capture-files.ts";
import { capturedDatagrams } from "../captures.ts";
import { expectSame, magnitude } from "../expect.ts";

const IPV4 = 0x0800;
const VLAN = 0x8100;
const RAW = 101;
/** The header of SLL2 of an IPv4 datagram. */
const COOKED = Uint8Array.from({ length: 20 }, (_, i) => (i === 0 ? 0x08 : 0));
const LINKS: readonly (readonly [linkType: number, (datagram: Uint8Array) => Uint8Array])[] = [
  [ETHERNET, (datagram) => ethernet([IPV4], datagram)],
  [ETHERNET, (datagram) => ethernet([VLAN, IPV4], datagram)],
  [RAW, (datagram) => datagram],
  [276, (datagram) => joined(COOKED, datagram)],
];
const DATAGRAMS = capturedDatagrams().slice(0, 40);

/** A pcapng file of two interfaces, with the frames as blocks of all kinds. */
function blocksFile(isBig: boolean, linkType: number, frames: readonly Uint8Array[]): Uint8Array {
  const blocks = new Blocks(isBig);
  const nano = blocks.option(9, Uint8Array.of(9));
  return joined(
    ...[blocks.section(), blocks.interface(linkType), blocks.interface(linkType, [nano])],
    ...frames.map((frame, i) => {
      if (i % 3 === 0) return blocks.enhanced(i % 2, [i, i], frame);
      return i % 3 === 1 ? blocks.obsolete(i % 2, [i, i], frame) : blocks.simple(frame);
    }),
  );
}

function seeds(): readonly Uint8Array[] {
  return LINKS.flatMap(([linkType, frameOf], i) =>
    [false, true].flatMap((isBig) => {
      const frames = DATAGRAMS.slice(5 * i, 5 * i + 5).map(frameOf);
      const written = frames.map((bytes) => ({ bytes, seconds: 1, ticks: 2 }));
      const file = pcapFile(written, { isBig, linkType, isNano: i % 2 === 0 });
      return [file, blocksFile(isBig, linkType, frames)];
    }),
  );
}

interface Reading {
  readonly frames: readonly CapturedFrame[];
  readonly problem: string | undefined;
}

function read(file: Uint8Array, pieceBytes: number): Reading {
  const reader = new CaptureReader();
  const frames: CapturedFrame[] = [];
  for (let at = 0; at < file.length; at += pieceBytes)
    frames.push(...reader.take(file.subarray(at, at + pieceBytes)));
  return { frames, problem: reader.end()?.problem };
}

function execute(input: Uint8Array): Verdict {
  const whole = read(input, input.length);
  const { frames, problem } = whole;
  expectSame(read(input, 257), whole, "it does not matter in what pieces a file comes");
  let bytes = 0;
  let carried = 0;
  for (const [i, frame] of frames.entries()) {
    assert.equal(frame.number, i + 1);
    bytes += frame.bytes.length;
    const datagram = carriedBy(frame);
    if (datagram === null) continue;
    carried++;
    assert.ok(datagram.bytes.length <= frame.bytes.length, "what is carried is in the frame");
  }
  assert.ok(bytes <= input.length, "frames are in the file");
  // Whatever it begins with, and claims.
  const fault = problem?.replace(/\d+|begins with .*/g, "N");
  const kind = [magnitude(frames.length), magnitude(carried), fault].join(" ");
  return { accepted: frames.length > 0, kind };
}

const WORTHWHILE = [1, 2, 3, 5, 6, 0x0a0d_0d0a, 28, 32, 262_144, 0xffff_ffff] as const;

/** A number of 32 bits set where files have theirs, at a multiple of four bytes. */
function withWord(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < 4) return bytes;
  const changed = bytes.slice();
  const at = 4 * random.below(Math.floor(bytes.length / 4));
  new DataView(changed.buffer).setUint32(at, pick(random, WORTHWHILE), random.below(2) === 0);
  return changed;
}

const vary = (material: Material): Uint8Array =>
  material.random.below(3) === 0 ? withWord(material.input, material.random) : varyBytes(material);

/** Whole files. */
export const target: Target = { ...QUICK, name: "captures", seeds, vary, execute };
