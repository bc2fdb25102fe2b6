// Captures of Ethernet, as tests make and keep them: their frames, and the IPv4 datagrams in them.
import { readFileSync } from "node:fs";
import { CaptureReader } from "../../src/capture/capture-reader.ts";
import type { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { carriedBy } from "../../src/capture/link-layer.ts";

/** Folder of the captures. */
export const VECTORS: URL = new URL("../../../test/vectors/", import.meta.url);

/** One frame of a capture, or what it carries. */
export interface Frame {
  /** From 1, as tcpdump counts. */
  readonly number: number;
  /** Microseconds of unix time. */
  readonly micros: number;
  readonly bytes: Uint8Array;
}

const LINK_ETHERNET = 1;

/** The frame, which is a whole one of Ethernet, and has a time. Throws if it is not. */
function wholeFrame({ number, nanos, linkType, originalBytes, bytes }: CapturedFrame): Frame {
  if (linkType !== LINK_ETHERNET) throw new Error(`frame ${number} is of link type ${linkType}`);
  if (originalBytes !== bytes.length) throw new Error(`frame ${number} is cut`);
  if (nanos === null) throw new Error(`frame ${number} has no time`);
  return { number, micros: Number(nanos / 1000n), bytes };
}

/** The frames that are whole with these next bytes of a capture. Throws if they are not what tcpdump writes of Ethernet. */
export function nextFrames(reader: CaptureReader, bytes: Uint8Array): readonly Frame[] {
  const frames = reader.take(bytes).map(wholeFrame);
  if (reader.fault !== null) throw new Error(`it ${reader.fault.problem}`);
  return frames;
}

/** The frames of the capture `name` of test/vectors. Throws if it is no such file or a frame in it is cut. */
export function readCapture(name: string): readonly Frame[] {
  const reader = new CaptureReader();
  const frames = nextFrames(reader, readFileSync(new URL(name, VECTORS)));
  const fault = reader.end();
  if (fault !== null) throw new Error(`${name} ${fault.problem}`);
  return frames;
}

/** The IPv4 datagram that `frame` carries, with the frame's number and time, or undefined if it carries none. */
export function ipv4Of(frame: Frame): Frame | undefined {
  const carried = carriedBy({ linkType: LINK_ETHERNET, bytes: frame.bytes });
  return carried?.family === 4 ? { ...frame, bytes: carried.bytes } : undefined;
}

/** The IPv4 datagrams of the capture `name`, with the numbers and times of their frames. */
export const ipv4Datagrams = (name: string): readonly Frame[] =>
  readCapture(name).flatMap((frame) => ipv4Of(frame) ?? []);
