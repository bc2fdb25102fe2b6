// Sends Ethernet frames out of a device, as they are (packet(7)).
import { bind, close, EAGAIN, ENOBUFS, hostError, send } from "../../src/linux/libc.ts";
import { openSocket, SOCK_RAW } from "../../src/linux/sockets.ts";

const AF_PACKET = 17;
/** struct sockaddr_ll. */
const ADDRESS_BYTES = 20;

/** A packet socket that receives nothing. */
export class PacketSocket {
  readonly #fd: number;

  /** `index`: the device's, in the namespace of this process. */
  constructor(index: number) {
    // Protocol 0: nothing is received.
    this.#fd = openSocket(AF_PACKET, SOCK_RAW, 0, "a packet socket");
    const address = new Uint8Array(ADDRESS_BYTES);
    const view = new DataView(address.buffer);
    view.setUint16(0, AF_PACKET, true);
    view.setInt32(4, index, true);
    const bound = bind(this.#fd, address);
    if (bound < 0) throw hostError("bind", bound, `cannot bind to interface ${index}`);
  }

  /** Sends a frame, whatever it takes. */
  send(frame: Uint8Array): void {
    let result = send(this.#fd, frame);
    while (result === EAGAIN || result === ENOBUFS) result = send(this.#fd, frame);
    if (result < 0) throw hostError("send", result, `cannot send ${frame.length} bytes`);
  }

  close(): void {
    close(this.#fd);
  }
}
