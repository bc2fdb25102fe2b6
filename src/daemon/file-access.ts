// Who may read a file: the daemon, with the rights that it has left, and others.
import { accessSync, constants, statSync } from "node:fs";
import { getSystemErrorMap } from "node:util";

const OF_OTHERS = 0o007;

/** Whether every user of the machine can read or change a file with this mode. */
export const isOpenToOthers = (mode: number): boolean => (mode & OF_OTHERS) !== 0;

/** Whether there is a file at `path` that every user of the machine can read or change. */
export function isFileOpenToOthers(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && isOpenToOthers(stats.mode);
}

/** Why a call for a file failed: "no such file or directory (ENOENT)". */
export function reasonOf(error: unknown): string {
  const { code = "EIO", errno = 0 } = error as NodeJS.ErrnoException;
  const [, words] = getSystemErrorMap().get(errno) ?? [];
  const isRoot = code === "EACCES" && process.geteuid?.() === 0;
  const why = isRoot ? ": also as root, the daemon has no rights to files of other users" : "";
  return `${words === undefined ? code : `${words} (${code})`}${why}`;
}

/** Why this process cannot read the file at `path`; null: it can. */
export function whyUnreadable(path: string): string | null {
  try {
    accessSync(path, constants.R_OK);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}
