// Receives datagrams in batches, each with the interface it arrived on: recvmmsg(2) with IP_PKTINFO. All that the kernel is
// pointed to lies in one arena, which lives as long as the buffer.
import { type InterfaceIndex, interfaceIndex } from "../base/units.ts";
import { monotonicNow } from "./deadline-timer.ts";
import { addressOf, EINTR, recvmmsg } from "./libc.ts";
import { IP_PKTINFO } from "./sockets.ts";

/** So long a turn of the event loop may receive: a flood must starve neither timers nor other sockets. */
const TURN_MILLIS = 5;

/** A batch: what it holds is handled before the time is looked at. Fewer say that there are no more. */
const BATCH = 16;

/** BATCH times struct mmsghdr, then as many struct iovec, control data, and datagrams. */
const HEADER_BYTES = 64;
const IOVECS = BATCH * HEADER_BYTES;
const IOVEC_BYTES = 16;
const CONTROLS = IOVECS + BATCH * IOVEC_BYTES;
const CONTROL_BYTES = 64;
const DATAGRAMS = CONTROLS + BATCH * CONTROL_BYTES;
/** More than the longest IPv4 datagram. */
const DATAGRAM_BYTES = 65536;

/** In struct mmsghdr: how long the control data are, and the datagram that came. */
const CONTROL_LENGTH = 40;
const DATAGRAM_LENGTH = 56;
const CMSG_HEADER_BYTES = 16;

/** Gets one datagram: its interface of arrival, and its bytes, which are the handler's own. */
export type DatagramHandler = (arrival: InterfaceIndex, bytes: Uint8Array) => void;

/** The arena of the datagrams that come in. */
export class ReceiveBuffer {
  readonly #bytes = new Uint8Array(DATAGRAMS + BATCH * DATAGRAM_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);

  constructor() {
    const base = addressOf(this.#bytes);
    for (let slot = 0; slot < BATCH; slot++) {
      const header = slot * HEADER_BYTES;
      const iovec = IOVECS + slot * IOVEC_BYTES;
      this.#view.setBigUint64(header + 16, base + BigInt(iovec), true);
      this.#view.setBigUint64(header + 24, 1n, true);
      this.#view.setBigUint64(header + 32, base + BigInt(CONTROLS + slot * CONTROL_BYTES), true);
      this.#renew(slot);
      this.#view.setBigUint64(iovec, base + BigInt(DATAGRAMS + slot * DATAGRAM_BYTES), true);
      this.#view.setBigUint64(iovec + 8, BigInt(DATAGRAM_BYTES), true);
    }
  }

  /**
   * Hands what has arrived on `fd` to `handler`, not more than is good for one turn; an error of the socket ends it.
   * `afterBatch`: what was handed on is all of a batch; only then may this buffer receive something else.
   */
  receive(fd: number, handler: DatagramHandler, afterBatch: () => unknown = () => undefined): void {
    const end = monotonicNow() + TURN_MILLIS;
    let count: number;
    do {
      count = this.receiveBatch(fd, handler);
      afterBatch();
    } while (count === EINTR || (count === BATCH && monotonicNow() < end));
  }

  /** Hands a batch of what has arrived on `fd` to `handler`. Returns what recvmmsg(2) does. */
  receiveBatch(fd: number, handler: DatagramHandler): number {
    const count = recvmmsg(fd, this.#bytes, BATCH);
    for (let slot = 0; slot < count; slot++) this.#handOn(slot, handler);
    return count;
  }

  #handOn(slot: number, handler: DatagramHandler): void {
    const length = this.#view.getUint32(slot * HEADER_BYTES + DATAGRAM_LENGTH, true);
    const from = DATAGRAMS + slot * DATAGRAM_BYTES;
    const arrival = this.#arrival(slot);
    this.#renew(slot);
    handler(arrival, this.#bytes.slice(from, from + length));
  }

  /** The kernel overwrites with how much it used how much it may use. */
  #renew(slot: number): void {
    this.#view.setUint32(slot * HEADER_BYTES + CONTROL_LENGTH, CONTROL_BYTES, true);
  }

  /** The interface that IP_PKTINFO names, 0 if the kernel left it out. */
  #arrival(slot: number): InterfaceIndex {
    const start = CONTROLS + slot * CONTROL_BYTES;
    const end = start + this.#view.getUint32(slot * HEADER_BYTES + CONTROL_LENGTH, true);
    for (let at = start; at + CMSG_HEADER_BYTES + 4 <= end; ) {
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
