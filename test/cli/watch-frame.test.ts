// hpim-dm watch: what a frame shows, in terminals of all sizes.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { InterfaceRow } from "../../src/api/lists/interfaces.ts";
import type { NeighborRow } from "../../src/api/lists/neighbors.ts";
import type { TreeRow } from "../../src/api/lists/trees.ts";
import type { Flow } from "../../src/cli/watch/flows.ts";
import { treeOf } from "../../src/cli/watch/flows.ts";
import type { Scene, Size } from "../../src/cli/watch/frame.ts";
import { frameOf, rate, shownFlows } from "../../src/cli/watch/frame.ts";
import type { Picture } from "../../src/cli/watch/look.ts";
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
  assert.deepEqual(lines.slice(0, 10), [
    "hpim-dm 1.0.0, process 77, up 1h02m | trees: 200 ACTIVE, 3 INACTIVE",
    "rates over 2.0s",
    "Interface | Link | HPIM-DM | Neighbors | IGMP | Querier",
    "eth1 | up | on | 2 | off | -",
    "",
    "Interface | Neighbor | State | Known | Expires | Upstream trees",
    "eth1 | 10.1.1.2 | SYNCED | 2m05s | 30s | 4",
    "",
    "Packets/s | Bit/s | Source | Group | State | Root | Forwarded to | Forwarded by others",
    "100 | 80k | 10.1.1.100 | 239.1.1.1 | ACTIVE | eth0 | eth1 | 10.5.5.4 on eth2",
  ]);
  assert.match(
    lines[10] ?? "",
    /^100 \| 80k \| 10\.1\.1\.100 \| 239\.1\.1\.2 \| - \| eth0 \| eth1$/,
  );
  assert.ok(lines.some((line) => /^trees 1 to \d+ of 200, the busiest first$/.test(line)));
  assert.ok(lines.includes("17:26:50 | info | Something happened."));
  assert.equal(lines.at(-1), "q ends, ? helps");
});

test("in no size is a line too long, a row missing or too many, or a tree that is shown not in the frame", () => {
  for (let rows = 1; rows <= 60; rows += 1) {
    for (const columns of [1, 20, 79, 80, 200]) {
      const size = { columns, rows };
      const lines = frameOf(SCENE, INITIAL_VIEW, size);
      assert.equal(lines.length, rows, `${columns} x ${rows}`);
      assert.ok(lines.every(({ text }) => text.length <= columns));
      if (columns < 80 || rows < 6) continue;
      const shown = shownFlows(picture().flows, INITIAL_VIEW, { picture: SCENE.picture, size });
      const last = `${shown.at(-1)?.group} `;
      assert.ok(
        lines.some(({ text }) => text.includes(last)),
        `${last} at ${columns} x ${rows}`,
      );
    }
  }
});

test("of many interfaces and neighbors there are some, and how many more", () => {
  const many = picture({
    interfaces: {
      ...{ version: 1, missing: [] },
      interfaces: Array.from({ length: 50 }, (_, n) => interfaceRow(`vlan${n}`)),
    },
    neighbors: {
      ...{ version: 1, refused: [] },
      neighbors: Array.from({ length: 60 }, (_, n) => neighborRow(n)),
    },
  });
  const text = textOf({ ...SCENE, picture: many }).join("\n");
  assert.match(text, /^and 43 interfaces more$/m);
  assert.match(text, /^and 53 neighbors more$/m);
  assert.match(text, /239\.1\.1\.1 /);
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
    /^only 239\.9\.0\.0\/16; .*\n(.*\n)*Nothing matches\.$/m,
  );
});

test("what is out of the ordinary is said: no daemon, a pause, help, a prefix that is none", () => {
  const said = (scene: Scene, view = INITIAL_VIEW) => textOf(scene, view).join("\n");
  assert.match(said({ ...SCENE, absence: "No daemon answers." }), /^No daemon answers\.$/m);
  assert.match(said({ picture: null, absence: "No daemon answers.", events: [] }), /^hpim-dm\nNo/);
  assert.match(said(SCENE, { ...INITIAL_VIEW, isPaused: true }), /^PAUSED \(p goes on\); rates/m);
  assert.match(said(SCENE, { ...INITIAL_VIEW, isHelp: true }), /^q, ctrl-C +end$/m);
  assert.match(said(SCENE, { ...INITIAL_VIEW, typing: "239." }), /^group or source: 239\._$/m);
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
    /Nothing runs on any .*\n\nThere are no neighbors\./,
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
