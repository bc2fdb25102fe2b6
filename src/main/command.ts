// The daemon as a command: options in, exit code out. The command line (src/cli) starts it.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ControlSocketError } from "../daemon/control-socket.ts";
import { EventStreams } from "../daemon/event-streams.ts";
import { logOn } from "../daemon/log.ts";
import { standardError } from "../daemon/log-output.ts";
import { runDaemon } from "./daemon.ts";
import { logBug, logTheUncaught } from "./last-words.ts";
import { exitCodeOf, refusalOf, StartupError, startupFields } from "./startup-error.ts";

const PACKAGE = new URL("../../../package.json", import.meta.url);

function programName(): string {
  const { name, version } = JSON.parse(readFileSync(PACKAGE, "utf8"));
  return `${name} ${version}`;
}

/** Runs the daemon with this process's arguments until it ends, and sets the exit code. `remark`: a warning for its log. */
export async function runCommand(remark: string | undefined): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: "string" },
      "log-dir": { type: "string" },
      clean: { type: "boolean", default: false },
      record: { type: "string" },
      "runtime-dir": { type: "string", default: "/run/hpim-dm" },
      "state-dir": { type: "string", default: "/var/lib/hpim-dm" },
    },
  });

  const log = logOn(standardError(), new EventStreams());
  const logger = log.own;
  logTheUncaught(logger);
  if (remark !== undefined) logger.warn(remark);
  try {
    const options = {
      configFile: values.config,
      runtimeDirectory: values["runtime-dir"],
      stateDirectory: values["state-dir"],
      logDirectory: values["log-dir"],
      clean: values.clean,
      recordFile: values.record,
      program: programName(),
    };
    await runDaemon(options, log);
    process.exitCode = 0;
  } catch (error) {
    const isExpected = error instanceof StartupError || error instanceof ControlSocketError;
    if (isExpected) logger.fatal(startupFields(), refusalOf(error));
    else logBug(logger, error);
    process.exitCode = exitCodeOf(error);
  }
}
