// Random small networks to which random things happen: at rest they are as §17 says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAddress } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import type { RouterView } from "../../src/core/view.ts";
import { placeOf, RandomNetwork } from "../support/random-network.ts";

const environment: { readonly HPIM_SEED?: string; readonly HPIM_SEEDS?: string } = process.env;
const FIRST_SEED = Number(environment.HPIM_SEED ?? 1);
const SEEDS = Number(environment.HPIM_SEEDS ?? 20);
/** All that only time ends has ended: liveness, SourceActiveTimer, flood and blocking entries. */
const QUIET = 150_000;

function running(view: RouterView, index: number) {
  return view.interfaces.find((at) => at.index === index)?.running ?? null;
}

/** P1. */
function checkSynced(net: RandomNetwork): void {
  for (const { a, b } of net.pairs()) {
    const [one, two] = [placeOf(a), placeOf(b)];
    const ours = running(net.network.view(one.router), one.index);
    const theirs = running(net.network.view(two.router), two.index);
    const there = ours?.neighbors.find(({ address }) => address === two.address);
    const here = theirs?.neighbors.find(({ address }) => address === one.address);
    const pair = `P1: ${one.router} and ${two.router}`;
    assert.equal(there?.state, "SYNCED", pair);
    assert.equal(there.bootTime, theirs?.bootTime, pair);
    assert.equal(there.mySsn, here?.neighborSsn, pair);
  }
  for (const name of net.names()) {
    for (const at of net.network.view(name).interfaces) {
      const peers = net.pairs().filter(({ a }) => {
        const place = placeOf(a);
        return place.router === name && place.index === at.index;
      });
      assert.equal(at.running?.neighbors.length ?? 0, peers.length, `neighbors of ${name}`);
    }
  }
}

/** P2; and what is acknowledged is not outstanding (§15). */
function checkQuiet(net: RandomNetwork): void {
  net.network.crossings.length = 0;
  net.run(40_000);
  const said = net.network.crossings.filter(({ message }) => message.kind !== "hello");
  assert.deepEqual(
    said.map(({ from, message }) => `${formatAddress(from)} ${message.kind}`),
    [],
    "P2",
  );
  for (const name of net.names()) {
    for (const { running: at } of net.network.view(name).interfaces) {
      assert.equal(at?.checkpointSn, at?.interfaceSn, `outstanding at ${name}`);
    }
  }
}

/** P3 to P5. */
function checkTrees(net: RandomNetwork): void {
  const active = new Set(net.active().map(({ tree }) => tree));
  for (const { link, group, tree } of net.trees()) {
    const what = `(${formatAddress(tree.source)}, ${formatAddress(tree.group)})`;
    const isActive = [...active].some((t) => t.source === tree.source && t.group === tree.group);
    const expected = isActive ? net.expectedEntries(link, group) : new Map();
    for (const name of net.names()) {
      const { source, group: to } = tree;
      const view = net.network.tree(name, formatAddress(source), formatAddress(to));
      const state = view?.verdict.state ?? "INACTIVE";
      assert.equal(state, expected.has(name) ? "ACTIVE" : "INACTIVE", `P3: ${name} ${what}`);
      const own = view?.entry?.kind === "tree" ? view.entry.entry : undefined;
      const links = own && {
        incoming: own.incoming - 1,
        outgoing: own.outgoing.map((index) => index - 1),
      };
      assert.deepEqual(links, expected.get(name), `P4: entry of ${name} ${what}`);
    }
    if (!isActive) continue;
    const copies = [...net.copiesOf(link, tree)].sort(([a], [b]) => a - b);
    const outputs = [...expected.values()].flatMap((entry) => entry.outgoing).sort();
    assert.deepEqual(
      copies,
      outputs.map((to) => [to, 1]),
      `P5: ${what}`,
    );
  }
}

/** What P8 compares. */
function portrait(net: RandomNetwork): unknown {
  return net.names().map((name) => {
    const { trees } = net.network.view(name);
    return trees.map(({ source, group, verdict, root, rpc, originator, entry, interfaces }) => ({
      name,
      tree: `${formatAddress(source)} ${formatAddress(group)}`,
      verdict,
      ...{ root, rpc, originator, entry },
      interfaces: interfaces.map((at) => ({
        interface: interfaceIndex(at.interface),
        role: at.role,
        bun: at.bun,
        winner: at.nonRoot?.assert.winner,
        forwarding: at.nonRoot?.forwarding.forwarding,
        advertised: at.advertised,
        told: at.told,
      })),
    }));
  });
}

function checkReleased(net: RandomNetwork): void {
  net.stopSources();
  net.run(QUIET);
  for (const name of net.names()) {
    const { trees, interfaces } = net.network.view(name);
    assert.deepEqual(trees, [], `trees of ${name}`);
    assert.deepEqual([...net.network.entries(name)], [], `entries of ${name}`);
    const upstream = interfaces.flatMap((at) => at.running?.neighbors ?? []);
    assert.ok(upstream.every((n) => n.upstreamTrees === 0));
  }
  checkQuiet(net);
}

function live(seed: number): void {
  const net = new RandomNetwork(seed);
  const strikes = 5 + net.random.below(20);
  for (let n = 0; n < strikes; n++) {
    net.setWeather(net.random.below(3) > 0);
    net.strike();
    if (net.random.below(3) === 0) net.run(net.random.below(20_000));
  }
  // Then little things, one at a time: nothing starts afresh that would put right what they did.
  for (let n = 0; n < 6; n++) {
    net.setWeather(false);
    net.settleDown();
    net.run(n === 0 ? QUIET : 40_000);
    checkTrees(net);
    net.setWeather(true);
    net.blink();
  }
  const breaks = net.random.below(4) === 0;
  for (let n = 0; breaks && n < 3; n++) net.breakRules();
  net.setWeather(false);
  net.settleDown();
  net.run(QUIET);
  checkSynced(net);
  if (!breaks) {
    checkQuiet(net);
    checkTrees(net);
    const old = portrait(net);
    net.start();
    net.run(QUIET);
    checkTrees(net);
    assert.deepEqual(old, portrait(net), "P8");
  }
  checkReleased(net);
}

for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
  test(`§17 P1-P5, P8: random network ${seed}`, () => live(seed));
}
