// The list of forwarding entries: what the kernel has, beside what the daemon gave it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { answerOf } from "../support/answers.ts";
import { Formed, GROUP, SOURCE } from "../support/formed-network.ts";

const TREE = { source: SOURCE, group: GROUP };

test("mroute: the kernel's entries, with every way in which they can differ from the daemon's", () => {
  const formed = new Formed().rest();
  const machine = formed.network.machine("R1");
  const { entries } = formed.list("R1", "mroute");
  const [installed] = machine.readEntries();
  const counters = {
    ...{ packets: installed?.packets, bytes: installed?.bytes },
    ...{ wrongInterface: 0, unresolved: false },
  };
  assert.equal(counters.packets, 21);
  const daemon = { incoming: "eth0", outgoing: ["eth1", "eth3"] };
  const row = { ...TREE, inKernel: true, ...daemon, ...counters, daemon, difference: null };
  assert.deepEqual(entries, [row]);
  for (const [name, count] of [
    ["eth0", 1],
    ["eth3", 1],
    ["eth2", 0],
  ] as const) {
    const narrowed = formed.list("R1", "mroute", { interface: name }).entries;
    assert.equal(narrowed.length, count, name);
  }
  const differences = () =>
    formed
      .list("R1", "mroute")
      .entries.map(({ group, inKernel, difference }) => [...[group, inKernel, difference]]);
  const index = (name: string) => known(machine.indexes().get(name), `R1 has ${name}`);
  const wanted = "the daemon wants eth0 to eth1 eth3";

  machine.writeEntry(ip(SOURCE), ip(GROUP), index("eth0"), [index("eth1"), index("eth2")]);
  assert.deepEqual(differences(), [[GROUP, true, wanted]]);
  const all = ["eth1", "eth2", "eth3"].map(index);
  machine.writeEntry(ip(SOURCE), ip(GROUP), index("eth0"), all);
  assert.deepEqual(differences(), [[GROUP, true, wanted]]);
  machine.writeEntry(ip(SOURCE), ip(GROUP), index("eth0"), [index("eth1")]);
  assert.deepEqual(differences(), [[GROUP, true, wanted]]);
  machine.writeEntry(ip(SOURCE), ip(GROUP), index("eth1"), [index("eth1"), index("eth3")]);
  assert.deepEqual(differences(), [[GROUP, true, wanted]]);
  machine.writeEntry(ip(SOURCE), ip(GROUP), index("eth0"), [index("eth3"), index("eth1")]);
  assert.deepEqual(differences(), [[GROUP, true, null]], "the order of outputs is no difference");

  machine.deleteEntry(ip(SOURCE), ip(GROUP));
  machine.writeEntry(ip(SOURCE), ip("239.1.1.1"), index("eth0"), []);
  assert.deepEqual(differences(), [
    [GROUP, false, "the kernel does not have the entry"],
    ["239.1.1.1", true, "the daemon knows no such entry"],
  ]);
});

test("mroute: what is written while the table is read is no difference", () => {
  const formed = new Formed();
  const machine = formed.network.machine("R1");
  const stale = machine.readEntries().map((entry) => ({ ...entry, outgoing: [] }));
  const gone = { ...known(stale[0], "an entry"), group: ip("239.1.1.1") };
  const waiting = { ...gone, group: ip("239.1.1.2"), incoming: null, unresolved: true };
  const engine = formed.engine("R1");
  engine.readEntries = () => [...stale, gone, waiting];
  const shown = answerOf("mroute", engine).entries.map(({ group, outgoing, difference }) => [
    ...[group, outgoing, difference],
  ]);
  assert.deepEqual(shown, [
    [GROUP, ["eth1", "eth3"], null],
    ["239.1.1.2", [], null],
  ]);
  engine.readEntries = () => [];
  assert.deepEqual(
    answerOf("mroute", engine).entries.map(({ inKernel, difference }) => [inKernel, difference]),
    [[true, null]],
    "an entry that was written after the table had been read",
  );
});
