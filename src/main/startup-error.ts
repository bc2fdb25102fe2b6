// What keeps a daemon from coming up, in sentences for people: what is wrong, and what to do.
import type { Problem } from "../api/file-problem.ts";
import { formatProblem } from "../api/file-problem.ts";
import { HostError } from "../daemon/host.ts";

/** The daemon cannot come up; the message says why, and what can be done. */
export class StartupError extends Error {
  override readonly name = "StartupError";
}

/** Fields of a log line that tells whoever starts this process how its start went. */
export const startupFields = (): { readonly kind: "startup"; readonly process: number } => ({
  kind: "startup",
  process: process.pid,
});

/** A configuration file that is not as it should be: a line for each of its problems. */
export const badConfiguration = (file: string, problems: readonly Problem[]): StartupError =>
  new StartupError(problems.map((problem) => formatProblem(file, problem)).join("\n"));

/** A failing call while the daemon came up, in a sentence. Other errors come back as they are. */
export function hostRefusal(error: unknown): unknown {
  if (!(error instanceof HostError)) return error;
  const advice = TAKES_HOLD.has(error.syscall) ? adviceFor(error.errno) : "";
  const sentence = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}`;
  return new StartupError(`${sentence}${advice}.`, { cause: error });
}

/** What kept the daemon from coming up, for its log: the message of `error`, and for root why it is not used to that. */
export function refusalOf({ message, cause }: Error): string {
  if (process.geteuid?.() !== 0 || !isForbiddenFile(cause)) return message;
  return `${message} Also as root, the daemon has no rights to files of other users.`;
}

function isForbiddenFile(cause: unknown): boolean {
  if (cause instanceof HostError) return cause.errno === "EACCES" && !TAKES_HOLD.has(cause.syscall);
  return cause instanceof Error && "code" in cause && cause.code === "EACCES";
}

/** The exit code of a daemon that did not come up: 3 if this user may not do what it takes, else 1. */
export function exitCodeOf(error: unknown): 1 | 3 {
  const { cause } = error instanceof Error ? error : {};
  if (cause instanceof HostError) return isForbidden(cause.errno) ? 3 : 1;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return isForbidden(code) ? 3 : 1;
}

const isForbidden = (errno: unknown): boolean => errno === "EPERM" || errno === "EACCES";

/** The calls by which multicast routing is taken hold of; others fail, of files too, for other reasons. */
const TAKES_HOLD: ReadonlySet<string> = new Set(["socket", "setsockopt"]);

function adviceFor(errno: string): string {
  switch (errno) {
    case "EADDRINUSE":
      return ": stop it first (pimd, smcroute, mrouted or another hpim-dm)";
    case "EPERM":
    case "EACCES":
      return ": run hpim-dm as root, or give it CAP_NET_ADMIN and CAP_NET_RAW";
    case "ENOPROTOOPT":
      return ": this kernel has no IPv4 multicast routing (CONFIG_IP_MROUTE)";
    default:
      return "";
  }
}
