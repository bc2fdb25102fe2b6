// Throws.
import { invariant } from "../../../src/base/invariant.ts";
import type { Target } from "../../../tools/fuzz/target.ts";
import { brokenTarget } from "../broken-target.ts";

export const target: Target = brokenTarget("throws", (third) =>
  invariant(third > 255, "the third byte is more than a byte holds"),
);
