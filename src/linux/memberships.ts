// The groups that a router listens to, one socket per interface that does nothing else.
// The kernel lets a socket join 20 groups (igmp_max_memberships), fewer than the interfaces we serve. Raising that takes
// a writable /proc/sys, which containers lack; a socket per interface needs nothing, and closing it leaves all groups at once.
import { formatAddress, ip, writeAddress } from "../base/address.ts";
import { orderedKeys } from "../base/ordered.ts";
import type { InterfaceIndex } from "../base/units.ts";
import { close } from "./libc.ts";
import { AF_INET, IPPROTO_IP, openSocket, SOCK_DGRAM, setOption } from "./sockets.ts";

/** All routers; the group of HPIM-DM, which is PIM's; IGMPv3 reports (RFC 3376 §4.2.14). All systems (224.0.0.1) needs no joining. */
const GROUPS = ["224.0.0.2", "224.0.0.13", "224.0.0.22"].map(ip);
const IP_ADD_MEMBERSHIP = { level: IPPROTO_IP, name: 35 };

/** Which interfaces have joined. */
export class Memberships {
  readonly #sockets = new Map<InterfaceIndex, number>();

  /** Joins the routers' groups on an interface that has not. `name`: the interface's, for messages. Throws HostError. */
  join(index: InterfaceIndex, name: string): void {
    const fd = openSocket(AF_INET, SOCK_DGRAM, 0, `a socket for the groups of ${name}`);
    try {
      for (const group of GROUPS) {
        const request = new Uint8Array(12);
        writeAddress(request, 0, group);
        new DataView(request.buffer).setInt32(8, index, true);
        setOption(fd, IP_ADD_MEMBERSHIP, request, `cannot join ${formatAddress(group)} on ${name}`);
      }
    } catch (error) {
      close(fd);
      throw error;
    }
    this.#sockets.set(index, fd);
  }

  /** Leaves them, if the interface has joined. */
  leave(index: InterfaceIndex): void {
    const fd = this.#sockets.get(index);
    if (fd === undefined) return;
    this.#sockets.delete(index);
    close(fd);
  }

  close(): void {
    for (const index of orderedKeys(this.#sockets)) this.leave(index);
  }
}
