// Packets of a sender to itself, before those that are measured: V8 interprets what has just been loaded, and the first
// packets of a flow would be sent a millisecond late each.
import { createSocket } from "node:dgram";
import { encodePacket, SMALLEST_PAYLOAD_BYTES } from "../traffic/packet.ts";

const PACKETS = 100;

/** Sends packets by the loopback, one after the other. Where there is no loopback, none. */
export function warmUp(): Promise<void> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    let sent = 0;
    const end = (): void => {
      socket.close();
      resolve();
    };
    const send = (): void => {
      sent++;
      const sentNanos = process.hrtime.bigint();
      const payload = encodePacket({ flow: 0, sequence: sent, sentNanos }, SMALLEST_PAYLOAD_BYTES);
      socket.send(payload, (error) => {
        if (error) end();
      });
    };
    socket.on("error", end);
    socket.on("message", () => {
      if (sent < PACKETS) send();
      else end();
    });
    socket.bind(0, "127.0.0.1", () => socket.connect(socket.address().port, "127.0.0.1", send));
  });
}
