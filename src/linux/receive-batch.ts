// Receives datagrams in batches, each with the interface it arrived on: recvmmsg(2) with IP_PKTINFO.
// Headers, control data and datagrams lie in one arena, which lives as long as the batch: the kernel is given its addresses once.
import { type InterfaceIndex, interfaceIndex } from "../base/units.ts";
import { addressOf, EINTR, recvmmsg } from "./libc.ts";

/** Datagrams of one system call. */
const BATCH = 32;
/** System calls of one turn of the event loop: a flood must not starve the timers. */
const ROUNDS = 8;
/** struct mmsghdr, struct iovec, and room for the control data. */
const HEADER_BYTES = 64;
const IOVEC_BYTES = 16;
const CONTROL_BYTES = 64;
/** More than the longest IPv4 datagram. */
const DATAGRAM_BYTES = 65536;
const IOVECS = BATCH * HEADER_BYTES;
const CONTROLS = IOVECS + BATCH * IOVEC_BYTES;
const DATAGRAMS = CONTROLS + BATCH * CONTROL_BYTES;

const CMSG_HEADER_BYTES = 16;
const IPPROTO_IP = 0;
const IP_PKTINFO = 8;

/** Gets one datagram: its interface of arrival, and its bytes, which are good until the handler returns. */
export type DatagramHandler = (arrival: InterfaceIndex, bytes: Uint8Array) => void;

/** The arena of one socket. */
export class ReceiveBatch {
  readonly #bytes = new Uint8Array(DATAGRAMS + BATCH * DATAGRAM_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);

  constructor() {
    const base = addressOf(this.#bytes);
    for (let i = 0; i < BATCH; i++) {
      const header = i * HEADER_BYTES;
      const iovec = IOVECS + i * IOVEC_BYTES;
      this.#view.setBigUint64(header + 16, base + BigInt(iovec), true);
      this.#view.setBigUint64(header + 24, 1n, true);
      this.#view.setBigUint64(header + 32, base + BigInt(CONTROLS + i * CONTROL_BYTES), true);
      this.#view.setBigUint64(iovec, base + BigInt(DATAGRAMS + i * DATAGRAM_BYTES), true);
      this.#view.setBigUint64(iovec + 8, BigInt(DATAGRAM_BYTES), true);
    }
  }

  /** Hands what has arrived on `fd` to `handler`, at most 256 datagrams; an error of the socket ends the turn. */
  receive(fd: number, handler: DatagramHandler): void {
    for (let round = 0; round < ROUNDS; round++) {
      this.#resetLengths();
      const count = recvmmsg(fd, this.#bytes, BATCH);
      if (count === EINTR) continue;
      for (let i = 0; i < count; i++) {
        const start = DATAGRAMS + i * DATAGRAM_BYTES;
        const length = this.#view.getUint32(i * HEADER_BYTES + 56, true);
        handler(this.#arrival(i), this.#bytes.subarray(start, start + length));
      }
      if (count < BATCH) return;
    }
  }

  /** The kernel overwrites the lengths at each receive. */
  #resetLengths(): void {
    for (let i = 0; i < BATCH; i++) {
      this.#view.setUint32(i * HEADER_BYTES + 40, CONTROL_BYTES, true);
      this.#view.setUint32(i * HEADER_BYTES + 48, 0, true);
    }
  }

  /** The interface that IP_PKTINFO names, 0 if the kernel left it out. */
  #arrival(i: number): InterfaceIndex {
    const start = CONTROLS + i * CONTROL_BYTES;
    const end = start + this.#view.getUint32(i * HEADER_BYTES + 40, true);
    for (let at = start; at + CMSG_HEADER_BYTES + 4 <= end; ) {
      const length = this.#view.getUint32(at, true);
      const level = this.#view.getInt32(at + 8, true);
      const type = this.#view.getInt32(at + 12, true);
      if (level === IPPROTO_IP && type === IP_PKTINFO)
        return interfaceIndex(this.#view.getInt32(at + CMSG_HEADER_BYTES, true));
      at += Math.max(CMSG_HEADER_BYTES, (length + 7) & ~7);
    }
    return interfaceIndex(0);
  }
}
