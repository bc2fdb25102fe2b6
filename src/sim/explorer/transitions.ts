// The transitions of a model, numbered once: what can happen to a network, and where.
import type { Choice, Model } from "./model.ts";

/** A choice of an incident, ready to be applied. */
export interface Option {
  readonly incident: number;
  readonly choice: Choice;
  readonly acts: readonly { readonly router: number; readonly act: number }[];
}

/** What can happen. Channels, options and routers are named by their places. */
export type Transition =
  /** A channel's message of this place, from 0, arrives; the others stay. */
  | { readonly kind: "deliver"; readonly channel: number; readonly place: number }
  | { readonly kind: "choice"; readonly option: number }
  /** A channel's first message is lost, or arrives and stays on the way. */
  | { readonly kind: "lose" | "double"; readonly channel: number }
  /** What is due now at a router, the timer of this place. */
  | { readonly kind: "fire"; readonly router: number; readonly timer: number }
  /** Time passes until something is due. */
  | { readonly kind: "pass" }
  /** All routers say Hello. */
  | { readonly kind: "hellos" };

/** A message is overtaken by at most so many others. */
export const MAX_OVERTAKEN = 2;
/** At most so many timers of a router are due at the same time. */
export const MAX_DUE = 16;

/** All transitions that a model may ever have. */
export function allTransitions(
  model: Model,
  channels: number,
  options: number,
): readonly Transition[] {
  const everyChannel = Array.from({ length: channels }, (_, channel) => channel);
  const places = model.faults === undefined ? [0] : [0, 1, MAX_OVERTAKEN];
  const deliveries = places.flatMap((place) =>
    everyChannel.map((channel): Transition => ({ kind: "deliver", channel, place })),
  );
  const choices = Array.from(
    { length: options },
    (_, option): Transition => ({ kind: "choice", option }),
  );
  const faults = (model.faults === undefined ? [] : (["lose", "double"] as const)).flatMap((kind) =>
    everyChannel.map((channel): Transition => ({ kind, channel })),
  );
  if (model.clock === undefined) return [...deliveries, ...choices, ...faults];
  const fires = model.routers.flatMap((_, router) =>
    Array.from({ length: MAX_DUE }, (__, timer): Transition => ({ kind: "fire", router, timer })),
  );
  return [...deliveries, ...choices, ...faults, ...fires, { kind: "pass" }, { kind: "hellos" }];
}
