// hpim-dm restart: stops the daemon and starts it with the same options and configuration.
import type { StartOptionsAnswer } from "../api/configuration-messages.ts";
import { ask, change } from "./client.ts";
import { CommandError } from "./command-error.ts";
import { sentFile } from "./config.ts";
import { refuseWithoutRights } from "./rights.ts";
import { start } from "./start.ts";
import { stop } from "./stop.ts";

/** Restarts the daemon. Throws CommandError: before it stops, if it is plain that it would not come up again. */
export async function restart({ runtimeDir }: { readonly runtimeDir: string }): Promise<void> {
  refuseWithoutRights();
  const asked = await ask<StartOptionsAnswer>(runtimeDir, ["GET", "/v1/start-options"]);
  const { pid, config, stateDirectory: stateDir, logDirectory: logDir } = asked;
  if (logDir === null) {
    const message = `The daemon (process ${pid}) runs in the foreground: restart it where it was started.`;
    throw new CommandError(message, { exitCode: 1 });
  }
  if (config !== null) {
    await change(runtimeDir, ["POST", "/v1/configuration/check", sentFile(config)]);
  }
  await stop({ runtimeDir });
  await start({ runtimeDir, stateDir, logDir, ...(config === null ? {} : { config }) });
}
