// Every topology file on the real kernel: interfaces, addresses, settings, routes, and data from end to end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAddress, formatPrefix } from "../../src/base/address.ts";
import { changeLab, type Lab, openLab } from "../../src/lab/lab.ts";
import { switchNamespaceOf } from "../../src/lab/names.ts";
import { run } from "../../src/lab/run.ts";
import { startReceiver, startSender } from "../../src/lab/traffic.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import { routesOf } from "../../src/topology/routes.ts";
import { endsOf, nodesOf, subnetOf, type Topology } from "../../src/topology/topology.ts";
import { readTopology, topologyNames } from "../topology/files.ts";
import { kernelRoutes, labSite, outputIn, upQuietly } from "./labs.ts";

const isIpv6 = (topology: Topology): boolean =>
  [...topology.links.values()].some(({ subnet }) => subnet.address.length === 16);

function expectedAddresses(topology: Topology, node: string): readonly string[] {
  const ends = [...topology.links.keys()].flatMap((link) =>
    endsOf(topology, link).map((end) => ({ ...end, length: subnetOf(topology, link).length })),
  );
  return ends
    .filter((end) => end.node === node)
    .map((end) => `${end.interface} UP 1500 ${formatAddress(end.address)}/${end.length}`)
    .sort();
}

interface KernelDevice {
  readonly ifname: string;
  readonly operstate: string;
  readonly mtu: number;
  readonly addr_info: readonly { local: string; prefixlen: number; scope: string }[];
}

async function kernelAddresses(lab: Lab, node: string): Promise<readonly string[]> {
  const devices: readonly KernelDevice[] = JSON.parse(
    await outputIn(lab, node, "ip -json address show"),
  );
  return devices
    .filter(({ ifname }) => ifname !== "lo")
    .flatMap(({ ifname, operstate, mtu, addr_info: addresses }) =>
      addresses
        .filter(({ scope }) => scope === "global")
        .map(({ local, prefixlen }) => `${ifname} ${operstate} ${mtu} ${local}/${prefixlen}`),
    )
    .sort();
}

function expectedRoutes(topology: Topology, node: string): readonly string[] {
  const routes = routesOf(topology).get(node) ?? assert.fail(node);
  return routes
    .map(({ destination, nextHops, metric }) => {
      const hops = nextHops
        .map((hop) => `${formatAddress(hop.via)} ${hop.interface}`)
        .sort()
        .join(", ");
      const to = destination.length === 0 ? "default" : formatPrefix(destination);
      return `${to} via ${hops} metric ${metric}`;
    })
    .sort();
}

async function assertRoutes(lab: Lab): Promise<void> {
  for (const node of nodesOf(lab.topology)) {
    assert.deepEqual(await kernelRoutes(lab, node), expectedRoutes(lab.topology, node), node);
  }
}

/** Sends 5 packets from one node to another's address; throws if they do not all arrive. */
async function assertReaches(lab: Lab, from: string, to: string): Promise<void> {
  const host = lab.topology.hosts.get(to) ?? lab.topology.routers.get(to)?.interfaces[0];
  const address = formatAddress(host?.address ?? assert.fail(to));
  const receiver = startReceiver(lab, { node: to, groups: [address], count: 5 });
  await receiver.waitReady();
  const sender = startSender(lab, { node: from, groups: [address], rate: 1000, count: 5 });
  assert.equal((await sender.done()).failed, 0);
  assert.equal((await receiver.done()).count, 5);
}

const IPV6 = `
name: six
links:
  A: { subnet: "2001:0:1:1::/64" }
  B: { subnet: "2001:0:2:2::/64" }
  C: { subnet: "2001:0:3:3::/64" }
routers:
  R1:
    interfaces:
      eth0: { link: A, address: "2001:0:1:1::1" }
      eth1: { link: B, address: "2001:0:2:2::1" }
  R2:
    interfaces:
      eth0: { link: B, address: "2001:0:2:2::2" }
      eth1: { link: C, address: "2001:0:3:3::2" }
  R3:
    interfaces:
      eth0: { link: B, address: "2001:0:2:2::3" }
      eth1: { link: C, address: "2001:0:3:3::3" }
hosts:
  Source: { link: A, address: "2001:0:1:1::100" }
  Client: { link: C, address: "2001:0:3:3::100" }
`;

function ipv6Topology(): Topology {
  const parsed = parseTopology(IPV6);
  return parsed.kind === "topology" ? parsed.topology : assert.fail(JSON.stringify(parsed));
}

for (const topology of [...topologyNames.map(readTopology), ipv6Topology()]) {
  test(`${topology.name}: interfaces, addresses, routes and unicast from end to end`, async (context) => {
    const lab = await upQuietly(labSite(context), topology);
    for (const node of nodesOf(topology)) {
      assert.deepEqual(await kernelAddresses(lab, node), expectedAddresses(topology, node), node);
    }
    await assertRoutes(lab);
    const hosts = topology.hosts.size > 1 ? [...topology.hosts.keys()] : ["R1", "R4"];
    const [first = "", ...others] = hosts;
    for (const other of others) {
      await assertReaches(lab, first, other);
      await assertReaches(lab, other, first);
    }
  });
}

test("routers forward, do not filter by reverse path, and IPv4 networks have no IPv6", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("pair"));
  const read = (node: string, name: string): Promise<string> =>
    outputIn(lab, node, `cat /proc/sys/net/${name}`);
  assert.equal(isIpv6(lab.topology), false);
  assert.equal(await read("R1", "ipv4/ip_forward"), "1");
  for (const device of ["all", "eth0", "eth1"]) {
    assert.equal(await read("R1", `ipv4/conf/${device}/rp_filter`), "0", device);
    assert.equal(await read("R1", `ipv4/conf/${device}/send_redirects`), "0", device);
  }
  assert.equal(await read("R1", "ipv6/conf/eth0/disable_ipv6"), "1");
  assert.equal(await read("Source", "ipv4/ip_forward"), "0");
  assert.equal(await read("Source", "ipv4/conf/eth0/force_igmp_version"), "0");
});

interface SwitchDevice {
  readonly ifname: string;
  readonly linkinfo?: {
    readonly info_data?: { readonly mcast_snooping?: number };
    readonly info_slave_data?: { readonly multicast_router?: number };
  };
}

async function switchDevices(lab: Lab): Promise<ReadonlyMap<string, SwitchDevice>> {
  const namespace = switchNamespaceOf(lab.name);
  const { stdout } = await run(["ip", "-n", namespace, "-json", "-details", "link", "show"]);
  const devices: readonly SwitchDevice[] = JSON.parse(stdout);
  return new Map(devices.map((device) => [device.ifname, device]));
}

test("igmp: the switch snoops, routers' ports are router ports, hosts speak IGMPv2", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("igmp"));
  const devices = await switchDevices(lab);
  assert.equal(devices.get("br-L")?.linkinfo?.info_data?.mcast_snooping, 1);
  const ports = ["R1-eth0", "R2-eth0", "Client1-eth0", "Client2-eth0"];
  const routerPorts = ports.map(
    (port) => devices.get(port)?.linkinfo?.info_slave_data?.multicast_router,
  );
  // 1 is the kernel's default: a router port only once it hears a querier.
  assert.deepEqual(routerPorts, [2, 2, 1, 1]);
  const version = "cat /proc/sys/net/ipv4/conf/eth0/force_igmp_version";
  assert.equal(await outputIn(lab, "Client1", version), "2");
  assert.equal(await outputIn(lab, "R1", version), "0");
});

test("sync: a switch that does not snoop", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("sync"));
  const devices = await switchDevices(lab);
  assert.equal(devices.get("br-L")?.linkinfo?.info_data?.mcast_snooping, 0);
});

test("seven-routers, tests 5 and 6: changed costs and links become routes in the kernel, and go back", async (context) => {
  const site = labSite(context);
  const lab = await upQuietly(site, readTopology("seven-routers"));
  const costly = await changeLab(lab, [{ router: "R7", interface: "eth2", cost: 100 }]);
  assert.ok((await kernelRoutes(costly, "R7")).includes("10.1.1.0/24 via 10.6.6.5 eth0 metric 40"));
  await assertRoutes(costly);
  const cut = await changeLab(costly, [{ router: "R5", interface: "eth0", up: false }]);
  assert.ok((await kernelRoutes(cut, "R5")).includes("10.1.1.0/24 via 10.6.6.7 eth1 metric 130"));
  await assertRoutes(cut);
  await assertReaches(cut, "Source", "Client0");
  const reopened = openLab(lab.name, site.directory);
  assert.deepEqual(reopened, cut);
  const healed = await changeLab(reopened, [
    { router: "R5", interface: "eth0", up: true },
    { router: "R7", interface: "eth2", cost: 10 },
  ]);
  assert.deepEqual(healed.topology, lab.topology);
  await assertRoutes(healed);
  await assertReaches(healed, "Source", "Client0");
});

test("an IPv6 interface that went down and came back has its address and routes", async (context) => {
  const lab = await upQuietly(labSite(context), ipv6Topology());
  const cut = await changeLab(lab, [{ router: "R2", interface: "eth0", up: false }]);
  await assertRoutes(cut);
  const healed = await changeLab(cut, [{ router: "R2", interface: "eth0", up: true }]);
  await assertRoutes(healed);
  assert.deepEqual(await kernelAddresses(healed, "R2"), expectedAddresses(healed.topology, "R2"));
});
