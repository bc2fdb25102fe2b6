// Labs for users who are not root: the whole command runs once more, as root of namespaces of that user's own.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { visitKeeper } from "./keeper.ts";
import { exitCodeOf } from "./run.ts";

const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const ALL_USERS = /^\s*0\s+0\s+4294967295\s*$/;

// The terminal tells all of us: nsenter(1), which only waits, must not end before the command does.
const PATIENTLY = 'trap "" INT TERM HUP; exec "$@"';

function commandInside(pid: number): readonly string[] {
  return [
    ...["nsenter", "--target", `${pid}`, "--user", "--mount", "--net"],
    ...[`--pid=/proc/${pid}/ns/pid_for_children`, "--preserve-credentials", "--"],
    ...["sh", "-c", 'cd "$0"; exec "$@"', process.cwd()],
    ...[process.execPath, ...process.argv.slice(1)],
  ];
}

/** Runs this process's command in the namespaces of process `pid`; its exit code. */
function runInside(pid: number): Promise<number> {
  const child = spawn("sh", ["-c", PATIENTLY, "sh", ...commandInside(pid)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of PASSED_ON) {
    process.on(signal, () => {
      if (child.connected) child.send(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(exitCodeOf(code, signal)));
  });
}

/** Takes the signals that the same command outside passes on; its end is that of our terminal. */
function heedOutside(): void {
  if (process.channel === undefined) return;
  process.on("message", (signal: NodeJS.Signals) => process.kill(process.pid, signal));
  process.on("disconnect", () => process.kill(process.pid, "SIGHUP"));
  process.channel.unref();
}

/**
 * Does `action` as root; a user who is not has this process's whole command run as root of that user's own namespaces
 * instead, whose exit code becomes ours. Throws what `action` throws, LabForbiddenError if the system allows no such
 * namespaces, and LabError if they cannot be reached.
 */
export async function asRoot(action: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() === 0) {
    heedOutside();
    return action();
  }
  const visit = await visitKeeper();
  try {
    process.exitCode = await runInside(visit.pid);
  } finally {
    await visit.leave();
  }
}

/** What a lab has to do without where root is root of a user namespace only, in a sentence; undefined if it is not. */
export function limitsHere(): string | undefined {
  if (ALL_USERS.test(readFileSync("/proc/self/uid_map", "utf8"))) return undefined;
  return "Made without root: receive buffers are no larger than net.core.rmem_max allows, and each daemon says in its log what that means for bursts of new flows.";
}
