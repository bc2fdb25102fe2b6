// Reads captures: little-endian microsecond pcap files of Ethernet frames.
import { readFileSync } from "node:fs";

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

const MAGIC_MICROSECONDS = 0xa1b2_c3d4;
const LINK_ETHERNET = 1;
/** Bytes before the first frame of a capture. */
export const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const ETHERNET_HEADER_BYTES = 14;
const ETHERTYPE_IPV4 = 0x0800;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The whole frames at the beginning of a capture, and how many of its bytes they take. */
export interface CaptureStart {
  readonly frames: readonly Frame[];
  readonly length: number;
}

/**
 * The whole frames of a capture's `bytes` after its file header; the first gets the number `first`. A frame that is
 * not whole yet is left out. Throws if a frame was cut when it was captured.
 */
export function framesAt(bytes: Uint8Array, first: number): CaptureStart {
  const view = viewOf(bytes);
  const frames: Frame[] = [];
  let offset = 0;
  while (offset + RECORD_HEADER_BYTES <= bytes.length) {
    const captured = view.getUint32(offset + 8, true);
    const start = offset + RECORD_HEADER_BYTES;
    if (start + captured > bytes.length) break;
    const number = first + frames.length;
    if (view.getUint32(offset + 12, true) !== captured) throw new Error(`frame ${number} is cut`);
    const micros = view.getUint32(offset, true) * 1e6 + view.getUint32(offset + 4, true);
    offset = start + captured;
    frames.push({ number, micros, bytes: bytes.subarray(start, offset) });
  }
  return { frames, length: offset };
}

/** Throws unless `header` begins a little-endian microsecond capture of Ethernet; its name is `name`. */
export function checkFileHeader(header: Uint8Array, name: string): void {
  const view = viewOf(header);
  if (view.getUint32(0, true) !== MAGIC_MICROSECONDS || view.getUint32(20, true) !== LINK_ETHERNET)
    throw new Error(`${name} is not a little-endian microsecond capture of Ethernet`);
}

/** The frames of the capture `name` of test/vectors. Throws if it is no such file or a frame in it is cut. */
export function readCapture(name: string): readonly Frame[] {
  const file = readFileSync(new URL(name, VECTORS));
  checkFileHeader(file, name);
  const records = file.subarray(FILE_HEADER_BYTES);
  const { frames, length } = framesAt(records, 1);
  if (length !== records.length) throw new Error(`${name}: frame ${frames.length + 1} is cut`);
  return frames;
}

/** The IPv4 datagram that `frame` carries, with the frame's number and time, or undefined if it carries none. */
export function ipv4Of(frame: Frame): Frame | undefined {
  if (viewOf(frame.bytes).getUint16(ETHERNET_HEADER_BYTES - 2) !== ETHERTYPE_IPV4) return undefined;
  return { ...frame, bytes: frame.bytes.subarray(ETHERNET_HEADER_BYTES) };
}

/** The IPv4 datagrams of the capture `name`, with the numbers and times of their frames. */
export const ipv4Datagrams = (name: string): readonly Frame[] =>
  readCapture(name).flatMap((frame) => ipv4Of(frame) ?? []);
