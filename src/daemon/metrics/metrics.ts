// All metrics of a daemon (docs/metrics.md).
import type { EngineReading } from "../engine-view.ts";
import type { ConfigurationFacts } from "./configuration.ts";
import { configurationFamilies } from "./configuration.ts";
import { EventLoopDelay } from "./event-loop-delay.ts";
import type { Families } from "./exposition.ts";
import { expositionOf } from "./exposition.ts";
import { interfaceFamilies } from "./interfaces.ts";
import { neighborFamilies } from "./neighbors.ts";
import { processFamilies } from "./process.ts";
import { trafficFamilies } from "./traffic.ts";
import { treeFamilies } from "./trees.ts";

/** What is measured. */
export interface Measured {
  readonly engine: EngineReading;
  readonly running: ConfigurationFacts;
  /** Name and version, as in "hpim-dm 1.0.0". */
  readonly program: string;
}

/** The metrics of now, as text in pieces, each made when it is taken; "": whoever takes them may rest. */
export type Metrics = () => Generator<string>;

function* familiesOf({ engine, running, program }: Measured, delay: EventLoopDelay): Families {
  yield* processFamilies(program);
  yield* delay.families();
  yield* configurationFamilies(running);
  yield* neighborFamilies(engine);
  yield* treeFamilies(engine);
  yield* interfaceFamilies(engine);
  yield* trafficFamilies(engine);
}

/** The metrics of a daemon. */
export function metricsOf(measured: Measured): Metrics {
  const delay = new EventLoopDelay();
  return () => expositionOf(familiesOf(measured, delay));
}
