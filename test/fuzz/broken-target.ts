// Targets that are broken on purpose, as code under test may be: they break at one input in thousands.
import type { Target } from "../../tools/fuzz/target.ts";
import { QUICK } from "../../tools/fuzz/target.ts";
import { varyBytes } from "../../tools/fuzz/vary-bytes.ts";

/** A target that calls `harm` with inputs of three bytes that are 0xab, 0xcd and any one, which it comes near to step by step. */
export const brokenTarget = (name: string, harm: (third: number) => void): Target => ({
  ...QUICK,
  ...{ name, patienceSeconds: 1, vary: varyBytes },
  seeds: () => [Uint8Array.of(0xaa, 0xcc, 1, 2, 3, 4)],
  execute([first, second, third, ...rest]) {
    const isNear = first === 0xab;
    const isRight = isNear && second === 0xcd && third !== undefined && rest.length === 0;
    if (isRight) harm(third);
    return { accepted: isNear, kind: `${isNear} ${Math.min(rest.length, 3)}` };
  },
});
