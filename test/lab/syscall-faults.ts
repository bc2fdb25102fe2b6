// Makes system calls of a running process fail, by strace.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** While `act` runs, calls of the process `pid` fail as strace's `inject` says: "sendto:error=ENOBUFS". `act` may ask how many have. */
export async function withFaults(
  pid: number,
  fault: string,
  act: (failed: () => number) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "hpim-strace-"));
  const log = join(directory, "log");
  const call = fault.split(":")[0] ?? "";
  const words = ["-f", "-e", `trace=${call}`, "-e", `inject=${fault}`, "-e", "signal=none"];
  const strace = spawn("strace", [...words, "-o", log, "-p", String(pid)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => strace.on("close", () => resolve()));
  try {
    await new Promise<void>((resolve, reject) => {
      let said = "";
      strace.stderr.setEncoding("utf8").on("data", (part: string) => {
        said += part;
        if (said.includes("attached")) resolve();
      });
      strace.on("close", () => reject(new Error(`strace has ended: ${said}`)));
    });
    await act(() => readFileSync(log, "utf8").split("(INJECTED)").length - 1);
  } finally {
    strace.kill("SIGINT");
    await ended;
    rmSync(directory, { recursive: true });
  }
}
