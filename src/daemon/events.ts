// Everything that can happen to a daemon: plain values, so that a recording of them replays it.
import type { Configuration } from "./configuration.ts";
import type { HostEvent } from "./host.ts";

/** An input of the engine. */
export type EngineEvent =
  | HostEvent
  /** From now on this, whole, is the configuration. */
  | { readonly kind: "configure"; readonly configuration: Configuration }
  /** Goodbye everywhere, all entries removed, all VIFs given back; what comes later is ignored. */
  | { readonly kind: "stop" };
