// Configuration files that are loaded while keys are in use and flows run: what is the same in both goes on undisturbed.
// What differs acts at once: timers, interfaces, boundaries (§2.4), TTL thresholds (§9).
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import type { LabNetwork } from "../scenarios/lab-network.ts";
import { lineOf, stateOf, untilSynced } from "../scenarios/scenario-network.ts";
import { GROUP, NEIGHBORS } from "../scenarios/seven-routers.ts";
import { FLOWS, type KeyedLan, MISPLACED, OTHER, untilFormed } from "./keyed-lan.ts";
import { ipIn, signalDaemon, untilInterface } from "./machine.ts";
import { attempted, edited, fileOf, reloaded, typed } from "./operator.ts";
import { undisturbed } from "./undisturbed.ts";

/** Waits until R4 says Hello on E with this hold time. */
const untilHello = (network: LabNetwork, seconds: number): Promise<void> =>
  network.until(async () => {
    const lines = (await network.messages("E")).map(lineOf);
    assert.ok(lines.includes(`10.5.5.4 Hello ${seconds}`));
  });

/** A timer of R4 on E changes: by a command, and by SIGHUP. */
export async function changeTimer({ network }: KeyedLan): Promise<void> {
  await undisturbed(network, { flows: FLOWS }, async (look) => {
    await reloaded(network, "R4", { eth1: { hpim: { helloPeriod: 2 } } });
    await untilHello(network, 8);
    await look();
    await edited(network, "R4", { eth1: { hpim: { helloPeriod: 3 } } });
    signalDaemon(network, "R4", "SIGHUP");
    await untilHello(network, 12);
    await look();
    await reloaded(network, "R4", { eth1: { hpim: true } });
  });
}

/** R7's link to R5 goes, and another interface comes, and back again. */
export async function changeInterfaces({ network }: KeyedLan): Promise<void> {
  await ipIn(
    network,
    "R7",
    ...["link add extra type veth peer name other", "link set other up"],
    ...["address add 10.99.0.1/24 dev extra", "link set extra up"],
  );
  const between = /^R7 eth0 |^R5 eth1 /;
  await undisturbed(network, { flows: FLOWS, but: between }, async (look) => {
    const before = await typed(network, "R7", "config", "show");
    await reloaded(network, "R7", { eth0: undefined, extra: { hpim: true, igmp: true } });
    await untilInterface(network, ["R7", "extra"], { state: "running", problem: null });
    await untilInterface(network, ["R7", "eth0"], { state: "off", problem: null });
    await untilSynced(network, { ...NEIGHBORS, R5: 4, R7: 1 });
    await look();
    writeFileSync(fileOf(network, "R7"), before);
    signalDaemon(network, "R7", "SIGHUP");
    await untilInterface(network, ["R7", "extra"], { state: "off", problem: null });
    await untilSynced(network, NEIGHBORS);
  });
  await untilFormed(network, GROUP);
}

const BAD = `hpim: { helloPeriod: 0 }
interfaces:
  eth1:
    hpim: true
    security:
      keys:
        - { identifier: 8, algorithm: sha257, secret: ${MISPLACED} }
    ttlThreshold: 255
`;
const PROBLEMS = [
  [1, "hpim.helloPeriod"],
  [7, "interfaces.eth1.security.keys.0.algorithm"],
  [8, "interfaces.eth1.ttlThreshold"],
] as const;

/** R4 is told to load files that have problems. */
export async function loadBadFiles({ network, file }: KeyedLan): Promise<void> {
  const log = (): string => readFileSync(daemonFilesOf(network.lab, "R4").output, "utf8");
  const before = await typed(network, "R4", "config", "show");
  await undisturbed(network, { flows: FLOWS }, async (look) => {
    const bad = file("bad.yaml", BAD);
    const { code, out, err } = await attempted(network, "R4", "config", "load", bad);
    assert.deepEqual([code, out], [1, ""]);
    const lines = err.trimEnd().split("\n");
    assert.equal(lines.length, PROBLEMS.length, err);
    for (const [i, [line, path]] of PROBLEMS.entries()) {
      assert.ok(lines[i]?.includes(`${bad}:${line}`) && lines[i]?.includes(path), lines[i]);
    }
    await look();
    writeFileSync(fileOf(network, "R4"), BAD.slice(0, -20));
    signalDaemon(network, "R4", "SIGHUP");
    await network.until(async () => assert.match(log(), /"level":"error".*Nothing has changed:/));
    await look();
    assert.equal(await typed(network, "R4", "config", "show"), before);
    writeFileSync(fileOf(network, "R4"), before);
  });
}

type Flow = (typeof FLOWS)[number];

const flowsBut = ([client, group]: Flow): readonly Flow[] =>
  FLOWS.filter((flow) => flow[0] !== client || flow[1] !== group);

const arrivals = async (network: LabNetwork, [client, group]: Flow): Promise<number> =>
  (await network.received(client, group)).length;

/** So many packets of another flow prove that none comes of one. */
const PROOF = 25;

async function untilMore(network: LabNetwork, flow: Flow): Promise<void> {
  const before = await arrivals(network, flow);
  await network.until(async () => {
    assert.ok((await arrivals(network, flow)) >= before + PROOF, `packets: ${flow}`);
  });
}

/** Waits until nothing comes of one flow while the other goes on. */
const untilStopped = (network: LabNetwork, stopped: Flow, goingOn: Flow): Promise<void> =>
  network.until(async () => {
    const before = await arrivals(network, stopped);
    await untilMore(network, goingOn);
    assert.equal(await arrivals(network, stopped), before, `still arrives: ${stopped}`);
  });

const DENIED = "the lists of this interface do not allow the tree";
const TO_CLIENT0 = ["Client0", GROUP] as const;
const OTHER_TO_CLIENT0 = ["Client0", OTHER] as const;

/** R2's link to R7, by which Client0 gets its packets, becomes a boundary for the first flow, and ceases to be one. */
export async function setBoundary({ network }: KeyedLan): Promise<void> {
  const flows = flowsBut(TO_CLIENT0);
  await undisturbed(network, { flows }, async () => {
    await reloaded(network, "R2", { eth2: { deny: { groups: [`${GROUP}/32`] } } });
    await untilStopped(network, TO_CLIENT0, OTHER_TO_CLIENT0);
  });
  const tree = (await network.trees("R2")).find(({ group }) => group === GROUP);
  const onI = tree?.interfaces.find((at) => at.interface === "eth2")?.nonRoot;
  assert.deepEqual(
    [onI?.assert.reason, onI?.forwarding.state, onI?.forwarding.reason],
    [DENIED, "pruned", DENIED],
  );
  const shown = await typed(network, "R2", "show", "trees", "--group", GROUP);
  assert.match(shown, new RegExp(`^ +eth2 +non-root +AL +NDI +pruned +${DENIED}$`, "m"));
  assert.equal((await stateOf(network, "R7"))[0], "UNSURE");
  await undisturbed(network, { flows }, async () => {
    await reloaded(network, "R2", { eth2: { deny: undefined } });
    await untilMore(network, TO_CLIENT0);
  });
  await untilFormed(network, GROUP);
}

/** At R2 the packets of the first flow arrive with a TTL of 11, those of the other with 10. */
export async function setThreshold({ network }: KeyedLan): Promise<void> {
  const flows = flowsBut(OTHER_TO_CLIENT0);
  const load = (ttlThreshold: number | undefined): Promise<void> =>
    reloaded(network, "R2", { eth2: { ttlThreshold } });
  await undisturbed(network, { flows }, async () => {
    await load(10);
    await untilStopped(network, OTHER_TO_CLIENT0, TO_CLIENT0);
    const entries = (await network.mroute("R2")).filter(({ group }) => group === OTHER);
    assert.deepEqual(
      entries.map(({ outgoing, difference }) => [outgoing, difference]),
      [[["eth2"], null]],
    );
  });
  await undisturbed(network, { flows }, async () => {
    await load(undefined);
    await untilMore(network, OTHER_TO_CLIENT0);
  });
}
