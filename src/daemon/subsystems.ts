// Which subsystem of the log tells of what, and how important that is.
import type { LogLevel, Subsystem } from "../api/log-levels.ts";
import type { DropReason } from "./drops.ts";
import type { DaemonNotice } from "./notices.ts";
import type { Shown } from "./shown-messages.ts";

/** What is told: in the log, and to those who listen to events. */
export type Told = DaemonNotice | Shown;

/** Where something belongs, and how important it is. */
export interface Rank {
  readonly subsystem: Subsystem;
  readonly level: LogLevel;
}

const RANKS: Readonly<Record<Told["kind"], Rank>> = {
  protocolStarted: { subsystem: "interfaces", level: "info" },
  protocolStopped: { subsystem: "interfaces", level: "info" },
  refused: { subsystem: "interfaces", level: "warn" },
  waits: { subsystem: "interfaces", level: "warn" },
  missing: { subsystem: "interfaces", level: "warn" },
  neighborState: { subsystem: "neighbors", level: "info" },
  neighborFailed: { subsystem: "neighbors", level: "warn" },
  treeState: { subsystem: "trees", level: "info" },
  assert: { subsystem: "forwarding", level: "debug" },
  forwarding: { subsystem: "forwarding", level: "info" },
  querier: { subsystem: "membership", level: "info" },
  group: { subsystem: "membership", level: "info" },
  version1Router: { subsystem: "membership", level: "warn" },
  dropped: { subsystem: "drops", level: "warn" },
  callFailed: { subsystem: "kernel", level: "warn" },
  received: { subsystem: "messages", level: "debug" },
  sent: { subsystem: "messages", level: "debug" },
  drop: { subsystem: "drops", level: "debug" },
};

/** Those that tell of messages one by one, at the level debug. */
export const SHOWING: readonly Subsystem[] = ["messages", "drops"];

const HARMLESS_DROP: Rank = { subsystem: "drops", level: "info" };
const OWN_END: Rank = { subsystem: "neighbors", level: "info" };

/** What also happens where nothing is wrong: messages that are lost, sent again, overtaken, or meant for others. */
const HARMLESS_DROPS: ReadonlySet<DropReason> = new Set([
  "Ack of nothing",
  "excluded tree",
  "goodbye of a stranger",
  "group not allowed",
  "no way back to the source",
  "not enabled",
  "query without a source",
  "stale BootTime",
  "stale Hello",
  "stale sequence number",
  "Sync for another BootTime",
  "Sync out of order",
  "tree not allowed",
]);

/** Where `told` belongs, and how important it is: what we brought about ourselves is nothing to warn of. */
export function rankOf(told: Told): Rank {
  if (told.kind === "neighborFailed" && told.why === "interface ended") return OWN_END;
  if (told.kind === "dropped" && HARMLESS_DROPS.has(told.reason)) return HARMLESS_DROP;
  return RANKS[told.kind];
}
