// Sends Ethernet frames out of a device, as they are: a packet socket (packet(7)), in the namespace it runs in.
import { bind, close, EAGAIN, ENOBUFS, hostError, send } from "../../src/linux/libc.ts";
import { openSocket, SOCK_RAW } from "../../src/linux/sockets.ts";
import { serve } from "./driver-process.ts";

const AF_PACKET = 17;
/** struct sockaddr_ll. */
const ADDRESS_BYTES = 20;
const [index = "0"] = process.argv.slice(2);

// Protocol 0: nothing is received.
const fd = openSocket(AF_PACKET, SOCK_RAW, 0, "a packet socket");
const address = new Uint8Array(ADDRESS_BYTES);
const view = new DataView(address.buffer);
view.setUint16(0, AF_PACKET, true);
view.setInt32(4, Number(index), true);
const bound = bind(fd, address);
if (bound < 0) throw hostError("bind", bound, `cannot bind to interface ${index}`);

function sendFrame(frame: Uint8Array): void {
  let result = send(fd, frame);
  while (result === EAGAIN || result === ENOBUFS) result = send(fd, frame);
  if (result < 0) throw hostError("send", result, `cannot send ${frame.length} bytes`);
}

serve(
  (_, [frames]) => {
    for (const frame of frames as readonly Uint8Array[]) sendFrame(frame);
  },
  () => close(fd),
);
