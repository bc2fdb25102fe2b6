// How a command ends that does not do what it was asked for.

/** Exit codes of commands that were not done (exit-codes.ts). */
export type ExitCode = 1 | 2 | 3;

/** Ends a command: one line for people (what is wrong, where, what to do), and the exit code. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;

  constructor(message: string, { exitCode, cause }: { exitCode: ExitCode; cause?: unknown }) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}
