// Topology files: what each of the repository's says, how a wrong one is reported, and that written text reads back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAddress, formatPrefix, ip } from "../../src/base/address.ts";
import { formatProblem, formatTopology, parseTopology } from "../../src/topology/parse.ts";
import { routesOf } from "../../src/topology/routes.ts";
import {
  changeInterface,
  endsOf,
  isSwitched,
  nodesOf,
  type Topology,
} from "../../src/topology/topology.ts";
import { readTopology, topologyNames } from "./files.ts";

const linkTexts = (topology: Topology): readonly string[] =>
  [...topology.links.values()].map(({ name, subnet }) => {
    const ends = endsOf(topology, name).map(
      (end) => `${end.node}.${end.interface} .${formatAddress(end.address).split(".")[3]}`,
    );
    const kind = isSwitched(topology, name) ? " (switch)" : "";
    return `${name}${kind} ${formatPrefix(subnet)}: ${ends.join(", ")}`;
  });

function problemsOf(text: string): readonly string[] {
  const parsed = parseTopology(text);
  return parsed.kind === "problems" ? parsed.problems.map(formatProblem) : [];
}

test("the repository's networks are these, each named as its file", () => {
  const expected = ["chaos", "igmp", "loop", "pair", "seven-routers", "source-loop", "sync"];
  assert.deepEqual(topologyNames, expected);
  for (const name of topologyNames) assert.equal(readTopology(name).name, name);
});

test("seven-routers: links, ends and addresses are those of Figure 2", () => {
  assert.deepEqual(linkTexts(readTopology("seven-routers")), [
    "A 10.1.1.0/24: R1.eth0 .1, Source.eth0 .100",
    "B 10.2.2.0/24: R1.eth1 .1, R2.eth0 .2",
    "C 10.3.3.0/24: R1.eth2 .1, R3.eth0 .3",
    "D 10.4.4.0/24: R1.eth3 .1, R4.eth0 .4",
    "E (switch) 10.5.5.0/24: R2.eth1 .2, R3.eth1 .3, R4.eth1 .4, R5.eth0 .5, R6.eth0 .6",
    "F 10.6.6.0/24: R5.eth1 .5, R7.eth0 .7",
    "G 10.7.7.0/24: R6.eth1 .6, Client1.eth0 .100",
    "H 10.8.8.0/24: R7.eth1 .7, Client0.eth0 .100",
    "I 10.9.9.0/24: R2.eth2 .2, R7.eth2 .7",
  ]);
});

test("loop: links, ends, addresses and the one cost of 100", () => {
  const topology = readTopology("loop");
  assert.deepEqual(linkTexts(topology), [
    "A 10.1.1.0/24: R1.eth0 .1, Source.eth0 .100",
    "B 10.2.2.0/24: R1.eth1 .1, R2.eth0 .2",
    "S (switch) 10.3.3.0/24: R2.eth1 .2, R3.eth0 .3, R5.eth0 .5",
    "C 10.4.4.0/24: R3.eth1 .3, R4.eth0 .4",
    "D 10.5.5.0/24: R4.eth1 .4, R5.eth1 .5",
    "E 10.6.6.0/24: R4.eth2 .4, Client0.eth0 .100",
    "F 10.7.7.0/24: R5.eth2 .5, Client1.eth0 .100",
  ]);
  const costs = [...topology.routers.values()].flatMap((router) =>
    router.interfaces
      .filter(({ cost }) => cost !== 10)
      .map((port) => `${router.name}.${port.name}`),
  );
  assert.deepEqual(costs, ["R5.eth0"]);
});

test("source-loop: R1 is twice on the source's switch", () => {
  assert.deepEqual(linkTexts(readTopology("source-loop")), [
    "A (switch) 10.1.1.0/24: R1.eth0 .1, R1.eth1 .2, R2.eth0 .3, Source.eth0 .100",
    "B (switch) 10.2.2.0/24: R1.eth2 .1, R2.eth1 .3, R3.eth0 .2",
    "C 10.3.3.0/24: R3.eth1 .2, Client0.eth0 .100",
  ]);
});

test("pair and sync: links, ends and addresses", () => {
  assert.deepEqual(linkTexts(readTopology("pair")), [
    "A 10.1.1.0/24: R1.eth0 .1, Source.eth0 .100",
    "B 10.2.2.0/24: R1.eth1 .1, R2.eth0 .2",
    "C 10.7.7.0/24: R2.eth1 .2, Client.eth0 .100",
  ]);
  assert.deepEqual(linkTexts(readTopology("sync")), [
    "L (switch) 10.0.0.0/24: R1.eth0 .1, R2.eth0 .2, R3.eth0 .3, R4.eth0 .4",
  ]);
});

test("igmp: version 2, a snooping switch, IGMP without HPIM-DM", () => {
  const topology = readTopology("igmp");
  assert.equal(topology.igmpVersion, 2);
  assert.equal(topology.links.get("L")?.snooping, true);
  assert.deepEqual(linkTexts(topology), [
    "L (switch) 10.0.0.0/24: R1.eth0 .1, R2.eth0 .2, Client1.eth0 .3, Client2.eth0 .4",
  ]);
  const [port] = topology.routers.get("R1")?.interfaces ?? [];
  assert.deepEqual([port?.hpim, port?.igmp], [false, true]);
});

test("defaults: cost 10, up, HPIM-DM and IGMP on, IGMPv3, no snooping", () => {
  const topology = readTopology("pair");
  const [port] = topology.routers.get("R1")?.interfaces ?? [];
  assert.deepEqual(port, {
    name: "eth0",
    link: "A",
    address: ip("10.1.1.1"),
    cost: 10,
    up: true,
    hpim: true,
    igmp: true,
  });
  assert.equal(topology.igmpVersion, 3);
  assert.equal(topology.links.get("A")?.snooping, false);
  assert.deepEqual(nodesOf(topology), ["R1", "R2", "Source", "Client"]);
});

test("written text reads back as the same topology, also after a change", () => {
  for (const name of topologyNames) {
    const changed = changeInterface(readTopology(name), {
      router: "R1",
      interface: "eth0",
      cost: 77,
      up: false,
    });
    const parsed = parseTopology(formatTopology(changed));
    assert.deepEqual(parsed, { kind: "topology", topology: changed });
  }
});

const IPV6 = `
name: six
links:
  A: { subnet: "2001:0:1:1::/64" }
  B: { subnet: "2001:0:2:2::/64" }
routers:
  R1:
    interfaces:
      eth0: { link: A, address: "2001:0:1:1::1" }
      eth1: { link: B, address: "2001:0:2:2::1" }
  R2:
    interfaces:
      eth0: { link: B, address: "2001:0:2:2::2" }
    routes:
      - { to: "2001:0:9::/48", via: "2001:0:2:2::1", metric: 5 }
hosts:
  Source: { link: A, address: "2001:0:1:1::100" }
flows:
  - { source: Source, group: "ff1e::12" }
`;

test("an IPv6 network is written the same way, has routes and reads back", () => {
  const parsed = parseTopology(IPV6);
  assert.ok(parsed.kind === "topology");
  assert.deepEqual(parseTopology(formatTopology(parsed.topology)), parsed);
  const routes = routesOf(parsed.topology);
  assert.deepEqual(
    routes.get("R2")?.map(({ destination, metric }) => `${formatPrefix(destination)} ${metric}`),
    ["2001:0:1:1::/64 20", "2001:0:9::/48 5"],
  );
  assert.equal(formatPrefix(routes.get("Source")?.[0]?.destination ?? assert.fail()), "::/0");
});

test("all mistakes of shape are told at once, with line and path", () => {
  const text = `name: Bad Name
links:
  A: { subnet: 10.1.1.7/24, colour: red }
  very-long-name: { subnet: 10.2.2.0/24 }
routers:
  R1:
    interfaces:
      eth0: { link: A, address: 10.1.1.256, cost: 0 }
      wlan0: { link: A, address: 10.1.1.2 }
      eth01: { link: A }
    routes:
      - { to: nowhere, via: someone, metric: 0 }
igmpVersion: 4
snoopy: true
`;
  assert.deepEqual(problemsOf(text), [
    "line 1: name: a name is lower-case letters, digits and dashes",
    'line 3: links.A.subnet: "10.1.1.7/24" is not a subnet such as 10.1.1.0/24',
    'line 3: links.A.colour: "colour" is not known here',
    "line 4: links.very-long-name: a link's name is a letter and up to 8 letters or digits",
    'line 8: routers.R1.interfaces.eth0.address: "10.1.1.256" is not an address',
    "line 8: routers.R1.interfaces.eth0.cost: Too small: expected number to be >=1",
    "line 9: routers.R1.interfaces.wlan0: an interface is named eth0, eth1, ... eth99",
    "line 10: routers.R1.interfaces.eth01: an interface is named eth0, eth1, ... eth99",
    'line 12: routers.R1.routes.0.to: "nowhere" is not a subnet such as 10.1.1.0/24',
    'line 12: routers.R1.routes.0.via: "someone" is not an address',
    "line 12: routers.R1.routes.0.metric: Too small: expected number to be >=1",
    "line 13: igmpVersion: Invalid option: expected one of 2|3",
    'line 14: snoopy: "snoopy" is not known here',
  ]);
});

test("all mistakes of meaning are told at once, with line and path", () => {
  const text = `name: bad
links:
  A: { subnet: 10.1.1.0/24 }
  B: { subnet: 10.1.0.0/16 }
  C: { subnet: "2001:db8::/64" }
routers:
  R1:
    interfaces:
      eth0: { link: A, address: 10.1.1.1 }
      eth1: { link: Z, address: 10.9.9.9 }
      eth2: { link: A, address: 10.2.2.1 }
    routes:
      - { to: 10.5.5.0/24, via: [10.1.1.9, 10.7.7.7], metric: 1 }
      - { to: 10.5.5.0/24, via: 10.1.1.9, metric: 2 }
hosts:
  R1: { link: A, address: 10.1.1.1 }
flows:
  - source: R9
    group: 10.1.1.1
    receivers: [R1, Nobody]
`;
  assert.deepEqual(problemsOf(text), [
    "line 3: links: subnets are all of IPv4 or all of IPv6",
    "line 4: links.B: nothing is on link B",
    "line 4: links.B.subnet: 10.1.0.0/16 overlaps the subnet of link A",
    "line 5: links.C: nothing is on link C",
    "line 10: routers.R1.interfaces.eth1.link: there is no link Z",
    "line 11: routers.R1.interfaces.eth2.address: 10.2.2.1 is not in 10.1.1.0/24, the subnet of link A",
    "line 13: routers.R1.routes.0.via: 10.7.7.7 is on no link of R1",
    "line 14: routers.R1.routes.1.to: R1 already has a route to 10.5.5.0/24",
    "line 16: hosts.R1: R1 is already a router",
    "line 16: hosts.R1.address: 10.1.1.1 is already that of routers.R1.interfaces.eth0",
    "line 18: flows.0.source: there is no host R9",
    "line 19: flows.0.group: 10.1.1.1 is not a multicast address",
    "line 20: flows.0.receivers.1: there is no host Nobody",
  ]);
});

test("what is not YAML, or not a network, is a problem too", () => {
  assert.match(problemsOf("name: [").join(), /^line \d+: /);
  assert.match(problemsOf("name: a\nname: b\n").join(), /^line 2: Map keys must be unique/);
  assert.deepEqual(problemsOf("name: a"), ["line 1: links: expected a map of links by name"]);
  assert.match(problemsOf("").join(), /^line 1: Invalid input: expected object/);
  assert.match(problemsOf("name: *other").join(), /^line 1: Unresolved alias/);
  assert.match(
    problemsOf("? [a]\n: b\n").join(),
    /^line 1: With stringKeys, all keys must be strings/,
  );
});
