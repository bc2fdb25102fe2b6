// The engine between the core and a machine: what is told to whom, in which order, and what a failing call does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { bootTime } from "../../src/base/units.ts";
import { EMPTY_CONFIGURATION } from "../../src/daemon/configuration.ts";
import { Engine } from "../../src/daemon/engine.ts";
import type { DaemonNotice } from "../../src/daemon/notices.ts";
import { encodeMessage } from "../../src/wire/hpim.ts";
import {
  drops,
  ETH1,
  ETH2,
  flowing,
  GROUP,
  hello,
  messages,
  NEIGHBOR,
  on,
  pass,
  receive,
  rig,
  SOURCE,
} from "./engine-rig.ts";
import { ObservedMachine } from "./observed-machine.ts";

test("§5.6: a VIF is taken, then the BootTime stored, then a Hello sent", () => {
  const made = rig(on("hpim", "eth1"), [ETH1, ETH2]);
  pass(made);
  const order = made.host.calls.filter((call) =>
    /^(startInterface|storeBootTime|send) /.test(call),
  );
  assert.deepEqual(order, ["startInterface 1", "storeBootTime eth1", "send 1 hpim"]);
  assert.equal(messages(made)[0]?.kind, "hello");
  assert.deepEqual([...made.host.vifs.keys()], [1], "eth2 needs none");
});

test("§4: the BootTime is greater than the last one that the machine remembers", () => {
  const host = new ObservedMachine();
  host.storeBootTime("eth1", bootTime(1_900_000_000));
  const engine = new Engine({ host, report: () => undefined, seed: 1 });
  engine.handle({ kind: "links", links: [ETH1] });
  engine.handle({ kind: "configure", configuration: on("hpim", "eth1") });
  assert.equal(host.bootTimes.get("eth1"), 1_900_000_001);
});

for (const call of ["storeBootTime", "lastBootTime"] as const) {
  test(`§4: HPIM-DM does not run where ${call} fails; nothing leaves, and a notice says why`, () => {
    const host = new ObservedMachine();
    host.failing.set(call, "ENOSPC");
    const notices: DaemonNotice[] = [];
    const engine = new Engine({ host, report: (notice) => notices.push(notice), seed: 1 });
    engine.handle({ kind: "links", links: [ETH1] });
    engine.handle({ kind: "configure", configuration: on("hpim", "eth1") });
    assert.equal(engine.view().router.interfaces[0]?.running, null);
    assert.deepEqual(host.sent, []);
    assert.equal(host.vifs.size, 0);
    assert.equal(notices.filter(({ kind }) => kind === "refused").length, 1);
    assert.equal(
      notices.some(({ kind }) => kind === "protocolStarted"),
      false,
    );

    host.failing.clear();
    engine.handle({ kind: "links", links: [ETH1] });
    assert.notEqual(engine.view().router.interfaces[0]?.running, null, "tried anew");
    assert.equal(host.vifs.size, 1);
  });
}

test("§4: HPIM-DM goes on where its BootTime can no longer be read, and begins anew with a greater one", () => {
  const made = rig(on("hpim", "eth1"), [ETH1]);
  const first = made.host.bootTimes.get("eth1") ?? 0;
  made.host.failing.set("lastBootTime", "EMFILE");
  made.engine.handle({ kind: "links", links: [ETH1, ETH2] });
  assert.notEqual(made.engine.view().router.interfaces[0]?.running, null);
  assert.deepEqual(
    made.notices.filter(({ kind }) => kind === "refused"),
    [],
  );
  made.engine.handle({ kind: "links", links: [{ ...ETH1, up: false }] });
  made.engine.handle({ kind: "links", links: [ETH1] });
  assert.equal(made.host.bootTimes.get("eth1"), first + 1);
});

test("an interface without a VIF runs nothing; the reason is reported once", () => {
  const host = new ObservedMachine();
  host.failing.set("startInterface", "ENFILE");
  const notices: DaemonNotice[] = [];
  const engine = new Engine({ host, report: (notice) => notices.push(notice), seed: 1 });
  engine.handle({ kind: "configure", configuration: on("hpim", "eth1") });
  for (let i = 0; i < 3; i++) engine.handle({ kind: "links", links: [ETH1] });
  assert.equal(engine.view().router.interfaces[0]?.running, null);
  assert.equal(notices.length, 1);
});

test("loopback and interfaces without multicast are refused", () => {
  const links = [
    { ...ETH1, loopback: true },
    { ...ETH2, multicast: false },
  ];
  const made = rig(on("hpim", "eth1", "eth2"), links);
  assert.deepEqual(made.host.vifs.size, 0);
  assert.deepEqual(made.sentences(), [
    "Nothing runs on eth1: it is a loopback interface.",
    'Nothing runs on eth2: it cannot send multicast ("ip link set eth2 multicast on" may help).',
  ]);
});

test("§5.6: a link that goes down gives its VIF back, and takes one again when it comes up", () => {
  const made = rig(on("hpim", "eth1"), [ETH1]);
  made.engine.handle({ kind: "links", links: [{ ...ETH1, up: false }] });
  assert.equal(made.host.vifs.size, 0);
  made.engine.handle({ kind: "links", links: [ETH1] });
  assert.equal(made.host.vifs.size, 1);
});

test("§9: an entry names its VIFs while they are there, and is rewritten before one is given back", () => {
  const made = flowing();
  const entry = () => made.host.entries.get(SOURCE + GROUP);
  assert.equal(entry()?.incoming, 1);
  made.engine.handle({ kind: "links", links: [ETH1] });
  assert.deepEqual(entry()?.outgoing ?? [], []);
  made.engine.handle({ kind: "links", links: [ETH2] });
  assert.equal(entry()?.incoming === 1, false, "no entry names an interface that has gone");
});

test("§13: a blocking entry goes with the VIF of the interface that its data arrive on", () => {
  const made = rig(on("hpim", "eth1", "eth2"), [ETH1, ETH2]);
  made.engine.handle({
    kind: "upcalls",
    upcalls: [
      {
        reason: "missingEntry",
        interface: ETH1.index,
        ...{ source: ip("172.16.0.1"), group: GROUP },
      },
    ],
  });
  assert.deepEqual(
    [...made.host.entries.values()].map(({ incoming }) => incoming),
    [1],
  );
  made.engine.handle({ kind: "configure", configuration: on("hpim", "eth2") });
  assert.equal(made.host.vifs.has(ETH1.index), false);
  assert.equal(made.host.entries.size, 0);
});

test("stop: goodbye on every interface, no entry left, no VIF left, no deadline", () => {
  const made = flowing();
  pass(made);
  made.host.sent.length = 0;
  made.engine.stop();
  const goodbyes = messages(made).filter(
    (message) => message.kind === "hello" && message.options.holdTimeSeconds === 0,
  );
  assert.equal(goodbyes.length, 2);
  assert.deepEqual([made.host.entries.size, made.host.vifs.size], [0, 0]);
  assert.equal(made.host.deadline, null);
  const calls = made.host.calls.length;
  made.engine.handle({ kind: "links", links: [ETH1, ETH2] });
  assert.equal(made.host.calls.length, calls, "what comes later is ignored");
});

test("§6.2: a Hello that arrives discovers a neighbor, which gets a Sync by unicast", () => {
  const made = rig(on("hpim", "eth2"), [ETH1, ETH2]);
  receive(made, hello(40));
  const sync = made.host.sent.find(({ destination }) => destination === NEIGHBOR);
  assert.equal(sync?.interface, ETH2.index);
  assert.equal(sync?.source, ip("10.0.2.1"));
});

test("P6: what does not decode is counted by reason, on its interface", () => {
  const made = rig(on("hpim", "eth2"), [ETH1, ETH2]);
  receive(made, hello(40).subarray(0, 5));
  receive(made, hello(40).subarray(0, 5));
  made.engine.handle({ kind: "datagram", interface: ETH2.index, bytes: new Uint8Array(3) });
  assert.deepEqual(drops(made, ETH2), ["HPIM-DM: too short: 2", "IPv4: too short: 1"]);
});

test("§3: an interface without keys drops signed messages, and counts them", () => {
  const made = rig(on("hpim", "eth2"), [ETH2]);
  const room = { identifier: 1, lengthBytes: 4 };
  const signed = encodeMessage(
    { kind: "hello", bootTime: bootTime(7), options: { holdTimeSeconds: 40 } },
    room,
  );
  receive(made, signed);
  assert.deepEqual(drops(made, ETH2), ["HPIM-DM: signed, but there are no keys: 1"]);
  assert.deepEqual(made.engine.view().router.interfaces[0]?.running?.neighbors, []);
});

test("a failing send is reported when it begins to fail, not each time, and nothing else stops", () => {
  const made = rig(on("hpim", "eth1"), [ETH1]);
  made.host.failing.set("send", "ENETUNREACH");
  for (let i = 0; i < 3; i++) pass(made);
  assert.equal(made.notices.filter(({ kind }) => kind === "callFailed").length, 1);
  made.host.failing.clear();
  pass(made);
  made.host.failing.set("send", "ENETUNREACH");
  pass(made);
  assert.equal(made.notices.filter(({ kind }) => kind === "callFailed").length, 2);
});

test("a deadline is set when it changes, and again when it has come", () => {
  const made = rig(on("hpim", "eth1"), [ETH1]);
  const first = made.host.deadline;
  const calls = made.host.calls.filter((call) => call.startsWith("setDeadline")).length;
  made.engine.handle({ kind: "links", links: [ETH1] });
  assert.equal(made.host.calls.filter((call) => call.startsWith("setDeadline")).length, calls);
  pass(made);
  assert.notEqual(made.host.deadline, first);
});

test("a deadline that comes early is set again", () => {
  const made = rig(on("hpim", "eth1"), [ETH1]);
  const due = made.host.deadline;
  made.host.deadline = null;
  made.engine.handle({ kind: "deadline" });
  assert.equal(made.host.deadline, due);
});

test("a bug of ours ends the engine: it does not go on from half an event", () => {
  const made = rig(on("hpim", "eth1"), [ETH1]);
  made.host.failing.set("now", "EFAULT");
  assert.throws(() => made.engine.handle({ kind: "deadline" }), /for the test/);
  made.host.failing.clear();
  assert.throws(() => made.engine.handle({ kind: "deadline" }), /used again/);
});

test("§16: settings of the router reach the core", () => {
  const { router } = EMPTY_CONFIGURATION;
  const bounded = { ...on("hpim", "eth1", "eth2"), router: { ...router, treeLimit: 0 } };
  const made = flowing(bounded);
  assert.deepEqual(made.engine.view().router.trees, []);
  assert.deepEqual(drops(made, ETH1), ["data: too many trees: 1"]);
  assert.equal(flowing().engine.view().router.trees.length, 1);
});
