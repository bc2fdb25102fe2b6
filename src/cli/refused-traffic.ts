// What cannot be sent or received is a command's refusal.
import { TrafficError } from "../traffic/traffic-error.ts";
import { CommandError } from "./command-error.ts";

/** Throws a TrafficError as a CommandError, and others as they are. */
export function refusedTraffic(error: unknown): never {
  if (!(error instanceof TrafficError)) throw error;
  throw new CommandError(error.message, { exitCode: 1, cause: error });
}
