// The seven-router network with a key on each of its links, while two flows run to both clients.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { startSender } from "../../src/lab/traffic.ts";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { stateOf, untilSynced } from "../scenarios/scenario-network.ts";
import { FORMED, GROUP, NEIGHBORS } from "../scenarios/seven-routers.ts";
import { whenDone } from "../support/cleanup.ts";
import type { OpenKey } from "../support/hmac.ts";
import { readTopology } from "../topology/files.ts";
import { expectWhole } from "./undisturbed.ts";

/** The key that all interfaces are configured with, and the one that the routers of link E go over to. */
export const OLD: OpenKey = {
  ...{ identifier: 7, algorithm: "sha256" },
  secret: "lab secret of last year",
};
export const NEW: OpenKey = {
  ...{ identifier: 8, algorithm: "sha512" },
  secret: "lab secret of this year",
};
/** What somebody has who does not know the secret. */
export const GUESSED = "lab secret of nobody";
/** What stands in a configuration file that has problems. */
export const MISPLACED = "lab secret of a bad file";

/** The second flow's group. */
export const OTHER = "224.12.12.13";
const RATE = 100;
/** The second flow's packets; those of the first have one more. */
const TTL_OF_OTHER = 11;
const GROUPS = [GROUP, OTHER] as const;
const CLIENTS = ["Client0", "Client1"] as const;

/** Hosts, and the groups that they listen to. */
export const FLOWS = CLIENTS.flatMap((client) => GROUPS.map((group) => [client, group] as const));

/** The network, and where secrets are. */
export interface KeyedLan {
  readonly network: LabNetwork;
  /** A file of this name that nobody else may read, with this text. */
  readonly file: (name: string, text: string) => string;
}

/** Waits until the routers that are named, or all, have formed the tree of a group. */
export const untilFormed = (
  network: LabNetwork,
  group: string,
  routers: readonly (keyof typeof FORMED)[] = ["R1", "R2", "R3", "R4", "R5", "R6", "R7"],
): Promise<void> =>
  network.until(async () => {
    for (const router of routers) {
      const state = await stateOf(network, router, group);
      assert.deepEqual(state, FORMED[router], `${router}'s tree of ${group}`);
    }
  });

async function startFlows(network: LabNetwork): Promise<void> {
  await Promise.all(FLOWS.map(([client, group]) => network.join(client, group)));
  await network.until(async () => {
    for (const router of ["R6", "R7"]) {
      const groups = (await network.groups(router)).map(({ group }) => group);
      assert.deepEqual(groups, GROUPS, `groups at ${router}`);
    }
  });
  await network.send("Source", [GROUP], 1000 / RATE);
  const about = { node: "Source", groups: [OTHER], rate: RATE, flow: 2, ttl: TTL_OF_OTHER };
  await startSender(network.lab, about).waitReady();
  for (const group of GROUPS) await untilFormed(network, group);
  await network.until(async () => {
    await network.mark();
    await network.until(async () => {
      for (const [client, group] of FLOWS) {
        assert.ok((await network.received(client, group)).length > RATE / 5);
      }
    });
    for (const [client, group] of FLOWS) await expectWhole(network, client, group);
  });
}

/** Brings it up, formed and at rest; all of it goes when the test ends. */
export async function keyedLan(context: TestContext): Promise<KeyedLan> {
  const directory = mkdtempSync(join(tmpdir(), "hpim-secrets-"));
  whenDone(context, () => rmSync(directory, { recursive: true }));
  const file = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const { secret, ...key } = OLD;
  const keys = [{ ...key, secretFile: file("old", `${secret}\n`) }];
  const network = await LabNetwork.up(context, readTopology("seven-routers"), {
    captured: ["E"],
    hpim: { helloPeriod: 1, triggeredHelloDelay: "20ms", retransmissionTime: 1 },
    igmp: { queryInterval: 2, queryResponseInterval: "300ms" },
    security: { keys },
    recorded: true,
  });
  await network.start();
  await untilSynced(network, NEIGHBORS);
  await startFlows(network);
  return { network, file };
}
