// Takes all the memory that there is.
import type { Target } from "../../../tools/fuzz/target.ts";
import { brokenTarget } from "../broken-target.ts";

export const target: Target = {
  ...brokenTarget("devours", (third) => {
    const eaten: object[] = [];
    for (;;) eaten.push(Array.from({ length: 100_000 }, (_, n) => ({ n, third })));
  }),
  patienceSeconds: 60,
};
