// Takes a dump of the links for a test, during which a link is made. It says how that ended, and what the next one tells.
import { execFileSync } from "node:child_process";
import { HostError } from "../../src/daemon/host.ts";
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

serve(
  (name) => (name === "disturbed" ? disturbed() : names()),
  () => requests.close(),
);
