// A group that routers do not forward is sent and received on one link: whoever does that had better know.
import { ip, isRoutableGroup } from "../base/address.ts";
import { isIpv6 } from "../traffic/sockets.ts";

/** Warns of a group that stays on its link. */
export function warnOfGroup(group: string): void {
  if (isRoutableGroup(ip(group))) return;
  const alike = isIpv6(group) ? "groups of link scope" : "groups of 224.0.0.0/24";
  process.stderr.write(
    `hpim-dm: ${group} stays on its link, as all ${alike}, whatever the TTL: no router forwards it.\n`,
  );
}
