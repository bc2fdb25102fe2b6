// How the parts of a frame share its lines: by what they need, and when there are too few, by how important they are.

/** What a part is to have: lines with its heading, and how much of the room if not all have what they want. */
export interface Wish {
  readonly lines: number;
  readonly weight: number;
}

/** A heading, and a line below it. */
const USEFUL = 2;

/** How many lines each part gets of `room`: the heaviest first what makes them useful, and then all by their weights. */
export function shared(room: number, wishes: readonly Wish[]): readonly number[] {
  const shares = wishes.map(() => 0);
  let left = room;
  const give = (part: number, lines: number): void => {
    shares[part] = (shares[part] ?? 0) + lines;
    left -= lines;
  };
  const heaviestFirst = [...wishes.entries()].sort(([, a], [, b]) => b.weight - a.weight);
  for (const [part, { lines }] of heaviestFirst) {
    const useful = Math.min(USEFUL, lines);
    if (useful <= left) give(part, useful);
  }
  const share = (part: number): number => shares[part] ?? 0;
  while (left > 0) {
    const [next] = heaviestFirst
      .filter(([part, { lines }]) => share(part) < lines)
      .sort(([a, { weight }], [b, other]) => share(a) / weight - share(b) / other.weight);
    if (next === undefined) break;
    give(next[0], 1);
  }
  return shares;
}
