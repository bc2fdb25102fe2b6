// Hellos more often than by default, so that a neighbor that has gone is noticed within a fraction of a second.
import { neighborsSchema } from "../../src/api/lists/neighbors.ts";
import { formatAddress } from "../../src/base/address.ts";
import { daemonFilesOf, queryDaemon } from "../../src/lab/daemon-process.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { LabError } from "../../src/lab/lab-error.ts";
import { run } from "../../src/lab/run.ts";
import { waitFor } from "../lab-watch.ts";
import { COMMAND } from "./commands.ts";

/** A neighbor holds for so many HelloPeriods. */
const HOLD = 4;
const MILLIS_PER_SECOND = 1_000;

async function set(lab: Lab, routers: readonly string[], value: string): Promise<void> {
  for (const router of routers) {
    const { runtimeDirectory } = daemonFilesOf(lab, router);
    const words = [COMMAND, "set", "hello-period", value, "--runtime-dir", runtimeDirectory];
    const { code, stderr } = await run([process.execPath, ...words]);
    if (code !== 0) throw new LabError(`${router}: ${stderr}`);
  }
}

/** From when this returns on, these routers hold each other for four such periods at most. Throws NotHeld. */
export async function setHelloPeriod(
  lab: Lab,
  routers: readonly string[],
  millis: number,
): Promise<void> {
  await set(lab, routers, `${millis}ms`);
  const interfaces = routers.flatMap(
    (router) => lab.topology.routers.get(router)?.interfaces ?? [],
  );
  const theirs = new Set(interfaces.map(({ address }) => formatAddress(address)));
  for (const router of routers) {
    await waitFor(async () => {
      const { neighbors } = neighborsSchema.parse(await queryDaemon(lab, router, "neighbors"));
      const fast = neighbors.filter(({ address }) => theirs.has(address));
      const longest = Math.max(...fast.map(({ expiresInSeconds }) => expiresInSeconds));
      const isShort = longest * MILLIS_PER_SECOND <= HOLD * millis;
      return isShort ? undefined : `${router} holds a neighbor for ${longest} s`;
    });
  }
}

/** The HelloPeriod is what it was by default. */
export const resetHelloPeriod = (lab: Lab, routers: readonly string[]): Promise<void> =>
  set(lab, routers, "default");
