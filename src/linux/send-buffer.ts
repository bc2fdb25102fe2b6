// Sends one datagram out of a named interface with a named source: sendmsg(2) with IP_PKTINFO, so that one socket serves
// all interfaces. All that the kernel is pointed to lies in one arena, which lives as long as the buffer.
import { type Address, formatAddress, writeAddress } from "../base/address.ts";
import { invariant } from "../base/invariant.ts";
import type { OutgoingDatagram } from "../daemon/host.ts";
import { addressOf, hostError, sendmsg } from "./libc.ts";
import { AF_INET, IPPROTO_IP } from "./sockets.ts";

/** struct msghdr, then struct iovec, struct sockaddr_in, the control data, and the payload. */
const IOVEC = 56;
const NAME = IOVEC + 16;
const NAME_BYTES = 16;
const CONTROL = NAME + NAME_BYTES;
const CONTROL_BYTES = 32;
const PAYLOAD = CONTROL + CONTROL_BYTES;
const PAYLOAD_BYTES = 65536;
const IP_PKTINFO = 8;
/** struct cmsghdr and struct in_pktinfo, without the padding at the end. */
const CONTROL_MESSAGE_BYTES = 28;

/** The arena of the datagrams that go out. */
export class SendBuffer {
  readonly #bytes = new Uint8Array(PAYLOAD + PAYLOAD_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);

  constructor() {
    const base = addressOf(this.#bytes);
    this.#view.setBigUint64(0, base + BigInt(NAME), true);
    this.#view.setUint32(8, NAME_BYTES, true);
    this.#view.setBigUint64(16, base + BigInt(IOVEC), true);
    this.#view.setBigUint64(24, 1n, true);
    this.#view.setBigUint64(32, base + BigInt(CONTROL), true);
    this.#view.setBigUint64(40, BigInt(CONTROL_BYTES), true);
    this.#view.setBigUint64(IOVEC, base + BigInt(PAYLOAD), true);
    this.#view.setUint16(NAME, AF_INET, true);
    this.#view.setBigUint64(CONTROL, BigInt(CONTROL_MESSAGE_BYTES), true);
    this.#view.setInt32(CONTROL + 8, IPPROTO_IP, true);
    this.#view.setInt32(CONTROL + 12, IP_PKTINFO, true);
  }

  /** Sends `datagram` on the raw socket `fd`. `name`: the interface's, for the message. Throws HostError. */
  send(fd: number, datagram: OutgoingDatagram, name: string): void {
    const { source, destination, payload } = datagram;
    invariant(payload.length <= PAYLOAD_BYTES, "a payload fits an IP datagram");
    const result = this.#send(fd, datagram);
    if (result < 0) throw hostError("sendmsg", result, sentence(source, destination, name));
  }

  #send(fd: number, datagram: OutgoingDatagram): number {
    this.#bytes.set(datagram.payload, PAYLOAD);
    // The lower half of 64 bits: the upper one stays 0.
    this.#view.setInt32(IOVEC + 8, datagram.payload.length, true);
    writeAddress(this.#bytes, NAME + 4, datagram.destination);
    this.#view.setInt32(CONTROL + 16, datagram.interface, true);
    writeAddress(this.#bytes, CONTROL + 20, datagram.source);
    return sendmsg(fd, this.#bytes);
  }
}

const sentence = (source: Address, destination: Address, name: string): string =>
  `cannot send from ${formatAddress(source)} to ${formatAddress(destination)} on ${name}`;
