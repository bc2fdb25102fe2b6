// What runs on the interfaces of a machine as they change, and what is said of those that cannot work (§5.6).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { bootTime, interfaceIndex } from "../../src/base/units.ts";
import type { Link } from "../../src/daemon/host.ts";
import { ETH1, ETH2, GROUP, on, pass, type Rig, rig, SOURCE } from "./engine-rig.ts";

const ISOLATED: readonly (readonly [title: string, change: Partial<Link>, sentence: string])[] = [
  [
    "the device of a VRF",
    { type: "vrf", multicast: false },
    "Nothing runs on eth1: it is the device of a VRF, and multicast is routed outside of VRFs only.",
  ],
  [
    "a member of a VRF",
    { master: { name: "red", type: "vrf" } },
    'Nothing runs on eth1: it is in the VRF red, and multicast is routed outside of VRFs only ("ip link set eth1 nomaster" takes it out).',
  ],
  [
    "a port of a bridge",
    { master: { name: "br0", type: "bridge" } },
    "Nothing runs on eth1: it is a port of br0, which gets its packets; use br0 instead.",
  ],
];

for (const [title, change, sentence] of ISOLATED) {
  test(`${title} is refused with a sentence, once, and used when it is no longer one`, () => {
    const made = rig(on("hpim", "eth1"), [{ ...ETH1, ...change }]);
    made.engine.handle({ kind: "links", links: [{ ...ETH1, ...change, mtu: 1400 }] });
    assert.deepEqual(made.sentences(), [sentence]);
    assert.equal(made.host.vifs.size, 0);
    made.engine.handle({ kind: "links", links: [ETH1] });
    assert.equal(isRunning(made), true);
    made.engine.handle({ kind: "links", links: [{ ...ETH1, ...change }] });
    assert.equal(isRunning(made), false);
    assert.equal(made.sentences().at(-1), sentence);
  });
}

const isRunning = ({ engine }: Rig): boolean =>
  engine.view().router.interfaces[0]?.running !== null;

test("what an interface waits for is said once, until it is something else", () => {
  const made = rig(on("hpim", "eth1", "eth9"), []);
  const waiting: readonly Partial<Link>[] = [
    { up: false },
    { up: false, mtu: 1400 },
    { addresses: [] },
    { addresses: [], mtu: 1400 },
    { up: false },
  ];
  for (const change of waiting) {
    made.engine.handle({ kind: "links", links: [{ ...ETH1, ...change }] });
  }
  assert.deepEqual(made.sentences(), [
    "eth1 is configured, but there is no such interface: it is used when it appears.",
    "eth9 is configured, but there is no such interface: it is used when it appears.",
    "eth1 is down. What is configured there starts when it can.",
    "eth1 has no IPv4 address. What is configured there starts when it can.",
    "eth1 is down. What is configured there starts when it can.",
  ]);
  made.engine.handle({ kind: "links", links: [] });
  assert.match(made.sentences().at(-1) ?? "", /^eth1 is configured, but there is no such/);
});

test("nothing is said of interfaces and names that nothing is configured for", () => {
  const made = rig(on("hpim"), [
    { ...ETH1, up: false },
    { ...ETH2, addresses: [] },
  ]);
  made.engine.handle({ kind: "links", links: [{ ...ETH1, multicast: false }] });
  assert.deepEqual(made.sentences(), []);
});

for (const [call, errno] of [
  ["startInterface", "ENFILE"],
  ["storeBootTime", "ENOSPC"],
  ["lastBootTime", "EIO"],
] as const) {
  test(`what ${call} keeps from running is tried anew by itself, and reported once`, () => {
    const made = rig(on("hpim", "eth1"), []);
    made.notices.length = 0;
    made.host.failing.set(call, errno);
    made.engine.handle({ kind: "links", links: [ETH1] });
    for (let i = 0; i < 3; i++) pass(made);
    assert.equal(isRunning(made), false);
    assert.deepEqual(
      made.notices.map(({ kind }) => kind),
      ["refused"],
    );
    assert.ok(made.host.calls.filter((text) => text.startsWith(`${call} `)).length >= 4);
    made.host.failing.clear();
    pass(made);
    assert.equal(isRunning(made), true);
  });
}

test("a name that is configured goes to whatever interface has it; the BootTime goes on rising", () => {
  const configuration = on("hpim", "eth1", "wan");
  const made = rig(configuration, [ETH1]);
  const first = made.host.bootTimes.get("eth1") ?? assert.fail("it was stored");
  const vif = made.host.vifs.get(ETH1.index);
  made.host.storeBootTime("wan", bootTime(7));
  made.engine.handle({ kind: "links", links: [{ ...ETH1, name: "wan" }] });
  assert.equal(made.host.vifs.get(ETH1.index), vif, "it runs on");
  assert.equal(made.engine.view().router.interfaces[0]?.running?.bootTime, first);
  assert.equal(made.host.bootTimes.get("wan"), first, "neighbors know it under its new name");

  made.engine.handle({ kind: "links", links: [{ ...ETH1, name: "wan", up: false }] });
  made.engine.handle({ kind: "links", links: [{ ...ETH1, name: "wan" }] });
  assert.equal(made.host.bootTimes.get("wan"), first + 1);

  made.engine.handle({ kind: "links", links: [] });
  made.engine.handle({
    kind: "links",
    links: [{ ...ETH1, name: "wan", index: interfaceIndex(2) }],
  });
  assert.equal(made.host.bootTimes.get("wan"), first + 2);

  made.engine.handle({ kind: "links", links: [{ ...ETH1, name: "x", index: interfaceIndex(2) }] });
  assert.equal(isRunning(made), false, "nothing is configured for that name");
});

test("two interfaces that swap a name by way of another: the BootTime of the name goes on rising", () => {
  const made = rig(on("hpim", "eth1"), [ETH1]);
  const [spare, other] = [
    { ...ETH1, name: "spare" },
    { ...ETH2, name: "eth1" },
  ];
  made.engine.handle({ kind: "links", links: [spare] });
  made.engine.handle({ kind: "links", links: [spare, other] });
  made.engine.handle({ kind: "links", links: [spare, { ...other, up: false }] });
  made.engine.handle({ kind: "links", links: [spare, other] });
  const before = made.host.bootTimes.get("eth1") ?? assert.fail("it was stored");
  made.engine.handle({ kind: "links", links: [spare] });
  made.engine.handle({ kind: "links", links: [ETH1] });
  assert.equal(isRunning(made), true);
  assert.ok((made.host.bootTimes.get("eth1") ?? 0) > before, "it has risen");
});

test("what of the machine cannot be read is reported", () => {
  const made = rig(on("hpim"), []);
  const failure = {
    syscall: "recv",
    errno: "ENOMEM",
    message: "cannot read the routes of table 9",
  };
  made.engine.handle({ kind: "failed", failure });
  assert.deepEqual(made.sentences(), [
    "A call of the kernel failed: cannot read the routes of table 9.",
  ]);
});

test("upcalls that come together: all entries are written before anything is sent", () => {
  const made = rig(on("hpim", "eth1", "eth2"), [ETH1, ETH2]);
  const prefix = { address: ETH1.addresses[0]?.subnet.address ?? assert.fail(), length: 24 };
  const route = { protocol: 2, metric: 0, nextHops: [{ interface: ETH1.index, gateway: null }] };
  made.engine.handle({ kind: "routes", changes: [{ prefix, routes: [route] }] });
  made.host.calls.length = 0;
  const groups = [GROUP, ...["239.1.1.2", "239.1.1.3"].map(ip)];
  const about = { reason: "missingEntry", interface: ETH1.index, source: SOURCE } as const;
  made.engine.handle({ kind: "upcalls", upcalls: groups.map((group) => ({ ...about, group })) });
  const order = made.host.calls.map((call) => call.split(" ")[0]);
  const [write, send] = ["writeEntry", "send"].map((call) => new Array(3).fill(call));
  assert.deepEqual(
    order.filter((call) => call === "writeEntry" || call === "send"),
    [...(write ?? []), ...(send ?? [])],
  );
});
