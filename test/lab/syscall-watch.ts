// Watches a process with strace: what it reads from sockets, and the processes and threads it starts.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const READS = ["read", "readv", "recvfrom", "recvmsg", "recvmmsg"];
const STARTS = ["clone", "clone3", "fork", "vfork", "execve"];

/** What a process did while it was watched; lines of strace. */
export interface Watched {
  readonly reads: readonly SocketRead[];
  readonly starts: readonly string[];
}

/** A read on a socket. */
export interface SocketRead {
  readonly call: string;
  readonly inode: number;
}

// "1234  recvmmsg(21<socket:[5678]>, ..." (strace(1): -f, -y); one that another thread interrupted is told in two lines.
const READ = new RegExp(`^\\d+ +(${READS.join("|")})\\(\\d+<socket:\\[(\\d+)\\]`);
const START = new RegExp(`^\\d+ +(${STARTS.join("|")})\\(`);

function told(log: string): Watched {
  const lines = log.split("\n");
  const reads = lines.flatMap((line) => {
    const [, call, inode] = READ.exec(line) ?? [];
    return call === undefined ? [] : [{ call, inode: Number(inode) }];
  });
  return { reads, starts: lines.filter((line) => START.test(line)) };
}

interface Strace {
  /** Resolves when all threads are watched. */
  readonly attached: Promise<void>;
  readonly ended: Promise<void>;
}

function listenTo(strace: ChildProcess): Strace {
  let words = "";
  const ended = new Promise<void>((resolve) => {
    strace.on("close", () => resolve());
  });
  const attached = new Promise<void>((resolve, reject) => {
    strace.stderr?.setEncoding("utf8").on("data", (part: string) => {
      words += part;
      if (words.includes("attached")) resolve();
    });
    strace.on("error", reject);
    strace.on("close", () => reject(new Error(`strace has ended: ${words}`)));
  });
  return { attached, ended };
}

/** Watches the process `pid` with all its threads while `act` runs. Throws if that is not possible. */
export async function watchCalls(pid: number, act: () => Promise<void>): Promise<Watched> {
  const directory = mkdtempSync(join(tmpdir(), "hpim-strace-"));
  const log = join(directory, "log");
  const calls = ["-e", `trace=${[...READS, ...STARTS].join(",")}`, "-e", "signal=none"];
  const strace = spawn("strace", ["-f", "-y", ...calls, "-p", String(pid), "-o", log], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const { attached, ended } = listenTo(strace);
  try {
    await attached;
    await act();
    strace.kill("SIGINT");
    await ended;
    return told(readFileSync(log, "utf8"));
  } finally {
    strace.kill("SIGINT");
    rmSync(directory, { recursive: true });
  }
}

/** A raw socket, and what came for it and was not read. */
export interface RawSocket {
  readonly inode: number;
  readonly unreadBytes: number;
  readonly dropped: number;
}

/** The raw IPv4 sockets of an IP protocol in the network namespace of the process `pid` (proc_net(5)). */
export function rawSockets(pid: number, protocol: number): readonly RawSocket[] {
  const [, ...rows] = readFileSync(`/proc/${pid}/net/raw`, "utf8").trim().split("\n");
  return rows.flatMap((row) => {
    const [, local = "", , , queues = "", , , , , inode, , , dropped] = row.trim().split(/\s+/);
    if (Number.parseInt(local.split(":")[1] ?? "", 16) !== protocol) return [];
    const unreadBytes = Number.parseInt(queues.split(":")[1] ?? "", 16);
    return [{ inode: Number(inode), unreadBytes, dropped: Number(dropped) }];
  });
}

/** How many sockets in the network namespace of the process `pid` have this path, listening ones too (proc_net(5)). */
export function unixSockets(pid: number, path: string): number {
  const rows = readFileSync(`/proc/${pid}/net/unix`, "utf8").split("\n");
  return rows.filter((row) => row.endsWith(` ${path}`)).length;
}
