// A scenario file of a model, replayed: the same transitions are taken again, and what follows is compared.
import type { Transcript } from "../../scenario/transcript.ts";
import { Enabled } from "./enabled.ts";
import type { Model } from "./model.ts";
import { Network } from "./network.ts";
import { takeInWords, transitionText } from "./trace.ts";

/** What a replay has found. */
export type Replay =
  /** What followed, by the line of the command. */
  | { readonly kind: "played"; readonly lines: ReadonlyMap<number, readonly string[]> }
  /** There is no such transition in that state. */
  | { readonly kind: "stuck"; readonly line: number; readonly possible: readonly string[] };

/** Takes the transitions of a scenario file, from the beginning of its model. */
export function replay(model: Model, { steps }: Transcript): Replay {
  const network = new Network(model);
  const enabled = new Enabled(network);
  const vector = network.initial();
  const lines = new Map<number, readonly string[]>();
  for (const { command, line } of steps) {
    const words = new Map(
      enabled
        .transitions(vector)
        .map((able) => [transitionText(network, vector, able), able] as const),
    );
    const number = words.get(command);
    if (number === undefined) return { kind: "stuck", line, possible: [...words.keys()].sort() };
    lines.set(line, takeInWords(network, vector, number));
  }
  return { kind: "played", lines };
}
