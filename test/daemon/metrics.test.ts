// Metrics: what they say of a busy router, that Prometheus takes them, and that none is too long to be read.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { orderedKeys } from "../../src/base/ordered.ts";
import { interfaceIndex, millis } from "../../src/base/units.ts";
import type { TreeKey } from "../../src/core/tree-id.ts";
import { treeKey } from "../../src/core/tree-id.ts";
import type { EngineReading } from "../../src/daemon/engine-view.ts";
import { expositionOf } from "../../src/daemon/metrics/exposition.ts";
import { metricsOf } from "../../src/daemon/metrics/metrics.ts";
import { Busiest } from "../../src/daemon/metrics/traffic.ts";
import { Formed, GROUP, SOURCE } from "../support/formed-network.ts";
import { type Metric, metricsIn, promtool, valueIn } from "../support/metrics.ts";
import { fromRoot } from "../support/root.ts";
import { arriving, ETH1, ETH2, flowing, on, rig } from "./engine-rig.ts";

const running = { isChanged: false, lastLoad: { isTaken: true, takenAtSeconds: 1_700_000_000 } };

/** The metrics of an engine, as text. */
const textOf = (engine: EngineReading): string =>
  [...metricsOf({ engine, running, program: "hpim-dm 1.2.3" })()].join("");

const read = (engine: EngineReading): ReadonlyMap<string, Metric> => metricsIn(textOf(engine));

/** A router that has had neighbors, an assert, members, data, drops and failures. */
function busy(): Formed {
  const formed = new Formed().rest();
  const { network } = formed;
  network.machine("R4").stop();
  network.run(millis(5_000));
  network.start("R4");
  network.run(millis(10_000));
  return formed;
}

test("promtool takes the metrics of a busy router", async () => {
  const formed = busy();
  const { engine, host } = flowing();
  engine.handle(arriving(new Uint8Array([1, 2, 3])));
  engine.handle({ ...arriving(new Uint8Array([1])), interface: interfaceIndex(99) });
  assert.ok(host.entries.size > 0);
  for (const of of [formed.engine("R3"), formed.engine("R7"), engine]) {
    await promtool(["check", "metrics"], textOf(of));
  }
});

test("what is said of a router is what its lists say", () => {
  const formed = busy();
  const [engine, metrics] = [formed.engine("R3"), read(formed.engine("R3"))];
  const value = (name: string, labels = ""): number => valueIn(metrics, `hpim_${name}`, labels);
  assert.equal(value("build_info", '{version="1.2.3"}'), 1);
  const { neighbors } = formed.list("R3", "neighbors");
  for (const name of ["eth0", "eth1"]) {
    const synced = neighbors.filter((one) => one.interface === name && one.state === "SYNCED");
    assert.ok(synced.length > 0);
    assert.equal(value("neighbors", `{interface="${name}",state="SYNCED"}`), synced.length);
  }
  assert.equal(value("trees", '{state="ACTIVE"}'), 1);
  assert.equal(value("tree_state_changes_total", '{from="INACTIVE",to="ACTIVE"}'), 1);
  const { counters } = formed.list("R3", "counters");
  for (const { interface: name, received, sent, retransmissions, neighborFailures } of counters) {
    const of = `{interface="${name}"`;
    for (const [type, count] of Object.entries(received.hpim)) {
      const labels = `${of},protocol="HPIM-DM",type="${type}"}`;
      assert.equal(value("messages_received_total", labels), count);
    }
    assert.equal(
      value("messages_sent_total", `${of},protocol="IGMP",type="query"}`),
      sent.igmp.query,
    );
    assert.equal(value("retransmissions_total", `${of}}`), retransmissions);
    for (const [reason, count] of Object.entries(neighborFailures)) {
      assert.equal(value("neighbor_failures_total", `${of},reason="${reason}"}`), count);
    }
  }
  // R4 forwards onto eth1, leaves, and comes back.
  assert.equal(value("assert_changes_total", '{interface="eth1",to="winner"}'), 1);
  assert.equal(value("assert_changes_total", '{interface="eth1",to="loser"}'), 2);
  const [entry] = formed.list("R3", "mroute").entries;
  const tree = `{source="${SOURCE}",group="${GROUP}"}`;
  assert.equal(value("tree_packets_total", tree), entry?.packets);
  assert.equal(value("tree_bytes_total", tree), entry?.bytes);
  assert.ok((entry?.packets ?? 0) > 10);
  assert.equal(value("kernel_entries"), 1);
  assert.equal(value("kernel_entry_differences"), 0);
  const right = (entry?.packets ?? 0) - (entry?.wrongInterface ?? 0);
  assert.equal(value("interface_packets_total", '{interface="eth0",direction="in"}'), right);
  assert.ok(value("interface_packets_total", '{interface="eth1",direction="out"}') > 0);
  const ofOriginator = read(formed.engine("R1"));
  const reported = '{interface="eth0",reason="no entry"}';
  assert.equal(valueIn(ofOriginator, "hpim_upcalls_total", reported), 1);
  assert.equal(
    value("groups", '{interface="eth0"}'),
    engine.membership.interfaces()[0]?.groupCount,
  );
});

test("groups are those of hosts", () => {
  const metrics = read(new Formed().engine("R6"));
  const groups = [...(metrics.get("hpim_groups")?.values.entries() ?? [])];
  assert.deepEqual(
    groups.filter(([, count]) => count > 0),
    [['{interface="eth1"}', 1]],
  );
});

test("counters do not fall while neighbors and trees come and go", () => {
  const formed = new Formed().rest();
  const { network } = formed;
  let before = read(formed.engine("R3"));
  const look = (seconds: number): void => {
    for (let n = 0; n < seconds; n++) {
      network.run(millis(1_000));
      const now = read(formed.engine("R3"));
      for (const [name, { type, values }] of before) {
        if (type !== "counter") continue;
        for (const [labels, value] of values) {
          const later = now.get(name)?.values.get(labels);
          assert.ok(later !== undefined && later >= value, `${name}${labels}: ${value}, ${later}`);
        }
      }
      before = now;
    }
  };
  network.machine("R4").stop();
  look(5);
  network.start("R4");
  look(5);
});

test("drops of what is known to no interface have no interface; names are escaped", () => {
  const name = 'a"b\\c';
  const made = rig(on("hpim", name), [{ ...ETH1, name }, ETH2]);
  made.engine.handle({ ...arriving(new Uint8Array([1])), interface: interfaceIndex(99) });
  made.engine.handle({ ...arriving(new Uint8Array([1])), interface: ETH1.index });
  const drops = read(made.engine).get("hpim_drops_total")?.values;
  assert.deepEqual(
    [...(drops ?? [])],
    [
      ['{interface="a\\"b\\\\c",protocol="HPIM-DM",reason="too short"}', 1],
      ['{protocol="HPIM-DM",reason="too short"}', 1],
    ],
  );
  const [, line] = expositionOf([
    { name: "n", type: "gauge", help: "h", samples: [{ labels: { l: "\n" }, value: 1 / 3 }] },
  ]);
  assert.equal(line, 'n{l="\\n"} 0.3333333333333333\n');
});

test("a kernel whose table cannot be read, or which differs, costs no other metric", () => {
  const made = flowing();
  const names = [...read(made.engine).keys()];
  made.host.failing.set("readEntries", "ENOBUFS");
  const left = [...read(made.engine).keys()];
  assert.deepEqual(
    names.filter((one) => !left.includes(one)),
    ["kernel_entries", "kernel_entry_differences", "tree_packets_total", "tree_bytes_total"].map(
      (one) => `hpim_${one}`,
    ),
  );
  made.host.failing.clear();
  for (const { source, group } of made.host.readEntries()) made.host.deleteEntry(source, group);
  assert.equal(valueIn(read(made.engine), "hpim_kernel_entry_differences"), 1);
});

test("an error that is not the kernel's is not hidden", () => {
  const { engine } = flowing();
  engine.readVifCounters = () => {
    throw new Error("bug: for the test");
  };
  assert.throws(() => textOf(engine), /for the test/);
});

test("the busiest trees are those with the most packets, of equals the first, in their order", () => {
  const key = (n: number): TreeKey => treeKey({ source: "src0", group: `g${1_000 + n}` } as never);
  const counts = fc.array(fc.nat(20), { maxLength: 200 });
  fc.assert(
    fc.property(counts, fc.nat(12), (packets, size) => {
      const busiest = new Busiest(size);
      const all = packets.map((count, n) => ({ key: key(n), packets: count, bytes: 0 }));
      for (const tree of all) busiest.add(tree);
      const most = all.toSorted((a, b) => b.packets - a.packets).slice(0, size);
      assert.deepEqual(
        busiest.inOrder().map((tree) => tree.key),
        orderedKeys(new Set(most.map((tree) => tree.key))),
      );
    }),
  );
});

test("however many trees there are, so many have values of their own as is configured, and a piece reads one entry", () => {
  const { engine, host } = flowing();
  const entries = host.readEntries();
  const [one] = entries;
  assert.ok(one);
  let taken = 0;
  const many = Array.from({ length: 5_000 }, (_, n) => ({
    ...one,
    group: `\xef\x01${String.fromCharCode(n >> 8, n & 0xff)}` as typeof one.group,
    packets: n,
  }));
  engine.readEntries = function* () {
    for (const entry of many) {
      taken++;
      yield entry;
    }
  };
  const byGroup = new Map(many.map((entry) => [entry.group, entry]));
  engine.readEntry = (_, group) => byGroup.get(group) ?? null;
  let text = "";
  let rests = 0;
  for (const piece of metricsOf({ engine, running, program: "hpim-dm 1.2.3" })()) {
    assert.ok(taken <= 1, `${taken} entries were read for one piece`);
    assert.ok(piece.length < 1_000, "a piece is a line or two");
    if (piece === "") rests++;
    taken = 0;
    text += piece;
  }
  assert.ok(rests >= many.length);
  const packets = metricsIn(text).get("hpim_tree_packets_total")?.values;
  assert.equal(packets?.size, 100);
  assert.equal(Math.min(...(packets?.values() ?? [])), 4_900);
});

test("docs/metrics.md has every metric with its type and labels, and no others", () => {
  const manual = readFileSync(fromRoot("docs", "metrics.md"), "utf8");
  const documented = [...manual.matchAll(/^\| `(hpim_\w+)` \| (\w+) \| ([^|]*) \|/gm)].map(
    ([, name, type, labels = ""]) => [name, type, labels.replaceAll(/[`,]/g, "").trim()],
  );
  const formed = busy();
  const made = flowing();
  made.engine.handle(arriving(new Uint8Array([1])));
  const labelsOf = (name: string): string => {
    const all = [formed.engine("R7"), made.engine].flatMap((engine) => [
      ...(read(engine).get(name)?.values.keys() ?? []),
    ]);
    const [first = ""] = all;
    return [...first.matchAll(/(\w+)="/g)].map(([, label]) => label).join(" ") || "-";
  };
  const metrics = [...read(made.engine)].map(([name, { type }]) => [name, type, labelsOf(name)]);
  assert.deepEqual(documented.toSorted(), metrics.toSorted());
});
