// Who else may have hold of multicast routing: processes with a raw IGMP socket in this network namespace (proc(5)).
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** In /proc/net/raw the "port" of a local address is the socket's protocol. */
const IGMP_SOCKET = /^\s*\d+: [0-9A-F]+:0002(?:\s+\S+){7}\s+(\d+)/;
const LONGEST_SHOWN = 160;

/** What `read` returns; nothing if the process or its file has gone, or is not ours to see. */
function ifThere<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch {
    return [];
  }
}

function igmpSockets(): ReadonlySet<string> {
  const lines = ifThere(() => readFileSync("/proc/net/raw", "utf8").split("\n"));
  const inodes = lines.flatMap((line) => IGMP_SOCKET.exec(line)?.[1] ?? []);
  return new Set(inodes.map((inode) => `socket:[${inode}]`));
}

const filesOf = (pid: string): readonly string[] =>
  ifThere(() => readdirSync(join("/proc", pid, "fd"))).flatMap((fd) =>
    ifThere(() => [readlinkSync(join("/proc", pid, "fd", fd))]),
  );

function commandOf(pid: string): string {
  const [words = ""] = ifThere(() => [readFileSync(join("/proc", pid, "cmdline"), "utf8")]);
  return words.replaceAll("\0", " ").trim().slice(0, LONGEST_SHOWN);
}

/** Each of them but this process, of those whose descriptors we may see (ptrace(2)), as text: "process 123: pimd -n". */
export function igmpProcesses(): readonly string[] {
  const sockets = igmpSockets();
  return ifThere(() => readdirSync("/proc"))
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => filesOf(pid).some((file) => sockets.has(file)))
    .map((pid) => `process ${pid}: ${commandOf(pid)}`);
}
