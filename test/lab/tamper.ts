// Changes the kernel's multicast forwarding table behind the daemon's back: any program that may administer the network
// can. Run in a router's namespace: tamper.js write SOURCE GROUP INCOMING OUTGOING..., or delete SOURCE GROUP; interfaces
// are named by the numbers of their VIFs.
import { ip } from "../../src/base/address.ts";
import { vifIndex } from "../../src/base/units.ts";
import { close, hostError, setsockopt } from "../../src/linux/libc.ts";
import { encodeEntry } from "../../src/linux/mroute-codec.ts";
import { AF_INET, IPPROTO_IP, openSocket, SOCK_RAW } from "../../src/linux/sockets.ts";

const IPPROTO_IGMP = 2;
const OPTIONS: ReadonlyMap<string, number> = new Map([
  ["write", 204],
  ["delete", 205],
]);

const [verb = "", source = "", group = "", incoming = "0", ...outgoing] = process.argv.slice(2);
const option = OPTIONS.get(verb);
if (option === undefined) throw new Error(`write or delete, not "${verb}"`);
const fd = openSocket(AF_INET, SOCK_RAW, IPPROTO_IGMP, "a raw socket");
const entry = encodeEntry({
  ...{ source: ip(source), group: ip(group), incoming: vifIndex(Number(incoming)) },
  outgoing: outgoing.map((vif) => ({ vif: vifIndex(Number(vif)), ttlThreshold: 1 })),
});
const result = setsockopt(fd, IPPROTO_IP, option, entry);
close(fd);
if (result < 0) throw hostError("setsockopt", result, `cannot ${verb} the entry`);
