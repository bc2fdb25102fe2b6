// Takes all the memory that there is.
import type { Target } from "../../../tools/fuzz/target.ts";
import { brokenTarget } from "../broken-target.ts";

export const target: Target = {
  ...brokenTarget("devours", (third) => {
    const eaten: number[][] = [];
    for (;;) eaten.push(new Array<number>(1_000_000).fill(third + 0.5));
  }),
  patienceSeconds: 60,
};
