// What the kernel puts into the receive buffer of the multicast routing socket: its filter sees upcalls, and IGMP datagrams
// from their IP header on.
import {
  AND,
  type Instruction,
  JUMP_IF_EQUAL,
  LOAD_BYTE,
  LOAD_WORD,
  RETURN,
} from "./socket-filter.ts";

const ALL_OF_IT = 0xffff_ffff;
const NOTHING = 0;

/** In an IPv4 header; an upcall has 0 in place of the protocol. */
const PROTOCOL = 9;
const DESTINATION = 16;
const HEADER_WITHOUT_OPTIONS = 0x45;

/**
 * Upcalls, and what no socket of an interface gets: IGMP without options, so without Router Alert, to a multicast group
 * outside of 224.0.0.0/24.
 */
export const MROUTE_FILTER: readonly Instruction[] = [
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
