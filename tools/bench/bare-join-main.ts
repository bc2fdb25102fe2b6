// A process that waits for a host's report of a group, by the daemon's sockets, and does nothing else: no router can know of a
// listener earlier. Arguments: its interface, the group.
import { ip } from "../../src/base/address.ts";
import { InterfaceSockets } from "../../src/linux/interface-sockets.ts";
import { indexOf, tellStarter } from "./program-events.ts";

const [name = "", group = ""] = process.argv.slice(2);
const wanted = Buffer.from(ip(group), "latin1");
let isDone = false;
const sockets = new InterfaceSockets(
  ({ bytes }) => {
    if (isDone || !Buffer.from(bytes).includes(wanted)) return;
    isDone = true;
    tellStarter("done");
  },
  () => false,
);
sockets.open(indexOf(name), name);
tellStarter("ready");
