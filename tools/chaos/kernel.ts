// What the kernel says of the process and the namespace of a daemon: /proc, which no daemon writes (proc_pid_fd(5),
// linux/net/ipv4/ipmr.c: ipmr_mfc_seq_show, ipmr_vif_seq_show; igmp.c: igmp_mc_seq_show).
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { known } from "../../src/base/invariant.ts";
import type { SeenEntry } from "../campaign/compare.ts";

/** A VIF of the multicast routing table. */
export interface Vif {
  readonly name: string;
  /** Packets that were forwarded out of it. */
  readonly packetsOut: number;
}

function rowsOf(pid: number, file: string): readonly (readonly string[])[] {
  const [, ...rows] = readFileSync(`/proc/${pid}/net/${file}`, "utf8").trimEnd().split("\n");
  return rows.map((row) => row.trim().split(/\s+/));
}

/** The VIFs in the namespace of the process `pid`, by number. */
export function vifsOf(pid: number): ReadonlyMap<number, Vif> {
  const rows = rowsOf(pid, "ip_mr_vif");
  return new Map(
    rows.map(([number, name = "", , , , packetsOut]) => [
      Number(number),
      { name, packetsOut: Number(packetsOut) },
    ]),
  );
}

/** An address as the kernel prints it: its four bytes as one number of the machine, which is little-endian. */
function addressOf(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join(".");
}

/** The forwarding entries in the namespace of the process `pid`; those that packets wait for, too. */
export function entriesOf(pid: number): readonly SeenEntry[] {
  const vifs = vifsOf(pid);
  const nameOf = (vif: string): string => vifs.get(Number(vif))?.name ?? `VIF ${vif}`;
  return rowsOf(pid, "ip_mr_cache").map(
    ([group = "", origin = "", vif = "", , , , ...outputs]) => ({
      source: addressOf(origin),
      group: addressOf(group),
      incoming: vif === "-1" ? null : nameOf(vif),
      // "2:1", or "2: 1": number and TTL threshold.
      outgoing: outputs
        .filter((text) => text.includes(":"))
        .map((text) => nameOf(text.split(":")[0] ?? "")),
    }),
  );
}

/** The groups that are joined in the namespace of the process `pid`, and how often: "eth0 224.0.0.13 1". */
export function membershipsOf(pid: number): readonly string[] {
  let device = "";
  return rowsOf(pid, "igmp").flatMap((row) => {
    const [first = "", users = ""] = row;
    if (/^\d+$/.test(first) && row.includes(":")) {
      device = users;
      return [];
    }
    return [`${device} ${addressOf(first)} ${users}`];
  });
}

/** Files under /proc/PID/net that list sockets, and the column of the inode. */
const SOCKET_TABLES = [
  ["raw", "raw socket", 9],
  ["netlink", "netlink socket", 9],
  ["packet", "packet socket", 8],
  ["unix", "unix socket", 6],
  ["udp", "UDP socket", 9],
] as const;

function socketKinds(pid: number): ReadonlyMap<string, string> {
  const kinds = new Map<string, string>();
  for (const [file, kind, column] of SOCKET_TABLES) {
    for (const row of rowsOf(pid, file)) kinds.set(row[column] ?? "", kind);
  }
  return kinds;
}

/** How many descriptors the process `pid` has open, by kind: "raw socket", "pipe", "/dev/null" ... */
export function descriptorsOf(pid: number): ReadonlyMap<string, number> {
  const sockets = socketKinds(pid);
  const counts = new Map<string, number>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    let target: string;
    try {
      target = readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      // Closed since the directory was read.
      continue;
    }
    const [, name = "", inode = ""] = /^(\w+):\[(\d+)\]$/.exec(target) ?? [];
    const kind = name === "socket" ? (sockets.get(inode) ?? "other socket") : name || target;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Resident memory of the process `pid`, in MiB. */
export function memoryOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(
    Number(known(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1], "a process has memory")) / 1024,
  );
}

/** Whether the process `pid` runs. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
