// Links, addresses and routes of a real kernel, as they are and as they change.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { formatAddress, formatPrefix, ip } from "../../src/base/address.ts";
import type { Route } from "../../src/core/events.ts";
import type { Link } from "../../src/daemon/host.ts";
import { connect, Namespace, needsRoot } from "../support/namespace.ts";
import { DriverProcess } from "./driver-process.ts";
import { HostProcess, temporaryDirectory } from "./host-process.ts";

/** A router with r0 (10.1.0.1/24) and r1 (10.2.0.1/24), each with a neighbor .2 behind it. */
async function router(t: TestContext): Promise<{
  readonly host: HostProcess;
  readonly r: Namespace;
  readonly neighbor: Namespace;
}> {
  const [r, neighbor] = [new Namespace(t), new Namespace(t)];
  for (const i of [0, 1]) {
    connect(
      { namespace: r, name: `r${i}`, address: `10.${i + 1}.0.1/24` },
      { namespace: neighbor, name: `n${i}`, address: `10.${i + 1}.0.2/24` },
    );
  }
  const host = new HostProcess(t, r);
  await host.call("start");
  await host.untilLink("r0", (link) => link.up);
  await host.untilLink("r1", (link) => link.up);
  return { host, r, neighbor };
}

/** Waits until the interface was told not to be there, after `seen` lists of links, and then to be there again. */
async function untilGoneAndBack(host: HostProcess, name: string, seen: number): Promise<void> {
  await host.until(`${name} gone and back`, () => {
    const told = host.eventsOf("links").slice(seen);
    const list = told.map(({ links }) => links.some((link) => link.name === name));
    return list.includes(false) && list.at(-1) === true ? true : undefined;
  });
}

const addresses = (link: Link): readonly string[] =>
  link.addresses.map(({ address, subnet }) => `${formatAddress(address)} ${formatPrefix(subnet)}`);

const gateways = (route: Route | undefined): readonly (string | null)[] =>
  (route?.nextHops ?? []).map(({ gateway }) => (gateway === null ? null : formatAddress(gateway)));

test(
  "Host start: links (B34: an MTU has 32 bits) first, then the routes of the main table, none of the local one",
  needsRoot,
  async (t) => {
    const { host } = await router(t);
    const r0 = await host.untilLink("r0");
    assert.deepEqual(
      { ...r0, index: 0 },
      {
        index: 0,
        name: "r0",
        up: true,
        mtu: 1500,
        addresses: [{ address: ip("10.1.0.1"), subnet: { address: ip("10.1.0.0"), length: 24 } }],
        loopback: false,
        multicast: true,
        type: "veth",
        master: null,
      },
    );
    const lo = await host.untilLink("lo");
    assert.deepEqual([lo.loopback, lo.multicast, lo.mtu], [true, false, 65536]);
    assert.deepEqual(
      host.events.slice(0, 2).map((event) => event.kind),
      ["links", "routes"],
    );
    const connected = await host.untilRoutes("10.1.0.0/24");
    assert.deepEqual(connected, [
      { protocol: 2, metric: 0, nextHops: [{ interface: r0.index, gateway: null }] },
    ]);
    assert.deepEqual([...host.rib.keys()].sort(), ["10.1.0.0/24", "10.2.0.0/24"]);
  },
);

test(
  "§1 several routes of a prefix come in the kernel's order, and their metrics change",
  needsRoot,
  async (t) => {
    const { host, r } = await router(t);
    r.ip("route add 10.9.0.0/16 via 10.1.0.2 metric 20 proto static");
    r.ip("route add 10.9.0.0/16 via 10.2.0.2 metric 10 proto ospf");
    const routes = await host.untilRoutes("10.9.0.0/16", ({ length }) => length === 2);
    assert.deepEqual(
      routes.map(({ protocol, metric }) => [protocol, metric]),
      [
        [188, 10],
        [4, 20],
      ],
    );
    r.ip("route delete 10.9.0.0/16 metric 10");
    r.ip("route append 10.9.0.0/16 via 10.2.0.2 metric 20 proto bgp");
    const equal = await host.untilRoutes("10.9.0.0/16", ([, second]) => second?.protocol === 186);
    assert.deepEqual(
      equal.map(({ metric }) => metric),
      [20, 20],
    );
    r.ip("route prepend 10.9.0.0/16 via 10.2.0.2 metric 20 proto rip");
    const three = await host.untilRoutes("10.9.0.0/16", ({ length }) => length === 3);
    assert.deepEqual(
      three.map(({ protocol }) => protocol),
      [189, 4, 186],
    );
    r.ip("route flush exact 10.9.0.0/16");
    await host.untilRoutes("10.9.0.0/16", ({ length }) => length === 0);
  },
);

test("§1 the default route, and one prefix inside another", needsRoot, async (t) => {
  const { host, r } = await router(t);
  r.ip("route add default via 10.1.0.2");
  r.ip("route add 10.0.0.0/8 via 10.2.0.2");
  assert.deepEqual(gateways((await host.untilRoutes("0.0.0.0/0"))[0]), ["10.1.0.2"]);
  assert.deepEqual(gateways((await host.untilRoutes("10.0.0.0/8"))[0]), ["10.2.0.2"]);
});

test(
  "§1 a multipath route is one route of which only live next hops are told",
  needsRoot,
  async (t) => {
    const { host, r, neighbor } = await router(t);
    r.ip("route add 10.9.0.0/16 nexthop via 10.1.0.2 dev r0 nexthop via 10.2.0.2 dev r1");
    const [both] = await host.untilRoutes("10.9.0.0/16");
    assert.deepEqual(gateways(both), ["10.1.0.2", "10.2.0.2"]);
    neighbor.ip("link set n1 down");
    const [one] = await host.untilRoutes("10.9.0.0/16", ([route]) => route?.nextHops.length === 1);
    assert.deepEqual(gateways(one), ["10.1.0.2"]);
  },
);

test("§1 a route by next hop object follows its object", needsRoot, async (t) => {
  const { host, r } = await router(t);
  r.ip("nexthop add id 7 via 10.1.0.2 dev r0");
  r.ip("route add 10.9.0.0/16 nhid 7");
  assert.deepEqual(gateways((await host.untilRoutes("10.9.0.0/16"))[0]), ["10.1.0.2"]);
  r.ip("nexthop replace id 7 via 10.2.0.2 dev r1");
  await host.untilRoutes("10.9.0.0/16", ([route]) => gateways(route)[0] === "10.2.0.2");
  r.ip("nexthop delete id 7");
  await host.untilRoutes("10.9.0.0/16", ({ length }) => length === 0);
});

test(
  "§1 blackholes, other tables, other TOS and IPv6 gateways are no routes to a source (B22)",
  needsRoot,
  async (t) => {
    const { host, r } = await router(t);
    r.ip("route add blackhole 10.10.0.0/16");
    r.ip("route add unreachable 10.11.0.0/16");
    r.ip("route add 10.12.0.0/16 via 10.1.0.2 table 100");
    r.ip("route add 10.13.0.0/16 via 10.1.0.2 tos 0x10");
    r.ip("route add 10.14.0.0/16 via inet6 fe80::1 dev r0");
    r.ip("route add 10.15.0.0/16 dev r1");
    const [last] = await host.untilRoutes("10.15.0.0/16");
    assert.deepEqual(gateways(last), [null]);
    assert.deepEqual([...host.rib.keys()].sort(), ["10.1.0.0/24", "10.15.0.0/16", "10.2.0.0/24"]);
  },
);

test(
  "a link that goes down takes its IPv4 routes along, of which the kernel says nothing",
  needsRoot,
  async (t) => {
    const { host, r } = await router(t);
    r.ip("route add 10.9.0.0/16 via 10.1.0.2");
    await host.untilRoutes("10.9.0.0/16");
    r.ip("link set r0 down");
    await host.untilLink("r0", (link) => !link.up);
    await host.untilRoutes("10.9.0.0/16", ({ length }) => length === 0);
    await host.untilRoutes("10.1.0.0/24", ({ length }) => length === 0);
    assert.equal(host.rib.size, 1);
    r.ip("link set r0 up");
    await host.untilRoutes("10.1.0.0/24");
  },
);

test("a link without carrier is not up, and nothing is routed over it", needsRoot, async (t) => {
  const { host, neighbor } = await router(t);
  neighbor.ip("link set n0 down");
  await host.untilLink("r0", (link) => !link.up);
  await host.untilRoutes("10.1.0.0/24", ({ length }) => length === 0);
  neighbor.ip("link set n0 up");
  await host.untilLink("r0", (link) => link.up);
  await host.untilRoutes("10.1.0.0/24");
});

test(
  "addresses: primaries first, on a point-to-point link the peer alone, an address that goes takes routes along",
  needsRoot,
  async (t) => {
    const { host, r } = await router(t);
    r.ip("address add 10.1.0.9/24 dev r0");
    r.ip("address add 10.7.0.1/16 dev r0");
    r.ip("address add 10.8.0.1 peer 10.8.0.2/32 dev r1");
    const r0 = await host.untilLink("r0", (link) => link.addresses.length === 3);
    assert.deepEqual(addresses(r0), [
      "10.1.0.1 10.1.0.0/24",
      "10.7.0.1 10.7.0.0/16",
      "10.1.0.9 10.1.0.0/24",
    ]);
    const r1 = await host.untilLink("r1", (link) => link.addresses.length === 2);
    assert.deepEqual(addresses(r1), ["10.2.0.1 10.2.0.0/24", "10.8.0.1 10.8.0.2/32"]);
    await host.untilRoutes("10.8.0.2/32");
    r.ip("address delete 10.8.0.1 peer 10.8.0.2/32 dev r1");
    await host.untilRoutes("10.8.0.2/32", ({ length }) => length === 0);
    await host.untilLink("r1", (link) => link.addresses.length === 1);
  },
);

test("a link may change its name and MTU, vanish and come again", needsRoot, async (t) => {
  const { host, r } = await router(t);
  const { index } = await host.untilLink("r0");
  r.ip("link set r0 down");
  r.ip("link set r0 name uplink.0");
  r.ip("link set uplink.0 mtu 9000");
  const renamed = await host.untilLink("uplink.0", (link) => link.mtu === 9000);
  assert.equal(renamed.index, index);
  r.ip("link delete uplink.0");
  await host.until("the link gone", () => (host.link("uplink.0") === undefined ? true : undefined));
  r.ip("link add name r0 type veth peer name r9");
  r.ip("link set r9 up");
  r.ip("link set r0 up");
  const anew = await host.untilLink("r0", (link) => link.up && link.index !== index);
  assert.deepEqual(anew.addresses, []);
});

test(
  "a link deleted and made anew with the same index at once is seen to go",
  needsRoot,
  async (t) => {
    const { host, r } = await router(t);
    r.ip("link add name d0 index 77 type veth peer name d1");
    await host.untilLink("d0");
    const script = join(temporaryDirectory(t), "batch");
    writeFileSync(script, "link delete d0\nlink add name d0 index 77 type veth peer name d1\n");
    const seen = host.eventsOf("links").length;
    await host.call("ip", "-batch", script);
    await untilGoneAndBack(host, "d0", seen);
  },
);

test(
  "a dump during which the table changes is no table, and the next one is whole",
  needsRoot,
  async (t) => {
    const r = new Namespace(t);
    const script = join(temporaryDirectory(t), "batch");
    // More than one part of a dump holds.
    const pairs = Array.from({ length: 60 }, (_, i) => [`a${i}`, `b${i}`]);
    const lines = pairs.map(([a, b]) => `link add name ${a} type veth peer name ${b}\n`);
    writeFileSync(script, lines.join(""));
    r.ip("-batch", script);
    const driver = new DriverProcess(t, r, "dump-driver.js");
    assert.equal(
      await driver.call("disturbed"),
      "cannot read the interfaces, which change meanwhile: recv failed with EINTR",
    );
    const names = (await driver.call("names")) as readonly string[];
    assert.deepEqual([...names].sort(), ["lo", "late0", "late1", ...pairs.flat()].sort());
    assert.deepEqual(await driver.call("started"), ["links"], "told before it has started");
  },
);

test(
  "after the kernel had more news than room, the tables are whole again, and a link that went was seen to go",
  needsRoot,
  async (t) => {
    const { host, r } = await router(t);
    r.ip("link add name d0 index 77 type veth peer name d1");
    await host.untilLink("d0");
    const seen = host.eventsOf("links").length;
    const script = join(temporaryDirectory(t), "batch");
    const third = (i: number): string => `${i >> 8}.${i & 0xff}`;
    const routes = Array.from({ length: 20_000 }, (_, i) => `100.${third(i)}.0/24`);
    const lines = routes.map((route) => `route add ${route} via 10.1.0.2\n`);
    // Of the routes what came last is what got lost.
    const after = ["link delete d0", "link add name d0 index 77 type veth peer name d1"];
    writeFileSync(script, `${lines.join("")}${after.join("\n")}\nlink set r1 down\n`);
    // Run by the host itself, whose event loop stands still meanwhile.
    await host.call("ip", "-batch", script);
    await host.untilRoutes(routes.at(-1) ?? "");
    await host.untilLink("r1", (link) => !link.up);
    // A reading that was under way shows the new d0 before the news of the old one's end is read.
    await untilGoneAndBack(host, "d0", seen);
    await host.untilRoutes("10.2.0.0/24", ({ length }) => length === 0);
    assert.equal(host.rib.size, 20_001);
    const drops = r
      .run("cat", "/proc/net/netlink")
      .split("\n")
      .slice(1)
      .map((line) => Number(line.trim().split(/\s+/)[8] ?? 0));
    assert.ok(Math.max(...drops) > 0, "the receive buffer has overrun");
    // And it goes on being told of changes.
    r.ip("route delete 100.0.0.0/24");
    await host.untilRoutes("100.0.0.0/24", ({ length }) => length === 0);
  },
);

test(
  "what the receiver of an event throws ends the process: no daemon hangs on half dead",
  needsRoot,
  async (t) => {
    const r = new Namespace(t);
    r.ip("link add name r0 type veth peer name r1");
    const script = fileURLToPath(new URL("throwing-driver.js", import.meta.url));
    const child = spawn("ip", ["netns", "exec", r.name, process.execPath, script]);
    t.after(() => child.kill("SIGKILL"));
    let complaint = "";
    child.stderr.on("data", (chunk) => {
      complaint += String(chunk);
    });
    await once(child.stdout, "data");
    const closed = once(child, "close");
    r.ip("link set r0 mtu 1400");
    assert.equal((await closed)[0], 1);
    assert.match(complaint, /bug: for the test/);
  },
);
