// Programs of socket filters (linux/filter.h): what the kernel puts into a socket's receive buffer, and how much of it.
import { addressOf } from "./libc.ts";
import { SOL_SOCKET, setOption } from "./sockets.ts";

export const LOAD_BYTE = 0x30;
export const LOAD_WORD = 0x20;
export const AND = 0x54;
export const JUMP_IF_EQUAL = 0x15;
export const JUMP_IF_GREATER = 0x25;
export const RETURN = 0x06;

const SO_ATTACH_FILTER = { level: SOL_SOCKET, name: 26 };
const INSTRUCTION_BYTES = 8;

/** Operation, how many instructions to skip if it holds and if not, operand (struct sock_filter). */
export type Instruction = readonly [code: number, then: number, otherwise: number, operand: number];

/** The program as an array of struct sock_filter. */
export function encodeFilter(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * INSTRUCTION_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, [code, then, otherwise, operand]] of program.entries()) {
    const at = i * INSTRUCTION_BYTES;
    view.setUint16(at, code, true);
    view.setUint8(at + 2, then);
    view.setUint8(at + 3, otherwise);
    view.setUint32(at + 4, operand, true);
  }
  return bytes;
}

/** Has the socket filter what it receives. `what`: the socket, in words. Throws HostError. */
export function attachFilter(fd: number, program: readonly Instruction[], what: string): void {
  const bytes = encodeFilter(program);
  // struct sock_fprog.
  const about = new Uint8Array(16);
  const view = new DataView(about.buffer);
  view.setUint16(0, program.length, true);
  view.setBigUint64(8, addressOf(bytes), true);
  setOption(fd, SO_ATTACH_FILTER, about, `cannot set up ${what}`);
}
