// How a file is parsed of which only a piece is there at a time: a parser asks for its next bytes, or hands out a frame.
import type { CapturedFrame } from "./captured-frame.ts";

/** Why a file cannot be read any further. */
export interface CaptureFault {
  readonly kind: "fault";
  /** "is no capture", "ends too early" or "is corrupted", with what there is to say of it; without the name of the file. */
  readonly problem: string;
}

/** What a parser waits for. */
export type Wait =
  /** So many bytes. `of`: what they belong to. `mayEnd`: the file may end before the first of them. */
  | {
      readonly kind: "bytes";
      readonly count: number;
      readonly of: string;
      readonly mayEnd: boolean;
    }
  /** To pass over so many bytes. */
  | { readonly kind: "skip"; readonly count: number; readonly of: string };

/** What a parser does next: it waits, or hands out a frame. */
export type Want = Wait | { readonly kind: "frame"; readonly frame: CapturedFrame };

/** A parser. What it is given, after it has asked for bytes, are these bytes. */
export type Parsing<Result> = Generator<Want, Result, Uint8Array>;

/** Frames and blocks that claim to be longer are not believed: as much as tcpdump and Wireshark ever capture of a frame. */
export const LONGEST_BYTES = 262_144;

/** The next bytes, which belong to something that has begun. */
export function* bytes(count: number, of: string): Parsing<Uint8Array> {
  return yield { kind: "bytes", count, of, mayEnd: false };
}

/** The next bytes, which begin something new, if there is any more. */
export function* firstBytes(count: number, of: string): Parsing<Uint8Array> {
  return yield { kind: "bytes", count, of, mayEnd: true };
}

/** The fault of a file whose bytes cannot be right. */
export const corrupted = (what: string): CaptureFault => ({
  kind: "fault",
  problem: `is corrupted: ${what}`,
});

/** The fault of a file that is something else. */
export const noCapture = (what: string): CaptureFault => ({
  kind: "fault",
  problem: `is no capture (pcap or pcapng): ${what}`,
});

/** Reads numbers in the byte order of whoever wrote the file; they are there. */
export interface Numbers {
  readonly u8: (from: Uint8Array, offset: number) => number;
  readonly u16: (from: Uint8Array, offset: number) => number;
  readonly u32: (from: Uint8Array, offset: number) => number;
  readonly u64: (from: Uint8Array, offset: number) => bigint;
}

const viewOf = (from: Uint8Array): DataView =>
  new DataView(from.buffer, from.byteOffset, from.byteLength);

/** Numbers of a file of this byte order. */
export const numbers = (isLittle: boolean): Numbers => ({
  u8: (from, offset) => viewOf(from).getUint8(offset),
  u16: (from, offset) => viewOf(from).getUint16(offset, isLittle),
  u32: (from, offset) => viewOf(from).getUint32(offset, isLittle),
  u64: (from, offset) => viewOf(from).getBigUint64(offset, isLittle),
});
