// A multicast application for a test: sends and receives UDP, in the namespace it runs in.
import { createSocket } from "node:dgram";
import { emit, serve } from "./driver-process.ts";

const PORT = 5000;
const socket = createSocket({ type: "udp4", reuseAddr: true });
socket.on("message", (message) => emit(`got ${message}`));
socket.bind(PORT, () => emit("ready"));

const methods: Readonly<Record<string, (...args: string[]) => void>> = {
  /** Joins a group on the interface that has this address. */
  join: (group = "", local = "") => socket.addMembership(group, local),
  leave: (group = "", local = "") => socket.dropMembership(group, local),
  /** Sends one datagram with TTL 8 out of the interface that has this address. */
  send: (text = "", group = "", local = "") => {
    socket.setMulticastInterface(local);
    socket.setMulticastTTL(8);
    socket.send(text, PORT, group, () => emit(`sent ${text}`));
  },
};

serve(
  (name, args) => methods[name]?.(...args.map(String)),
  () => socket.close(),
);
