// What the kernel puts into the receive buffer of the multicast routing socket: a program of its socket filter
// (linux/filter.h), which sees upcalls, and IGMP datagrams from their IP header on.

const LOAD_BYTE = 0x30;
const LOAD_WORD = 0x20;
const AND = 0x54;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
const ALL_OF_IT = 0xffff_ffff;
const NOTHING = 0;
const INSTRUCTION_BYTES = 8;

/** In an IPv4 header; an upcall has 0 in place of the protocol. */
const PROTOCOL = 9;
const DESTINATION = 16;
const HEADER_WITHOUT_OPTIONS = 0x45;

/** Operation, how many instructions to skip if it holds and if not, operand. */
type Instruction = readonly [code: number, then: number, otherwise: number, operand: number];

/**
 * Upcalls, and what no socket of an interface gets: IGMP without options, so without Router Alert, to a multicast group
 * outside of 224.0.0.0/24.
 */
const PROGRAM: readonly Instruction[] = [
  [LOAD_BYTE, 0, 0, PROTOCOL],
  [JUMP_IF_EQUAL, 8, 0, 0],
  [LOAD_BYTE, 0, 0, 0],
  [JUMP_IF_EQUAL, 0, 7, HEADER_WITHOUT_OPTIONS],
  [LOAD_WORD, 0, 0, DESTINATION],
  [AND, 0, 0, 0xffff_ff00],
  [JUMP_IF_EQUAL, 4, 0, 0xe000_0000],
  [LOAD_WORD, 0, 0, DESTINATION],
  [AND, 0, 0, 0xf000_0000],
  [JUMP_IF_EQUAL, 0, 1, 0xe000_0000],
  [RETURN, 0, 0, ALL_OF_IT],
  [RETURN, 0, 0, NOTHING],
];

/** How many instructions the program has. */
export const FILTER_LENGTH: number = PROGRAM.length;

/** The program: an array of struct sock_filter. */
export function encodeFilter(): Uint8Array {
  const bytes = new Uint8Array(PROGRAM.length * INSTRUCTION_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, [code, then, otherwise, operand]] of PROGRAM.entries()) {
    const at = i * INSTRUCTION_BYTES;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, then);
    view.setUint8(at + 3, otherwise);
    view.setUint32(at + 4, operand, true);
  }
  return bytes;
}
