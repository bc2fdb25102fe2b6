// Entry point of the process that looks at a machine on which no daemon answers, for "hpim-dm doctor": the runtime directory
// in, what was found, as the control API writes it, out. It changes nothing, and needs no rights.
import { readFileSync } from "node:fs";
import { release } from "node:os";
import { API_VERSION } from "../api/version.ts";
import { parseRights } from "../base/capabilities.ts";
import { bareMachineFindings } from "../daemon/diagnosis/bare-machine.ts";
import { igmpProcesses } from "../linux/igmp-processes.ts";
import { readText } from "../linux/kernel-files.ts";

const [, , runtimeDirectory = ""] = process.argv;
const findings = bareMachineFindings(
  {
    readText,
    effective: parseRights(readFileSync("/proc/self/status", "utf8")).effective,
    others: igmpProcesses(),
    kernel: release(),
  },
  runtimeDirectory,
);
console.log(JSON.stringify({ version: API_VERSION, findings }));
