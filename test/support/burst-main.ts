// A process that sends one numbered packet to each of many groups, back to back. Arguments: the first group, how many.
import { createSocket } from "node:dgram";
import { encodePacket, SMALLEST_PAYLOAD_BYTES } from "../../src/lab/traffic-packet.ts";
import { groupsFrom } from "./groups.ts";

const [first = "", count = ""] = process.argv.slice(2);
const socket = createSocket({ type: "udp4", lookup: (name, _, found) => found(null, name, 4) });
await new Promise<void>((resolve) => socket.bind(0, resolve));
socket.setMulticastTTL(12);
const sent = groupsFrom(first, Number(count)).map((group, index) => {
  const packet = { flow: index + 1, sequence: 1, sentNanos: process.hrtime.bigint() };
  const payload = encodePacket(packet, SMALLEST_PAYLOAD_BYTES);
  return new Promise<void>((resolve, reject) => {
    socket.send(payload, 10_000, group, (error) => (error === null ? resolve() : reject(error)));
  });
});
await Promise.all(sent);
socket.close();
