// Takes a dump of the links for a test, during which a link is made. It says how that ended, and what the next one tells;
// and what tables tell that are started meanwhile.
import { execFileSync } from "node:child_process";
import { HostError } from "../../src/daemon/host.ts";
import { KernelTables } from "../../src/linux/kernel-tables.ts";
import { AF_UNSPEC, NetlinkRequests } from "../../src/linux/netlink.ts";
import { decodeLink, encodeBody, RTM_GETLINK } from "../../src/linux/netlink-codec.ts";
import { serve } from "./driver-process.ts";

const LINKS = { type: RTM_GETLINK, body: encodeBody(AF_UNSPEC, 16), what: "the interfaces" };

const requests = new NetlinkRequests();

function disturbed(): string {
  const parts = requests.dumping(LINKS, () => undefined);
  try {
    parts.next();
    execFileSync("ip", ["link", "add", "late0", "type", "veth", "peer", "name", "late1"]);
    for (const _part of parts);
    return "whole";
  } catch (error) {
    if (error instanceof HostError) return error.message;
    throw error;
  }
}

function names(): readonly string[] {
  const found: string[] = [];
  requests.dump(LINKS, (body) => found.push(decodeLink(body)?.name ?? ""));
  return found;
}

/** Has a link made after the first part of the next dump. */
function disturbNext(): void {
  const { dumping } = NetlinkRequests.prototype;
  NetlinkRequests.prototype.dumping = function* (...args): Generator<null, void> {
    NetlinkRequests.prototype.dumping = dumping;
    const parts = dumping.apply(this, args);
    parts.next();
    execFileSync("ip", ["link", "add", "later0", "type", "veth", "peer", "name", "later1"]);
    yield* parts;
  };
}

/** What tables tell before they have started, whose first reading is disturbed. */
function started(): readonly string[] {
  const tables = new KernelTables(254);
  const told: string[] = [];
  disturbNext();
  tables.start(({ kind }) => told.push(kind));
  tables.close();
  return told;
}

const calls: Readonly<Record<string, () => unknown>> = { disturbed, names, started };

serve(
  (name) => calls[name]?.(),
  () => requests.close(),
);
