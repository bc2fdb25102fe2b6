// Captures by hand: files of both formats, and frames of several links.
import { joined } from "../../tools/fuzz/vary-bytes.ts";

/** LINKTYPE_ETHERNET. */
export const ETHERNET = 1;

/** How a file is written; by default as tcpdump does it here: little-endian, microseconds, Ethernet. */
export interface FileOptions {
  readonly isBig?: boolean;
  readonly isNano?: boolean;
  readonly linkType?: number;
}

/** What goes into a file. */
export interface WrittenFrame {
  readonly bytes: Uint8Array;
  readonly seconds?: number;
  /** Of the file's resolution. */
  readonly ticks?: number;
  /** More than `bytes`, if the frame was cut. */
  readonly originalBytes?: number;
}

/** Numbers of so many bits each, in one byte order. */
export function words(
  isBig: boolean,
  ...list: readonly (readonly [16 | 32, number])[]
): Uint8Array {
  const bytes = new Uint8Array(list.reduce((sum, [bits]) => sum + bits / 8, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [bits, value] of list) {
    if (bits === 16) view.setUint16(at, value, !isBig);
    else view.setUint32(at, value, !isBig);
    at += bits / 8;
  }
  return bytes;
}

/** A pcap file. */
export function pcapFile(
  frames: readonly WrittenFrame[],
  { isBig = false, isNano = false, linkType = ETHERNET }: FileOptions = {},
): Uint8Array {
  const magic = isNano ? 0xa1b2_3c4d : 0xa1b2_c3d4;
  const header = words(
    isBig,
    ...([
      [32, magic],
      [16, 2],
      [16, 4],
      [32, 0],
      [32, 0],
      [32, 262_144],
      [32, linkType],
    ] as const),
  );
  const records = frames.map(({ bytes, seconds = 0, ticks = 0, originalBytes = bytes.length }) =>
    joined(
      words(isBig, [32, seconds], [32, ticks], [32, bytes.length], [32, originalBytes]),
      bytes,
    ),
  );
  return joined(header, ...records);
}

const padded = (bytes: Uint8Array): Uint8Array => joined(bytes, new Uint8Array(-bytes.length & 3));

/** Blocks of a pcapng file, in one byte order. */
export class Blocks {
  readonly #isBig: boolean;

  constructor(isBig: boolean) {
    this.#isBig = isBig;
  }

  /** Any block: its type and its body, to which it adds padding and both lengths. */
  block(type: number, ...body: readonly Uint8Array[]): Uint8Array {
    const content = padded(joined(...body));
    const length = words(this.#isBig, [32, content.length + 12]);
    return joined(words(this.#isBig, [32, type]), length, content, length);
  }

  section(): Uint8Array {
    const order = words(this.#isBig, [32, 0x1a2b_3c4d], [16, 1], [16, 0]);
    return this.block(0x0a0d_0d0a, order, new Uint8Array(8).fill(0xff));
  }

  option(code: number, value: Uint8Array): Uint8Array {
    return padded(joined(words(this.#isBig, [16, code], [16, value.length]), value));
  }

  interface(linkType: number, options: readonly Uint8Array[] = [], snapLength = 0): Uint8Array {
    return this.block(1, words(this.#isBig, [16, linkType], [16, 0], [32, snapLength]), ...options);
  }

  /** An Enhanced Packet Block; `ticks`: high and low 32 bits. */
  enhanced(
    index: number,
    [high, low]: readonly [number, number],
    bytes: Uint8Array,
    originalBytes: number = bytes.length,
  ): Uint8Array {
    const sizes = [
      [32, bytes.length],
      [32, originalBytes],
    ] as const;
    const head = words(this.#isBig, [32, index], [32, high], [32, low], ...sizes);
    return this.block(
      6,
      head,
      padded(bytes),
      this.option(1, new TextEncoder().encode("a comment")),
    );
  }

  /** A Packet Block, which is obsolete. */
  obsolete(index: number, [high, low]: readonly [number, number], bytes: Uint8Array): Uint8Array {
    const sizes = [
      [32, bytes.length],
      [32, bytes.length],
    ] as const;
    const head = words(this.#isBig, [16, index], [16, 3], [32, high], [32, low], ...sizes);
    return this.block(2, head, bytes);
  }

  /** A Simple Packet Block. */
  simple(bytes: Uint8Array, originalBytes: number = bytes.length): Uint8Array {
    return this.block(3, words(this.#isBig, [32, originalBytes]), bytes);
  }
}

/** An Ethernet frame that carries this, as what the EtherType says, or behind tags. */
export const ethernet = (etherTypes: readonly number[], content: Uint8Array): Uint8Array =>
  joined(
    new Uint8Array(12).fill(2),
    ...etherTypes.slice(0, -1).map((tag) => words(true, [16, tag], [16, 7])),
    words(true, [16, etherTypes.at(-1) ?? 0]),
    content,
  );

/** An IPv6 datagram of this protocol. */
export const ipv6 = (
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  payload: Uint8Array,
): Uint8Array =>
  joined(
    words(true, [32, 0x6c00_0000], [16, payload.length], [16, (protocol << 8) | 1]),
    ...[source, destination, payload],
  );
