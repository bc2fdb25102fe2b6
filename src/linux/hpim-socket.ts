// The raw socket of IP protocol 103, one for all interfaces.
// It joins nothing itself: a socket may join 20 groups (igmp_max_memberships), and gets what any socket of the machine
// has joined (IP_MULTICAST_ALL, on by default). See memberships.ts.
import type { OutgoingDatagram } from "../daemon/host.ts";
import { close, watch } from "./libc.ts";
import { type DatagramHandler, ReceiveBatch } from "./receive-batch.ts";
import type { SendBuffer } from "./send-buffer.ts";
import { AF_INET, configureRouting, growReceiveBuffer, openSocket, SOCK_RAW } from "./sockets.ts";

const IPPROTO_HPIM = 103;
const RECEIVE_BUFFER_BYTES = 8 << 20;
const WHAT = "the socket of the protocol (IP protocol 103)";

/** Sends and receives the protocol's datagrams. */
export class HpimSocket {
  readonly #fd: number;
  readonly #batch = new ReceiveBatch();

  /** Throws HostError. */
  constructor() {
    this.#fd = openSocket(AF_INET, SOCK_RAW, IPPROTO_HPIM, WHAT);
    try {
      configureRouting(this.#fd, WHAT);
      growReceiveBuffer(this.#fd, RECEIVE_BUFFER_BYTES);
    } catch (error) {
      close(this.#fd);
      throw error;
    }
  }

  /** Hands every whole IP datagram that arrives to `handler`, from now on. */
  start(handler: DatagramHandler): void {
    watch(this.#fd, () => this.#batch.receive(this.#fd, handler));
  }

  /** Sends through `buffer`. `name`: the interface's, for the message. Throws HostError. */
  send(buffer: SendBuffer, datagram: OutgoingDatagram, name: string): void {
    buffer.send(this.#fd, datagram, name);
  }

  close(): void {
    close(this.#fd);
  }
}
