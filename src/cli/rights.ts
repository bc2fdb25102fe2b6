// Whether this process may route multicast.
import { readFileSync } from "node:fs";
import { capabilityNames, parseRights, ROUTING_CAPABILITIES } from "../base/capabilities.ts";
import { CommandError } from "./command-error.ts";

/** Throws CommandError, which names what is missing, unless this process has the rights that a daemon takes. */
export function refuseWithoutRights(): void {
  const { effective } = parseRights(readFileSync("/proc/self/status", "utf8"));
  const missing = capabilityNames(ROUTING_CAPABILITIES & ~effective);
  if (missing.length === 0) return;
  const message = `You may not route multicast here: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing. Run this as root.`;
  throw new CommandError(message, { exitCode: 3 });
}
