// Makes system calls of a running process fail, by strace.
import { spawn } from "node:child_process";

/** While `act` runs, calls of the process `pid` fail as strace's `inject` says: "sendto:error=ENOBUFS". */
export async function withFaults(
  pid: number,
  fault: string,
  act: () => Promise<void>,
): Promise<void> {
  const call = fault.split(":")[0] ?? "";
  const words = ["-f", "-e", `trace=${call}`, "-e", `inject=${fault}`, "-e", "signal=none"];
  const strace = spawn("strace", [...words, "-o", "/dev/null", "-p", String(pid)], {
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
    await act();
  } finally {
    strace.kill("SIGINT");
    await ended;
  }
}
