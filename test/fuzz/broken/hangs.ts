// Hangs.
import type { Target } from "../../../tools/fuzz/target.ts";
import { brokenTarget } from "../broken-target.ts";

export const target: Target = brokenTarget("hangs", (third) => {
  for (let sum = third; sum >= 0; ) sum += 1;
});
