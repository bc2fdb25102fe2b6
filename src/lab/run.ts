// Commands of the system: one run to its end, and many lines to one `ip -batch`.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { LabError } from "./lab-error.ts";

/** How a command ended. */
export interface CommandResult {
  /** Exit code; 128 and the signal's number if a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const SIGNALLED = 128;

/** The exit code of a child process, of what its "close" says: 128 and the signal's number if a signal ended it. */
export const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? SIGNALLED + constants.signals[signal ?? "SIGKILL"];

/** Runs `command` (program and arguments) with `input` on its standard input. Throws LabError if it cannot be started. */
export function run(command: readonly string[], input = ""): Promise<CommandResult> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "pipe" });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", (cause) => {
      const advice = program === "ip" ? " Install the package iproute2." : "";
      reject(new LabError(`"${program}" cannot be run: ${cause.message}.${advice}`, { cause }));
    });
    child.on("close", (code, signal) => {
      resolve({ code: exitCodeOf(code, signal), stdout, stderr });
    });
    // A command that ends without reading its input is judged by its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** One line of a batch for ip(8), and what it is there for: "link B (R1.eth1 to R2.eth0)". */
export interface BatchLine {
  readonly command: string;
  readonly about: string;
}

/** A batch line. */
export const line = (about: string, command: string): BatchLine => ({ command, about });

/** Runs `lines` in order in one process, in `namespace` or (null) in this one. Throws LabError at the first that fails. */
export async function runBatch(
  namespace: string | null,
  lines: readonly BatchLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const where = namespace === null ? [] : ["-n", namespace];
  const text = lines.map(({ command }) => `${command}\n`).join("");
  const { code, stderr } = await run(["ip", ...where, "-batch", "-"], text);
  if (code === 0) return;
  const number = /Command failed -:(\d+)/.exec(stderr)?.[1];
  const failed = number === undefined ? undefined : lines[Number(number) - 1];
  const reason = stderr.replace(/Command failed -:\d+\s*/g, "").trim();
  throw new LabError(
    failed === undefined
      ? `ip(8) failed in ${namespace ?? "this namespace"}: ${reason}`
      : `${failed.about} cannot be set up: "ip ${failed.command}" answered "${reason}".`,
  );
}
