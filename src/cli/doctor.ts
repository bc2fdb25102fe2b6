// hpim-dm doctor: what is wrong with this machine and its neighbors. Where no daemon answers, a process looks at the machine
// alone.
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { DoctorAnswer } from "../api/diagnosis.ts";
import { ask, isThere } from "./client.ts";
import { CommandError } from "./command-error.ts";
import { findingLines } from "./findings.ts";
import { writeLines } from "./output.ts";

const LOOK = fileURLToPath(new URL("../main/doctor.js", import.meta.url));

/** Options of the command, as commander names them. */
export interface DoctorOptions {
  readonly runtimeDir: string;
  readonly json?: boolean;
}

async function lookAtMachine(runtimeDir: string): Promise<DoctorAnswer> {
  const child = spawn(process.execPath, [LOOK, runtimeDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return JSON.parse(await text(child.stdout));
  } catch (cause) {
    throw new CommandError("The machine cannot be looked at.", { exitCode: 1, cause });
  }
}

function* lines({ findings }: DoctorAnswer): Generator<string> {
  if (findings.length === 0) yield "Nothing was found.";
  for (const finding of findings) yield* findingLines(finding);
}

/** Shows what was found; exit code 1 if something was. Throws CommandError if the daemon refuses. */
export async function doctor({ runtimeDir, json }: DoctorOptions): Promise<void> {
  const answer = (await isThere(runtimeDir))
    ? await ask<DoctorAnswer>(runtimeDir, ["GET", "/v1/doctor"])
    : await lookAtMachine(runtimeDir);
  await writeLines(json ? [JSON.stringify(answer)] : lines(answer));
  if (answer.findings.length > 0) process.exitCode = 1;
}
