// The recording of the daemon that runs in this process, if its user wants one.
import type { Logger } from "pino";
import { RecordingFile } from "../daemon/recording/recording-file.ts";
import { StartupError } from "./startup-error.ts";

function refusalFor(path: string, cause: unknown): StartupError {
  const isThere = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = isThere
    ? `The recording ${path} is there already: choose another name, or move it away.`
    : `The recording ${path} cannot be made: ${reason}.`;
  return new StartupError(message, { cause });
}

/** Makes the file of a recording, which ends with the process, whatever ends that. Throws StartupError. */
export function openRecording(path: string, logger: Logger): RecordingFile {
  let file: RecordingFile;
  try {
    file = new RecordingFile(path, (why) =>
      logger.warn(`The recording ${path} has ended, and the daemon runs on: ${why}.`),
    );
  } catch (cause) {
    throw refusalFor(path, cause);
  }
  process.on("exit", () => file.close());
  return file;
}
