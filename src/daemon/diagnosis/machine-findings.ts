// What is wrong with the machine itself, as far as a router needs it.
import type { Finding } from "../../api/diagnosis.ts";
import { formatPrefix } from "../../base/address.ts";
import type { Port } from "../port.ts";
import { finding, type Look } from "./look.ts";
import {
  forwardingOff,
  multicastForwardingOff,
  setting,
  strictReversePathFilter,
} from "./machine-settings.ts";

/** A bridge that learns from IGMP who wants what, and that nobody asks hosts on. */
function snooping(look: Look, { index, link }: Readonly<Port>): readonly Finding[] {
  const { name } = link;
  const bridge = (file: string): string | null =>
    look.readText(`/sys/class/net/${name}/bridge/${file}`);
  const isAsked = look.engine.membership.interfaces().some(({ interface: at }) => at === index);
  if (isAsked || bridge("multicast_snooping") !== "1" || bridge("multicast_querier") === "1")
    return [];
  return [
    finding("snooping-without-querier", look, index, {
      sentence: `The bridge ${name} keeps multicast to those of its ports that have asked for it (multicast_snooping), and nobody asks on it: IGMP does not run there, nor is the bridge a querier.`,
      mend: `"hpim-dm igmp add ${name}", or without snooping: ip link set ${name} type bridge mcast_snooping 0`,
    }),
  ];
}

const ANSWERS_FOR_ALL = 0;

/** Two interfaces on one subnet, and the kernel answers on each for the addresses of both. */
function answeredElsewhere(look: Look, ports: readonly Readonly<Port>[]): readonly Finding[] {
  const arpIgnore = (name: string): number =>
    Math.max(
      setting(look, `conf/${name}/arp_ignore`) ?? 1,
      setting(look, "conf/all/arp_ignore") ?? 1,
    );
  const findings: Finding[] = [];
  for (const [i, port] of ports.entries()) {
    for (const { subnet } of port.link.addresses) {
      const other = ports
        .slice(0, i)
        .find(({ link }) =>
          link.addresses.some((own) => formatPrefix(own.subnet) === formatPrefix(subnet)),
        );
      if (other === undefined || arpIgnore(port.link.name) !== ANSWERS_FOR_ALL) continue;
      findings.push(
        finding("addresses-answered-elsewhere", look, port.index, {
          sentence: `${other.link.name} and ${port.link.name} are both on ${formatPrefix(subnet)}, and the kernel answers on each for the addresses of both (arp_ignore is 0).`,
          mend: "sysctl -w net.ipv4.conf.all.arp_ignore=1",
        }),
      );
    }
  }
  return findings;
}

/** What is wrong with the machine. */
export function machineFindings(look: Look): readonly Finding[] {
  const used = look.engine.ports().filter(({ vif }) => vif !== null);
  return [
    ...forwardingOff(look),
    ...used.flatMap(({ index }) =>
      [strictReversePathFilter(look, index), multicastForwardingOff(look, index)].filter(
        (one) => one !== null,
      ),
    ),
    ...used.flatMap((port) => snooping(look, port)),
    ...answeredElsewhere(look, used),
  ];
}
