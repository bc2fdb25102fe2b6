// Whether a graph has a circle, found depth first without recursion.

const NEW = 0;
const ON_WAY = 1;
const DONE = 2;

/**
 * A circle, as its nodes in their order, the first one again at the end; null: there is none.
 * `size`: of nodes 0, 1...
 */
export function findCircle(
  size: number,
  successors: (node: number) => readonly number[],
): readonly number[] | null {
  const marks = new Uint8Array(size).fill(NEW);
  const way: { readonly node: number; readonly left: number[] }[] = [];
  const enter = (node: number): void => {
    marks[node] = ON_WAY;
    way.push({ node, left: [...successors(node)] });
  };
  let first = 0;
  for (;;) {
    const last = way.at(-1);
    if (last === undefined) {
      while (marks[first] === DONE) first++;
      if (first === size) return null;
      enter(first);
      continue;
    }
    const next = last.left.pop();
    if (next === undefined) {
      marks[last.node] = DONE;
      way.pop();
    } else if (marks[next] === NEW) {
      enter(next);
    } else if (marks[next] === ON_WAY) {
      const nodes = way.map(({ node }) => node);
      return [...nodes.slice(nodes.indexOf(next)), next];
    }
  }
}
