// How two lists of lines differ, for people.

/** For each start in both lists, how many lines of the rests are in both, in the same order. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(0),
  );
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  return lengths;
}

/** All lines of both: "- " before those of `expected` alone, "+ " before those of `actual` alone. */
export function diffLines(
  expected: readonly string[],
  actual: readonly string[],
): readonly string[] {
  const lengths = commonLengths(expected, actual);
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < expected.length || j < actual.length) {
    const left = expected[i];
    const right = actual[j];
    if (left !== undefined && left === right) {
      lines.push(`  ${left}`);
      i++;
      j++;
    } else if (
      left !== undefined &&
      (right === undefined || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))
    ) {
      lines.push(`- ${left}`);
      i++;
    } else {
      lines.push(`+ ${right}`);
      j++;
    }
  }
  return lines;
}
