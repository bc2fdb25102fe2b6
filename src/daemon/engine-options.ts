// What an engine is made of.
import type { Millis } from "../base/units.ts";
import type { Configuration } from "./configuration.ts";
import type { EngineReading } from "./engine-view.ts";
import type { EngineEvent } from "./events.ts";
import type { Host } from "./host.ts";
import type { DaemonNotice } from "./notices.ts";

/** What an engine is made of. */
export interface EngineOptions {
  readonly host: Host;
  /** Takes every notice, in order. Must not call the engine. */
  readonly report: (notice: DaemonNotice) => void;
  /** Of the random delays; the same seed, events, instants and answers of the host give the same run. */
  readonly seed: number;
  /** Sees each event when its turn has come, with its instant, and the interfaces before it. */
  readonly onInput?: (event: EngineEvent, at: Millis, before: Pick<EngineReading, "port">) => void;
  /** Sees each configuration as it comes into force. Must not call the engine, but for `showMessages`. */
  readonly onConfigured?: (configuration: Configuration) => void;
}
