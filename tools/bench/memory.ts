// The memory of daemons, after their garbage was collected.
import { fileURLToPath } from "node:url";
import { execInNode } from "../../src/lab/exec.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { LabError } from "../../src/lab/lab-error.ts";
import { daemonPid, residentBytes } from "./processes.ts";

const COLLECTOR = fileURLToPath(new URL("./collect-main.js", import.meta.url));

/** The memory in use by the daemon of `router`, in bytes, once its garbage is collected. Throws LabError. */
export async function residentAfterCollection(lab: Lab, router: string): Promise<number> {
  const pid = await daemonPid(lab, router);
  process.kill(pid, "SIGUSR1");
  const { code, stderr } = await execInNode(lab, router, [process.execPath, COLLECTOR]);
  if (code !== 0) throw new LabError(`The garbage of ${router} is not collected: ${stderr}`);
  return residentBytes(pid);
}
