// Files of the newer format (draft-ietf-opsawg-pcapng): blocks, in sections; each frame is of an interface of its section,
// which says what link it is at and how its clock counts. Blocks that tell of other things are passed over.
import type { CaptureFault, Numbers, Parsing } from "./parsing.ts";
import { bytes, corrupted, firstBytes, LONGEST_BYTES, numbers } from "./parsing.ts";

/** An interface that frames were captured at. */
interface Interface {
  readonly linkType: number;
  /** Frames of Simple Packet Blocks are cut to so many bytes; 0: to no number. */
  readonly snapLength: number;
  readonly ticksPerSecond: bigint;
  readonly offsetSeconds: bigint;
}

/** What is known where the next block begins. `frames`: how many there have been in the file. */
interface Section {
  readonly numbers: Numbers;
  readonly interfaces: readonly Interface[];
  readonly frames: number;
}

/** A block that has been read, and how many bytes of it are left, without its last four. */
interface BlockRead {
  readonly section: Section;
  readonly left: number;
}

const SECTION_HEADER = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION = 1;
const PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;

/** Type, and length at both ends. */
const FRAME_OF_BLOCK_BYTES = 12;
const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
const REST_OF_SECTION_HEADER_BYTES = 16;
const INTERFACE_BYTES = 8;
const PACKET_BYTES = 20;
const VERSION = 1;
const MOST_INTERFACES = 4096;

const OPTION_HEADER_BYTES = 4;
const TIME_RESOLUTION = 9;
const TIME_OFFSET = 14;
const MICROSECONDS = 6;
const NANOS_PER_SECOND = 1_000_000_000n;

const isFault = (read: BlockRead | CaptureFault): read is CaptureFault => "problem" in read;

/** Whether a file that begins so is of this format. `magic`: its first four bytes, big-endian. */
export const isPcapng = (magic: number): boolean => magic === SECTION_HEADER;

/** if_tsresol: the highest bit tells powers of 2 from those of 10. */
const ticksPerSecond = (resolution: number): bigint =>
  resolution < 0x80 ? 10n ** BigInt(resolution) : 2n ** BigInt(resolution & 0x7f);

/** What the options of an interface say of its clock; what is not whole says nothing. */
function clockOf(
  options: Uint8Array,
  { u8, u16, u64 }: Numbers,
): Pick<Interface, "ticksPerSecond" | "offsetSeconds"> {
  let resolution = MICROSECONDS;
  let offsetSeconds = 0n;
  for (let at = 0; at + OPTION_HEADER_BYTES <= options.length; ) {
    const code = u16(options, at);
    const length = u16(options, at + 2);
    const value = at + OPTION_HEADER_BYTES;
    if (value + length > options.length) break;
    if (code === TIME_RESOLUTION && length === 1) resolution = u8(options, value);
    if (code === TIME_OFFSET && length === 8)
      offsetSeconds = BigInt.asIntN(64, u64(options, value));
    at = value + 4 * Math.ceil(length / 4);
  }
  return { ticksPerSecond: ticksPerSecond(resolution), offsetSeconds };
}

const tooShort = (type: number): CaptureFault => corrupted(`a block of type ${type} is too short`);

function* readInterface(section: Section, left: number): Parsing<BlockRead | CaptureFault> {
  const { u16, u32 } = section.numbers;
  if (left < INTERFACE_BYTES) return tooShort(INTERFACE_DESCRIPTION);
  if (left > LONGEST_BYTES)
    return corrupted(`the description of an interface claims ${left} bytes`);
  if (section.interfaces.length === MOST_INTERFACES)
    return corrupted(`it claims more than ${MOST_INTERFACES} interfaces`);
  const body = yield* bytes(left, "the description of an interface");
  const described = {
    linkType: u16(body, 0),
    snapLength: u32(body, 4),
    ...clockOf(body.subarray(INTERFACE_BYTES), section.numbers),
  };
  return { section: { ...section, interfaces: [...section.interfaces, described] }, left: 0 };
}

/** The head of a block with a frame. */
interface PacketHead {
  readonly interfaceNumber: number;
  readonly ticks: bigint | null;
  readonly capturedBytes: number;
  readonly originalBytes: number;
}

/** The frame that follows its head; `left` bytes of the block are left, with the frame. */
function* readFrame(
  section: Section,
  left: number,
  { interfaceNumber, ticks, capturedBytes, originalBytes }: PacketHead,
): Parsing<BlockRead | CaptureFault> {
  const number = section.frames + 1;
  const at = section.interfaces[interfaceNumber];
  if (at === undefined)
    return corrupted(
      `frame ${number} is of interface ${interfaceNumber}, which it does not describe`,
    );
  if (capturedBytes > Math.min(left, LONGEST_BYTES))
    return corrupted(`frame ${number} claims ${capturedBytes} bytes`);
  const content = yield* bytes(capturedBytes, `frame ${number}`);
  const nanos =
    ticks === null
      ? null
      : at.offsetSeconds * NANOS_PER_SECOND + (ticks * NANOS_PER_SECOND) / at.ticksPerSecond;
  const { linkType } = at;
  yield { kind: "frame", frame: { number, nanos, linkType, originalBytes, bytes: content } };
  return { section: { ...section, frames: number }, left: left - capturedBytes };
}

/** An Enhanced Packet Block, or a Packet Block, which is obsolete and counts packets that were lost before it. */
function* readPacket(
  section: Section,
  left: number,
  type: number,
): Parsing<BlockRead | CaptureFault> {
  const { u16, u32 } = section.numbers;
  if (left < PACKET_BYTES) return tooShort(type);
  const head = yield* bytes(PACKET_BYTES, `frame ${section.frames + 1}`);
  return yield* readFrame(section, left - PACKET_BYTES, {
    interfaceNumber: type === PACKET ? u16(head, 0) : u32(head, 0),
    ticks: (BigInt(u32(head, 4)) << 32n) | BigInt(u32(head, 8)),
    capturedBytes: u32(head, 12),
    originalBytes: u32(head, 16),
  });
}

/** A Simple Packet Block: of the first interface, without a time. */
function* readSimplePacket(section: Section, left: number): Parsing<BlockRead | CaptureFault> {
  if (left < 4) return tooShort(SIMPLE_PACKET);
  const head = yield* bytes(4, `frame ${section.frames + 1}`);
  const originalBytes = section.numbers.u32(head, 0);
  const snapLength = section.interfaces[0]?.snapLength || originalBytes;
  return yield* readFrame(section, left - 4, {
    interfaceNumber: 0,
    ticks: null,
    capturedBytes: Math.min(originalBytes, snapLength, left - 4),
    originalBytes,
  });
}

function* readBlock(
  section: Section,
  type: number,
  left: number,
): Parsing<BlockRead | CaptureFault> {
  switch (type) {
    case INTERFACE_DESCRIPTION:
      return yield* readInterface(section, left);
    case PACKET:
    case ENHANCED_PACKET:
      return yield* readPacket(section, left, type);
    case SIMPLE_PACKET:
      return yield* readSimplePacket(section, left);
    default:
      return { section, left };
  }
}

/** A Section Header Block, behind its type: length, byte order, and more that does not matter here. */
function* readSectionHeader(
  frames: number,
): Parsing<(BlockRead & { readonly length: number }) | CaptureFault> {
  const head = yield* bytes(8, "the header of a section");
  const order = [true, false].map(numbers).find(({ u32 }) => u32(head, 4) === BYTE_ORDER_MAGIC);
  if (order === undefined) return corrupted("the header of a section has no byte order");
  const length = order.u32(head, 0);
  const left = length - FRAME_OF_BLOCK_BYTES - 4;
  if (left < REST_OF_SECTION_HEADER_BYTES - 4)
    return corrupted("the header of a section is too short");
  const version = order.u16(yield* bytes(4, "the header of a section"), 0);
  if (version !== VERSION) return corrupted(`version ${version} of pcapng is not known`);
  return { section: { numbers: order, interfaces: [], frames }, left: left - 4, length };
}

/** The next block of a section, behind its type, and the length that it claims. */
function* readOther(
  section: Section,
  type: number,
): Parsing<(BlockRead & { readonly length: number }) | CaptureFault> {
  const length = section.numbers.u32(yield* bytes(4, "a block"), 0);
  if (length < FRAME_OF_BLOCK_BYTES || length % 4 !== 0)
    return corrupted(`a block of type ${type} claims ${length} bytes`);
  const read = yield* readBlock(section, type, length - FRAME_OF_BLOCK_BYTES);
  return isFault(read) ? read : { ...read, length };
}

/** Parses what follows the first four bytes, which are the type of the first block, until there is a fault. */
export function* parsePcapng(): Parsing<CaptureFault> {
  let read = yield* readSectionHeader(0);
  for (;;) {
    if (isFault(read)) return read;
    const { section, left, length } = read;
    const { u32 } = section.numbers;
    yield { kind: "skip", count: left, of: "a block" };
    if (u32(yield* bytes(4, "a block"), 0) !== length)
      return corrupted("the lengths at both ends of a block differ");
    const type = u32(yield* firstBytes(4, "a block"), 0);
    read = yield* type === SECTION_HEADER
      ? readSectionHeader(section.frames)
      : readOther(section, type);
  }
}
