// What nobody catches, and what libraries print, as lines of the log.
import type { Logger } from "pino";

/** Logs the bug by which the daemon ends. */
export const logBug = (logger: Logger, error: unknown): void =>
  logger.fatal({ err: error }, "The daemon ends because of a bug in it.");

/** From now on has an uncaught exception logged, which ends the process with 1, and what is printed as an error. */
export function logTheUncaught(logger: Logger): void {
  process.on("uncaughtException", (error) => {
    logBug(logger, error);
    process.exit(1);
  });
  // The web server prints why an answer broke off.
  console.error = (what: unknown) => logger.error(what);
}
