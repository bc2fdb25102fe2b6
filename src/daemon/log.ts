// The log: one JSON line for each notice, its sentence and its fields.
import type { Logger } from "pino";
import { destination, pino } from "pino";
import type { Address } from "../base/address.ts";
import { formatAddress } from "../base/address.ts";
import type { InterfaceIndex } from "../base/units.ts";
import type { DaemonNotice } from "./notices.ts";
import type { NameOf } from "./reasons.ts";
import { noticeSentence } from "./sentences.ts";

/** A log on the standard error output; a line is out when the call returns. */
export const standardErrorLog = (): Logger =>
  pino(
    {
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ fd: 2, sync: true }),
  );

const ADDRESSES: ReadonlySet<string> = new Set([
  "address",
  "group",
  "neighbor",
  "querier",
  "source",
]);

function readable(key: string, value: unknown, nameOf: NameOf): unknown {
  if (typeof value === "string" && ADDRESSES.has(key)) return formatAddress(value as Address);
  if (typeof value === "number" && key === "interface") return nameOf(value as InterfaceIndex);
  return value;
}

const WARNINGS: ReadonlySet<DaemonNotice["kind"]> = new Set([
  "callFailed",
  "groupLimit",
  "limit",
  "neighborFailed",
  "refused",
]);

/** Writes a notice to the log. */
export function logNotice(log: Logger, notice: DaemonNotice, nameOf: NameOf): void {
  const fields = Object.entries(notice).map(([key, value]) => [key, readable(key, value, nameOf)]);
  const level = WARNINGS.has(notice.kind) ? "warn" : "info";
  log[level](Object.fromEntries(fields), noticeSentence(notice, nameOf));
}
