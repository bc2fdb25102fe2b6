// Files of the classic format (pcap-savefile(5)): a header, then records of one link type.
import type { CaptureFault, Numbers, Parsing } from "./parsing.ts";
import { bytes, corrupted, firstBytes, LONGEST_BYTES, noCapture, numbers } from "./parsing.ts";

/** What the first four bytes say of a file of this format. */
export interface PcapKind {
  readonly numbers: Numbers;
  /** Of the smaller part of a time. */
  readonly nanosPerTick: bigint;
}

const REST_OF_HEADER_BYTES = 20;
const RECORD_HEADER_BYTES = 16;
const VERSION = 2;
const NANOS_PER_SECOND = 1_000_000_000n;
/** The other bits tell of frame check sequences. */
const LINK_TYPE_MASK = 0xffff;

const LITTLE = numbers(true);
const BIG = numbers(false);

/** By the first four bytes, as a big-endian number. */
const KINDS: ReadonlyMap<number, PcapKind> = new Map([
  [0xa1b2_c3d4, { numbers: BIG, nanosPerTick: 1000n }],
  [0xd4c3_b2a1, { numbers: LITTLE, nanosPerTick: 1000n }],
  [0xa1b2_3c4d, { numbers: BIG, nanosPerTick: 1n }],
  [0x4d3c_b2a1, { numbers: LITTLE, nanosPerTick: 1n }],
]);

/** The kind of a file by `magic`, its first four bytes, big-endian; undefined: it is not of this format. */
export const pcapKindOf = (magic: number): PcapKind | undefined => KINDS.get(magic);

/** Parses what follows the first four bytes, until there is a fault. */
export function* parsePcap(kind: PcapKind): Parsing<CaptureFault> {
  const { u16, u32 } = kind.numbers;
  const header = yield* bytes(REST_OF_HEADER_BYTES, "its header");
  const version = u16(header, 0);
  if (version !== VERSION) return noCapture(`version ${version} of pcap is not known`);
  const linkType = u32(header, 16) & LINK_TYPE_MASK;
  let number = 0;
  for (;;) {
    number++;
    const record = yield* firstBytes(RECORD_HEADER_BYTES, `frame ${number}`);
    const captured = u32(record, 8);
    if (captured > LONGEST_BYTES) return corrupted(`frame ${number} claims ${captured} bytes`);
    const nanos =
      BigInt(u32(record, 0)) * NANOS_PER_SECOND + BigInt(u32(record, 4)) * kind.nanosPerTick;
    const originalBytes = u32(record, 12);
    const content = yield* bytes(captured, `frame ${number}`);
    yield { kind: "frame", frame: { number, nanos, linkType, originalBytes, bytes: content } };
  }
}
