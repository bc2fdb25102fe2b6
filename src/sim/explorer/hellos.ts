// Hellos of a model with a clock. They are periodic, so they are no events: what is asked is whether another one would change anything.
import type { Act, Model } from "./model.ts";

/** By router: what has it say Hello on each of its interfaces. */
export const helloActs = ({ routers }: Model): readonly (readonly Act[])[] =>
  routers.map(({ interfaces }) =>
    interfaces
      .filter(({ protocol }) => protocol !== null)
      .map(({ index }) => ({ kind: "expire", timer: { kind: "hello", interface: index } })),
  );
