// The lists and the TTL threshold of an interface, on their way from the configuration to core, membership and machine.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { ALL_TREES } from "../../src/base/tree-filter.ts";
import type { InterfaceConfiguration } from "../../src/daemon/configuration.ts";
import { encodeIgmp } from "../../src/wire/igmp.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import { withInterface } from "../support/configured.ts";
import { denying } from "../support/filters.ts";
import type { Rig } from "./engine-rig.ts";
import { drops, ETH1, ETH2, flowing, GROUP, on, rig, SOURCE } from "./engine-rig.ts";

const HPIM = on("hpim", "eth1", "eth2");
const OTHER_GROUP = ip("239.1.1.2");
const DENIED = { filter: denying({ groups: ["239.1.1.1/32"] }) };

function configure({ engine }: Rig, name: string, change: Partial<InterfaceConfiguration>): void {
  const configuration = withInterface(engine.configuration, name, change);
  engine.handle({ kind: "configure", configuration });
}

/** What the machine was told of thresholds and entries since the last call. */
const told = ({ host }: Rig): readonly string[] =>
  host.calls.splice(0).filter((call) => /^(setTtl|writeE|startI|stopI)/.test(call));

function arrives({ engine }: Rig, group: typeof GROUP): void {
  const about = { reason: "missingEntry", interface: ETH1.index, source: SOURCE, group } as const;
  engine.handle({ kind: "upcalls", upcalls: [about] });
}

function report({ engine }: Rig, group: typeof GROUP): void {
  const bytes = encodeIpv4({
    ...{ source: ip("10.0.2.77"), destination: group, ttl: 1, tos: 0xc0, protocol: 2 },
    ...{ routerAlert: true, payload: encodeIgmp({ kind: "report", version: 2, group }) },
  });
  engine.handle({ kind: "datagram", interface: ETH2.index, bytes });
}

/** Two trees from eth1, to a listener of each on eth2. */
function listening(): Rig {
  const made = flowing(on("igmp", "eth2"));
  configure(made, "eth1", { hpim: made.engine.configuration.defaults.hpim });
  for (const group of [GROUP, OTHER_GROUP]) {
    report(made, group);
    arrives(made, group);
  }
  assert.deepEqual(outputs(made), ["2", "2"]);
  told(made);
  return made;
}

/** Of both trees. */
const outputs = ({ host }: Rig): readonly (string | undefined)[] =>
  [GROUP, OTHER_GROUP].map((group) => host.entries.get(SOURCE + group)?.outgoing.join());

test("§9 TtlThreshold: the machine knows it as soon as the interface has a VIF, before any entry", () => {
  const made = flowing(withInterface(HPIM, "eth2", { ttlThreshold: 16 }));
  assert.deepEqual(told(made), [
    "startInterface 1",
    "startInterface 2",
    "setTtlThreshold 2 16",
    "writeEntry 1 ",
  ]);
});

test("§9 TtlThreshold: of another one the machine is told once, and entries with that output are written anew", () => {
  const made = listening();
  configure(made, "eth2", { ttlThreshold: 16 });
  assert.deepEqual(told(made), ["setTtlThreshold 2 16", "writeEntry 1 2", "writeEntry 1 2"]);
  configure(made, "eth2", { ttlThreshold: 16 });
  configure(made, "eth1", { ttlThreshold: 32 });
  assert.deepEqual(told(made), ["setTtlThreshold 1 32"], "eth1 is no output");
  configure(made, "eth2", { ttlThreshold: 1 });
  assert.deepEqual(told(made), ["setTtlThreshold 2 1", "writeEntry 1 2", "writeEntry 1 2"]);
});

test("§9 TtlThreshold: an interface that is used again has its own; one that ends keeps it to the end", () => {
  const made = listening();
  configure(made, "eth2", { ttlThreshold: 16 });
  told(made);
  made.engine.handle({ kind: "links", links: [ETH1, { ...ETH2, up: false }] });
  assert.deepEqual(told(made), ["writeEntry 1 ", "writeEntry 1 ", "stopInterface 2"]);
  made.engine.handle({ kind: "links", links: [ETH1, ETH2] });
  assert.deepEqual(told(made), ["startInterface 2", "setTtlThreshold 2 16"]);
  made.engine.stop();
  assert.deepEqual(told(made), ["stopInterface 1", "stopInterface 2"]);
});

test("§2.4: lists reach core and membership at once, and leave other groups alone", () => {
  const made = listening();
  configure(made, "eth2", DENIED);
  assert.deepEqual(outputs(made), ["", "2"]);
  assert.deepEqual(
    made.engine.view().membership.groups.map(({ group }) => group),
    [OTHER_GROUP],
  );
  report(made, GROUP);
  assert.deepEqual(drops(made, ETH2), ["IGMP: group not allowed: 1"]);
  const queries = made.host.sent.length;
  configure(made, "eth2", { filter: ALL_TREES });
  assert.deepEqual(
    made.host.sent.slice(queries).map(({ protocol, destination }) => [protocol, destination]),
    [["igmp", ip("224.0.0.1")]],
  );
  report(made, GROUP);
  assert.deepEqual(outputs(made), ["2", "2"]);
});

test("§2.4: lists of sources reach the core alone: the group keeps its members", () => {
  const made = listening();
  configure(made, "eth2", { filter: denying({ sources: ["10.0.1.0/24"] }) });
  assert.deepEqual(outputs(made), ["", ""]);
  assert.equal(made.engine.view().membership.groups.length, 2);
  configure(made, "eth2", { filter: ALL_TREES });
  assert.deepEqual(outputs(made), ["2", "2"]);
});

test("§2.4: lists are in force when the interface begins; a link that changes asks nobody anew", () => {
  const made = rig(withInterface(on("igmp", "eth2"), "eth2", DENIED), [ETH1, ETH2]);
  report(made, GROUP);
  assert.deepEqual(drops(made, ETH2), ["IGMP: group not allowed: 1"]);
  const { length } = made.host.sent;
  made.engine.handle({ kind: "links", links: [ETH1, { ...ETH2, mtu: 1400 }] });
  assert.equal(made.host.sent.length, length);
});

test("§2.4, §13: data that no list of their way back allows are counted as such", () => {
  const made = flowing(withInterface(HPIM, "eth1", DENIED));
  assert.deepEqual(drops(made, ETH1), ["data: tree not allowed: 1"]);
  assert.deepEqual(outputs(made), ["", undefined]);
});
