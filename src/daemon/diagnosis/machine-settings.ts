// Settings of the kernel on one interface that keep multicast from being routed (linux/Documentation/networking/ip-sysctl.rst).
import type { Finding } from "../../api/diagnosis.ts";
import { type Address, formatAddress } from "../../base/address.ts";
import type { InterfaceIndex } from "../../base/units.ts";
import { finding, type Look } from "./look.ts";

const SETTINGS = "/proc/sys/net/ipv4";

/** A setting of IPv4 by its path below net/ipv4; null: it cannot be read. */
export function setting({ readText }: Pick<Look, "readText">, path: string): number | null {
  const text = readText(`${SETTINGS}/${path}`);
  return text === null ? null : Number(text);
}

const STRICT = 1;

/** The filter that is in force on an interface: the stricter one of its own and that of all. */
function filterOf(look: Look, name: string): number {
  const own = setting(look, `conf/${name}/rp_filter`) ?? 0;
  return Math.max(own, setting(look, "conf/all/rp_filter") ?? 0);
}

const mendFilter = (name: string): string =>
  `sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.${sysctlName(name)}.rp_filter=0`;

/** rp_filter, where it is on and packets of `source` arrive that are not routed; null: it is off. */
export function reversePathFilter(
  look: Look,
  index: InterfaceIndex,
  source: Address,
): Finding | null {
  const name = look.engine.nameOf(index);
  const mode = filterOf(look, name);
  if (mode === 0) return null;
  const way =
    mode === STRICT
      ? `whose sender the kernel would not answer by ${name}`
      : "to whose sender the kernel has no route";
  return finding("reverse-path-filter", look, index, {
    sentence: `Packets of ${formatAddress(source)} arrive on ${name}, and the kernel drops what comes there ${way}: rp_filter is ${mode}.`,
    mend: mendFilter(name),
  });
}

/** A strict rp_filter; null: there is none. A loose one drops only what no route leads back to, which is not routed anyway. */
export function strictReversePathFilter(look: Look, index: InterfaceIndex): Finding | null {
  const name = look.engine.nameOf(index);
  if (filterOf(look, name) !== STRICT) return null;
  return finding("reverse-path-filter", look, index, {
    sentence: `The kernel drops packets that arrive on ${name} and whose sender the kernel would not answer by ${name}, before it routes them: rp_filter is ${STRICT}.`,
    mend: mendFilter(name),
  });
}

/** sysctl(8) has a slash where an interface's name has a dot. */
const sysctlName = (name: string): string => name.replaceAll(".", "/");

/** Multicast routing is off on an interface that has a VIF; null: it is on, or that cannot be told. */
export function multicastForwardingOff(look: Look, index: InterfaceIndex): Finding | null {
  if (look.engine.port(index)?.vif == null) return null;
  const name = look.engine.nameOf(index);
  const isOff = ["all", name].some((of) => setting(look, `conf/${of}/mc_forwarding`) === 0);
  if (!isOff) return null;
  return finding("multicast-forwarding-off", look, index, {
    sentence: `The kernel does not route multicast from ${name} (mc_forwarding is 0), although it was told to.`,
    mend: "Something else has taken hold of multicast routing, or the interface was made anew: hpim-dm restart",
  });
}

/** Unicast forwarding is off. */
export function forwardingOff(machine: Pick<Look, "readText">): readonly Finding[] {
  if (setting(machine, "ip_forward") !== 0) return [];
  return [
    {
      kind: "forwarding-off",
      interface: null,
      sentence:
        "This machine does not forward unicast packets (ip_forward is 0): sources and routers beyond it are not reached.",
      mend: "sysctl -w net.ipv4.ip_forward=1",
    },
  ];
}

/** rp_filter, where it is strict for all interfaces, of which none is looked at. */
export function reversePathFilterOfAll(machine: Pick<Look, "readText">): readonly Finding[] {
  if (setting(machine, "conf/all/rp_filter") !== STRICT) return [];
  return [
    {
      kind: "reverse-path-filter",
      interface: null,
      sentence: `The kernel drops packets whose sender it would answer by another interface, before it routes multicast: rp_filter is ${STRICT} for all interfaces.`,
      mend: "sysctl -w net.ipv4.conf.all.rp_filter=0",
    },
  ];
}
