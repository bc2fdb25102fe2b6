// A process that sends control messages to its neighbor and receives as many of it, by the sockets of the daemon, and does
// nothing else with them. Arguments: its interface, its address, how many. It begins to send when it is told anything.
import { setImmediate } from "node:timers/promises";
import { ip } from "../../src/base/address.ts";
import type { OutgoingDatagram } from "../../src/daemon/host.ts";
import { untilToldToBegin } from "../../src/lab/begin.ts";
import { InterfaceSockets } from "../../src/linux/interface-sockets.ts";
import { indexOf, tellStarter } from "./program-events.ts";

/** Of one turn of the event loop, so that it also receives. */
const TURN = 256;
/** As long as an Ack. */
const PAYLOAD_BYTES = 36;

const [name = "", address = "", many = ""] = process.argv.slice(2);
const count = Number(many);
const index = indexOf(name);
let received = 0;
const sockets = new InterfaceSockets(
  () => {
    received++;
    if (received === count) tellStarter("done");
  },
  () => false,
);
sockets.open(index, name);
tellStarter("ready");
await untilToldToBegin();
const message: OutgoingDatagram = {
  ...{ protocol: "hpim" as const, interface: index, source: ip(address) },
  ...{ destination: ip("224.0.0.13"), payload: new Uint8Array(PAYLOAD_BYTES) },
};
for (let sent = 0; sent < count; sent++) {
  sockets.send(message, name);
  if (sent % TURN === 0) await setImmediate();
}
