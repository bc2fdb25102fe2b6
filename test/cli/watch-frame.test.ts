// hpim-dm watch: what a frame shows, in terminals of all sizes.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { InterfaceRow } from "../../src/api/lists/interfaces.ts";
import type { NeighborRow } from "../../src/api/lists/neighbors.ts";
import type { TreeRow } from "../../src/api/lists/trees.ts";
import type { Flow } from "../../src/cli/watch/flows.ts";
import { treeOf } from "../../src/cli/watch/flows.ts";
import type { Scene, Size } from "../../src/cli/watch/frame.ts";
import { extentOf, frameOf, shownFlows } from "../../src/cli/watch/frame.ts";
import type { Picture } from "../../src/cli/watch/look.ts";
import { rate } from "../../src/cli/watch/parts.ts";
import { INITIAL_VIEW } from "../../src/cli/watch/view.ts";

const SIZE: Size = { columns: 120, rows: 40 };

const interfaceRow = (name: string): InterfaceRow => ({
  ...{ name, index: 1, up: true, loopback: false, mtu: 1500, addresses: [], vif: 0 },
  ...{ problem: null, boundary: null, ttlThreshold: 1 },
  hpim: { state: "running", address: "10.1.1.1", bootTime: 7, neighbors: 2, signsWith: null },
  igmp: { state: "off", role: null, querier: null, querierExpiresInSeconds: null },
});

const neighborRow = (n: number): NeighborRow => ({
  ...{ interface: "eth1", address: `10.1.1.${n}`, state: "SYNCED", bootTime: 7, mySsn: 1 },
  ...{ neighborSsn: 1, checkpointSn: 1, knownSeconds: 125, syncedSeconds: 1 },
  ...{ expiresInSeconds: 30, upstreamTrees: 4 },
});

const flow = (n: number): Flow => ({
  ...{ source: "10.1.1.100", group: `239.1.1.${n}`, incoming: "eth0", outgoing: ["eth1"] },
  ...{ packetsPerSecond: 100, bitsPerSecond: 80_000 },
});

const tree: TreeRow = {
  ...{ source: "10.1.1.100", group: "239.1.1.1", state: "ACTIVE", reason: "", rpc: null },
  ...{ originator: false, root: "eth0", interested: true, sourceExpiresInSeconds: null },
  entry: null,
  interfaces: [
    {
      ...{ interface: "eth2", role: "non-root", bun: null, advertised: null, told: null },
      nonRoot: {
        assert: { winner: false, winnerAddress: "10.5.5.4", reason: "" },
        downstream: { interested: false, reason: "" },
        forwarding: { state: "pruned", reason: "" },
      },
    },
  ],
};

function picture(of: Partial<Picture> = {}): Picture {
  const flows = Array.from({ length: 200 }, (_, n) => flow(n + 1));
  return {
    version: { version: 1, program: "hpim-dm 1.0.0", pid: 77, uptimeSeconds: 3725 },
    summary: {
      ...{ version: 1, interfaces: [] },
      trees: [
        { state: "ACTIVE", trees: 200, entries: 200 },
        { state: "INACTIVE", trees: 3, entries: 0 },
      ],
    },
    interfaces: { version: 1, interfaces: [interfaceRow("eth1")], missing: [] },
    neighbors: { version: 1, neighbors: [neighborRow(2)], refused: [] },
    ...{ flows, ratesOver: 2, details: new Map([[treeOf(tree), tree]]) },
    reading: { at: 0, entries: new Map() },
    ...of,
  };
}

const event = (msg: string, level = "info"): string =>
  JSON.stringify({ level, time: "2026-11-30T17:26:50.636Z", subsystem: "trees", msg });

const SCENE: Scene = { picture: picture(), absence: null, events: [event("Something happened.")] };

const textOf = (scene: Scene, view = INITIAL_VIEW, size = SIZE): readonly string[] =>
  frameOf(scene, view, size).map(({ text }) => text);

test("a frame has all parts: who runs, where, its neighbors, trees with their traffic, events", () => {
  const lines = textOf(SCENE).map((text) => text.trim().split(/ {2,}/).join(" | "));
  assert.deepEqual(lines.slice(0, 8), [
    "hpim-dm 1.0.0, process 77, up 1h02m | trees: 200 ACTIVE, 3 INACTIVE",
    "Interface | Link | HPIM-DM | Neighbors | IGMP | Querier",
    "eth1 | up | on | 2 | off | -",
    "Interface | Neighbor | State | Known | Expires | Upstream trees",
    "eth1 | 10.1.1.2 | SYNCED | 2m05s | 30s | 4",
    "Pkt/s | Bit/s | Source | Group | State | Root | Outgoing | By others | 1-31 of 200",
    "100 | 80k | 10.1.1.100 | 239.1.1.1 | ACTIVE | eth0 | eth1 | 10.5.5.4 on eth2",
    "100 | 80k | 10.1.1.100 | 239.1.1.2 | - | eth0 | eth1",
  ]);
  assert.deepEqual(lines.slice(-3), [
    "Time | Level | Event",
    "17:26:50 | info | Something happened.",
    "rates over 2.0s; q ends, ? helps",
  ]);
});

test("in no size is a line too long, a row missing or too many, or a tree that is shown not in the frame", () => {
  for (let rows = 1; rows <= 60; rows += 1) {
    for (const columns of [1, 20, 79, 80, 200]) {
      const size = { columns, rows };
      const lines = frameOf(SCENE, INITIAL_VIEW, size);
      assert.equal(lines.length, rows, `${columns} x ${rows}`);
      assert.ok(lines.every(({ text }) => text.length <= columns));
      if (columns < 79 || rows < 6) continue;
      const shown = shownFlows(SCENE, INITIAL_VIEW, size);
      const last = `${shown.at(-1)?.group} `;
      assert.ok(
        lines.some(({ text }) => text.includes(last)),
        `${last} at ${columns} x ${rows}`,
      );
    }
  }
});

/** More of everything than any terminal shows. */
const CROWD: Scene = {
  absence: null,
  events: Array.from({ length: 100 }, (_, n) => event(`Event ${n}.`)),
  picture: picture({
    interfaces: {
      ...{ version: 1, missing: [] },
      interfaces: Array.from({ length: 90 }, (_, n) => interfaceRow(`vlan${n}`)),
    },
    neighbors: {
      ...{ version: 1, refused: [] },
      neighbors: Array.from({ length: 60 }, (_, n) => neighborRow(n)),
    },
  }),
};

test("of many there are some, and how many more: all parts have some lines, and none is empty", () => {
  for (let rows = 10; rows <= 70; rows++) {
    for (const columns of [40, 80, 200]) {
      const lines = textOf(CROWD, INITIAL_VIEW, { columns, rows });
      assert.ok(!lines.includes(""), `${columns} x ${rows}`);
      const text = lines.join("\n");
      const interfaces = lines.filter((one) => one.startsWith("vlan")).length;
      const neighbors = lines.filter((one) => one.startsWith("eth1 ")).length;
      assert.match(text, new RegExp(`^Interface .* ${90 - interfaces} more$`, "m"));
      assert.match(text, new RegExp(`^Interface .* ${60 - neighbors} more$`, "m"));
      assert.match(text, /^.*Group .* 1-\d+ of 200$/m);
      assert.match(text, /Event 99\.$/m);
      assert.ok(interfaces > 0 && neighbors > 0);
    }
  }
});

test("no heading is cut, in no size: columns that have no room are left out", () => {
  const titlesIn = (columns: number) =>
    frameOf(CROWD, INITIAL_VIEW, { columns, rows: 60 })
      .filter(({ look }) => look === "heading")
      .map(({ text }) => ({ text, titles: text.trim().split(/ {2,}/) }));
  const all = new Set(titlesIn(200).flatMap(({ titles }) => titles));
  assert.equal(all.size, 21 + 3, "all titles but two that are there twice, and how many more");
  for (let columns = 24; columns <= 200; columns++) {
    const headings = titlesIn(columns);
    assert.equal(headings.length, 4, `${columns}`);
    for (const { text, titles } of headings) {
      assert.equal(text.length, columns);
      for (const title of titles) assert.ok(all.has(title), `${title} at ${columns}`);
    }
  }
});

test("a router with a few neighbors has all of them in 80 x 24, and something of everything in 40 x 10", () => {
  const addresses = ["10.5.5.2", "10.5.5.4", "10.5.5.6", "10.6.6.7"];
  const flows = [{ ...flow(1), outgoing: [] }];
  const scene: Scene = {
    ...SCENE,
    events: Array.from({ length: 40 }, (_, n) => event(`Neighbor 10.5.5.${n} on eth1 is gone.`)),
    picture: picture({
      interfaces: { version: 1, interfaces: ["eth0", "eth1"].map(interfaceRow), missing: [] },
      neighbors: {
        ...{ version: 1, refused: [] },
        neighbors: addresses.map((address) => ({ ...neighborRow(1), address })),
      },
      flows,
    }),
  };
  const trimmed = (size: Size) => textOf(scene, INITIAL_VIEW, size).map((text) => text.trimEnd());
  const of80 = trimmed({ columns: 80, rows: 24 });
  assert.deepEqual(of80.slice(0, 13), [
    "hpim-dm 1.0.0, process 77, up 1h02m    trees: 200 ACTIVE, 3 INACTIVE",
    "Interface  Link  HPIM-DM  Neighbors  IGMP  Querier",
    "eth0       up    on       2          off   -",
    "eth1       up    on       2          off   -",
    "Interface  Neighbor  State   Known  Expires  Upstream trees",
    "eth1       10.5.5.2  SYNCED  2m05s  30s      4",
    "eth1       10.5.5.4  SYNCED  2m05s  30s      4",
    "eth1       10.5.5.6  SYNCED  2m05s  30s      4",
    "eth1       10.6.6.7  SYNCED  2m05s  30s      4",
    "Pkt/s  Bit/s  Source      Group      State   Root  Outgoing  By others",
    "  100    80k  10.1.1.100  239.1.1.1  ACTIVE  eth0  nowhere   10.5.5.4 on eth2",
    "Time      Level  Event",
    "17:26:50  info   Neighbor 10.5.5.29 on eth1 is gone.",
  ]);
  assert.equal(of80.at(-2), "17:26:50  info   Neighbor 10.5.5.39 on eth1 is gone.");
  assert.deepEqual(trimmed({ columns: 40, rows: 10 }), [
    "hpim-dm 1.0.0, up 1h02m    203 trees",
    "Interface  HPIM-DM  Neighbors     1 more",
    "eth0       on       2",
    "Interface  Neighbor  State        3 more",
    "eth1       10.5.5.2  SYNCED",
    "Bit/s  Source      Group      Outgoing",
    "  80k  10.1.1.100  239.1.1.1  nowhere",
    "Time      Event",
    "17:26:50  Neighbor 10.5.5.39 on eth1 i..",
    "rates over 2.0s; q ends, ? helps",
  ]);
  const large = trimmed({ columns: 200, rows: 60 });
  assert.deepEqual(large.slice(4, 6), [
    "",
    "Interface  Neighbor  State   Known  Expires  Upstream trees",
  ]);
  assert.equal(large.filter((text) => text.includes("is gone.")).length, 40);
  assert.equal(extentOf(scene, INITIAL_VIEW, { columns: 80, rows: 24 }).page, 1);
});

test("a frame shows the trees from the first that is chosen, and no further than there are", () => {
  const at = (first: number) => textOf(SCENE, { ...INITIAL_VIEW, first }).join("\n");
  assert.match(at(50), /239\.1\.1\.51 .*\n.*239\.1\.1\.52 /);
  assert.match(at(1_000), /239\.1\.1\.200 /);
  const none = { ...SCENE, picture: picture({ flows: [] }) };
  assert.match(textOf(none, { ...INITIAL_VIEW, first: 50 }).join("\n"), /^There are no trees\.$/m);
  const narrowed = { ...INITIAL_VIEW, narrowing: { group: "239.9.0.0/16" } };
  assert.match(
    textOf(none, narrowed).join("\n"),
    /^Nothing matches\.\n(.*\n)*only 239\.9\.0\.0\/16; rates over 2\.0s; q ends, \? helps$/m,
  );
});

test("a daemon that does not answer is said first, since when and why, above what was seen last", () => {
  const absence = {
    ...{ since: new Date("2026-11-30T17:27:01.5Z"), seconds: 125.5 },
    reason: 'No daemon answers on /run/hpim-dm/control.sock: start one with "hpim-dm start".',
  };
  const at = (columns: number, rows: number) =>
    frameOf({ ...SCENE, absence }, INITIAL_VIEW, { columns, rows });
  assert.deepEqual(at(80, 24).slice(0, 3), [
    {
      text: "NO ANSWER from the daemon since 17:27:01 (2m05s): this is what was seen last.   ",
      look: "alarm",
    },
    { text: absence.reason, look: "warning" },
    {
      text: "Interface  Link  HPIM-DM  Neighbors  IGMP  Querier".padEnd(80),
      look: "past",
    },
  ]);
  const narrow = at(40, 10).map(({ text }) => text.trimEnd());
  assert.deepEqual(narrow.slice(0, 3), [
    "NO ANSWER since 17:27:01 (2m05s)",
    "No daemon answers on",
    "/run/hpim-dm/control.sock: start one",
  ]);
  const never = frameOf({ ...SCENE, picture: null, absence }, INITIAL_VIEW, SIZE);
  assert.match(never[0]?.text ?? "", /^NO ANSWER from the daemon since 17:27:01/);
  assert.equal(textOf({ ...SCENE, picture: null })[0], "hpim-dm");
});

test("what is out of the ordinary is said: a pause, help, a prefix that is none", () => {
  const said = (scene: Scene, view = INITIAL_VIEW) => textOf(scene, view).join("\n");
  assert.match(said(SCENE, { ...INITIAL_VIEW, isPaused: true }), /^PAUSED \(p goes on\); rates/m);
  assert.match(said(SCENE, { ...INITIAL_VIEW, isHelp: true }), /^q, ctrl-C +end$/m);
  assert.match(
    said(SCENE, { ...INITIAL_VIEW, typing: "239." }),
    /^group or source \(ctrl-U clears, .*\): 239\._$/m,
  );
  assert.match(
    said(SCENE, { ...INITIAL_VIEW, typing: "x", remark: "x is none." }),
    /^x is none\.$/m,
  );
  const idle = picture({
    interfaces: { version: 1, interfaces: [], missing: [] },
    neighbors: { version: 1, neighbors: [], refused: [] },
  });
  assert.match(
    said({ ...SCENE, picture: idle }),
    /Nothing runs on any .*\nThere are no neighbors\.\nPkt/,
  );
});

test("events that are warnings look like it, the last ones are shown, and none commands the terminal", () => {
  const events = Array.from({ length: 30 }, (_, n) => event(`Event ${n}.`, "warn"));
  const bad = event("On \u001b[2Jeth\u0007\u009b1, something.");
  const lines = frameOf({ ...SCENE, events: [...events, bad] }, INITIAL_VIEW, SIZE);
  const texts = lines.map(({ text }) => text);
  assert.ok(texts.includes("17:26:50  info   On ?[2Jeth??1, something."));
  const last = lines.find(({ text }) => text.endsWith("Event 29."));
  assert.equal(last?.look, "warning");
  assert.ok(!texts.some((text) => text.endsWith("Event 0.")));
});

test("rates take few characters", () => {
  const written = [null, 0, 7, 0.25, 99.7, 999, 999.6, 1_234, 12_345, 80_000_000, 3.2e9, 1e15];
  assert.deepEqual(written.map(rate), [
    ...["-", "0", "7", "0.3", "100", "999", "1.0k", "1.2k", "12k", "80M", "3.2G", "1000T"],
  ]);
});
