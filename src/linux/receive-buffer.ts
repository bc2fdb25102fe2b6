// Receives datagrams, each with the interface it arrived on: recvmsg(2) with IP_PKTINFO. All that the kernel is pointed
// to lies in one arena, which lives as long as the buffer.
import { type InterfaceIndex, interfaceIndex } from "../base/units.ts";
import { monotonicNow } from "./deadline-timer.ts";
import { addressOf, EINTR, recvmsg } from "./libc.ts";
import { IP_PKTINFO } from "./sockets.ts";

/** So long a turn of the event loop may receive: a flood must starve neither timers nor other sockets. */
const TURN_MILLIS = 5;

/** struct msghdr, then struct iovec, the control data, and the datagram. */
const IOVEC = 56;
const CONTROL = IOVEC + 16;
const CONTROL_BYTES = 64;
const DATAGRAM = CONTROL + CONTROL_BYTES;
/** More than the longest IPv4 datagram. */
const DATAGRAM_BYTES = 65536;
const CMSG_HEADER_BYTES = 16;

/** Gets one datagram: its interface of arrival, and its bytes, which are good until the handler returns. */
export type DatagramHandler = (arrival: InterfaceIndex, bytes: Uint8Array) => void;

/** The arena of the datagrams that come in. */
export class ReceiveBuffer {
  readonly #bytes = new Uint8Array(DATAGRAM + DATAGRAM_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);

  constructor() {
    const base = addressOf(this.#bytes);
    this.#view.setBigUint64(16, base + BigInt(IOVEC), true);
    this.#view.setBigUint64(24, 1n, true);
    this.#view.setBigUint64(32, base + BigInt(CONTROL), true);
    this.#view.setBigUint64(IOVEC, base + BigInt(DATAGRAM), true);
    this.#view.setBigUint64(IOVEC + 8, BigInt(DATAGRAM_BYTES), true);
  }

  /** Hands what has arrived on `fd` to `handler`, not more than is good for one turn; an error of the socket ends it. */
  receive(fd: number, handler: DatagramHandler): void {
    const end = monotonicNow() + TURN_MILLIS;
    while (monotonicNow() < end) {
      // The kernel overwrites it.
      this.#view.setBigUint64(40, BigInt(CONTROL_BYTES), true);
      const length = recvmsg(fd, this.#bytes);
      if (length === EINTR) continue;
      if (length < 0) return;
      handler(this.#arrival(), this.#bytes.subarray(DATAGRAM, DATAGRAM + length));
    }
  }

  /** The interface that IP_PKTINFO names, 0 if the kernel left it out. */
  #arrival(): InterfaceIndex {
    const end = CONTROL + this.#view.getUint32(40, true);
    for (let at = CONTROL; at + CMSG_HEADER_BYTES + 4 <= end; ) {
      const length = this.#view.getUint32(at, true);
      const level = this.#view.getInt32(at + 8, true);
      const type = this.#view.getInt32(at + 12, true);
      if (level === IP_PKTINFO.level && type === IP_PKTINFO.name)
        return interfaceIndex(this.#view.getInt32(at + CMSG_HEADER_BYTES, true));
      at += Math.max(CMSG_HEADER_BYTES, (length + 7) & ~7);
    }
    return interfaceIndex(0);
  }
}
