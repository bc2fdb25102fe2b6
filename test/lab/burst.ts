// Bursts of new flows in the network "pair", and what becomes of them.
import assert from "node:assert/strict";
import type { TreesAnswer } from "../../src/api/lists/trees.ts";
import { queryDaemon } from "../../src/lab/daemon-process.ts";
import { execInNode } from "../../src/lab/exec.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { startBurst } from "../../src/lab/traffic.ts";
import type { LabNetwork } from "../scenarios/lab-network.ts";

export const ROUTERS = ["R1", "R2"];

/** Sends one packet to each of `count` groups from `first` on, back to back. */
export async function sendBurst(lab: Lab, first: string, count: number): Promise<void> {
  const burst = startBurst(lab, { node: "Source", first, groups: count, rounds: 1 });
  assert.equal((await burst.done()).failed, 0, "packets that were refused");
}

/** How many trees of a router are ACTIVE. To check thousands of them against their schema takes too long. */
async function activeTrees({ lab }: LabNetwork, router: string): Promise<number> {
  const { trees } = (await queryDaemon(lab, router, "trees")) as Pick<TreesAnswer, "trees">;
  return trees.filter(({ state }) => state === "ACTIVE").length;
}

/** How many entries the kernel of a router has, and packets that wait for one. */
export async function kernelEntries({ lab }: LabNetwork, router: string): Promise<number> {
  const { stdout } = await execInNode(lab, router, ["wc", "-l", "/proc/net/ip_mr_cache"]);
  return Number.parseInt(stdout, 10) - 1;
}

/** Waits until both routers have so many ACTIVE trees or more. The kernels are asked first: the daemons have other things to do. */
export async function untilActive(network: LabNetwork, count: number): Promise<void> {
  await network.until(async () => {
    for (const router of ROUTERS) {
      assert.ok((await kernelEntries(network, router)) >= count, `entries of ${router}`);
    }
  });
  await network.until(async () => {
    for (const router of ROUTERS) {
      const active = await activeTrees(network, router);
      assert.ok(active >= count, `${router} has ${active} ACTIVE trees, not ${count}`);
    }
  });
}
