// Whether this process may route multicast: capabilities(7), as proc(5) shows them.
import { readFileSync } from "node:fs";
import { CommandError } from "./command-error.ts";

/** Numbers of linux/capability.h. */
const NEEDED = [
  ["CAP_NET_ADMIN", 12n],
  ["CAP_NET_RAW", 13n],
] as const;

/** Throws CommandError, which names what is missing, unless this process has the rights that a daemon takes. */
export function refuseWithoutRights(): void {
  const [, hex] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  const held = BigInt(`0x${hex ?? "0"}`);
  const missing = NEEDED.filter(([, bit]) => ((held >> bit) & 1n) === 0n).map(([name]) => name);
  if (missing.length === 0) return;
  const message = `You may not route multicast here: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing. Run this as root.`;
  throw new CommandError(message, { exitCode: 3 });
}
