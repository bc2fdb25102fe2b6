// Entry point of the daemon's process: options in, exit code out. The command line (src/cli) starts it.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ControlSocketError } from "../daemon/control-socket.ts";
import { runDaemon } from "./daemon.ts";
import { exitCodeOf, StartupError } from "./startup-error.ts";

const PACKAGE = new URL("../../../package.json", import.meta.url);

function programName(): string {
  const { name, version } = JSON.parse(readFileSync(PACKAGE, "utf8"));
  return `${name} ${version}`;
}

const { values } = parseArgs({
  options: {
    config: { type: "string" },
    "runtime-dir": { type: "string", default: "/run/hpim-dm" },
    "state-dir": { type: "string", default: "/var/lib/hpim-dm" },
  },
});

try {
  await runDaemon({
    configFile: values.config,
    runtimeDirectory: values["runtime-dir"],
    stateDirectory: values["state-dir"],
    program: programName(),
  });
  process.exitCode = 0;
} catch (error) {
  const isExpected = error instanceof StartupError || error instanceof ControlSocketError;
  const text = isExpected
    ? error.message
    : (error instanceof Error && error.stack) || String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCodeOf(error);
}
