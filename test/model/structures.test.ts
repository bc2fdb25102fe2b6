// What the explorer keeps its states in, against maps and sets of the language.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random.ts";
import { canonical } from "../../src/sim/explorer/canonical.ts";
import { findCircle } from "../../src/sim/explorer/circle.ts";
import { ABSENT, PairTable } from "../../src/sim/explorer/pair-table.ts";
import { EMPTY, Queues } from "../../src/sim/explorer/queues.ts";
import { StateSet } from "../../src/sim/explorer/state-set.ts";

test("a table of pairs holds what a map holds", () => {
  const random = new Random(1);
  const table = new PairTable();
  const map = new Map<string, number>();
  for (let i = 0; i < 50_000; i++) {
    const [a, b] = [random.below(300), random.below(300)];
    const known = map.get(`${a}/${b}`);
    assert.equal(table.get(a, b), known ?? ABSENT);
    if (known !== undefined) continue;
    table.add(a, b, i);
    map.set(`${a}/${b}`, i);
  }
});

test("vectors are numbered in the order of their discovery, each once, and can be read again", () => {
  const random = new Random(2);
  const set = new StateSet(3);
  const map = new Map<string, number>();
  for (let i = 0; i < 200_000; i++) {
    const vector = Uint32Array.from([random.below(60), random.below(60) << 20, random.below(60)]);
    const expected = map.get(vector.join()) ?? map.size;
    map.set(vector.join(), expected);
    assert.equal(set.add(vector), expected);
  }
  assert.equal(set.size, map.size);
  const read = new Uint32Array(3);
  for (const [text, state] of map) {
    set.read(state, read);
    assert.equal(read.join(), text);
  }
});

test("queues give items in the order in which they came, and equal queues are the same", () => {
  const random = new Random(3);
  const queues = new Queues();
  const numbers = new Map<string, number>([["", EMPTY]]);
  const items: number[] = [];
  let queue = EMPTY;
  for (let i = 0; i < 10_000; i++) {
    if (items.length < 5 && random.below(2) === 0) {
      const item = random.below(3);
      items.push(item);
      queue = queues.push(queue, item);
    } else if (items.length > 0) {
      assert.equal(queues.head(queue), items.shift());
      queue = queues.rest(queue);
    }
    assert.equal(numbers.get(items.join()) ?? queue, queue);
    numbers.set(items.join(), queue);
  }
  assert.equal(new Set(numbers.values()).size, numbers.size);
});

test("equal values have the same text, different ones another", () => {
  const map = (...entries: [number, unknown][]): unknown => new Map(entries);
  assert.equal(canonical(map([1, "a"], [2, "b"])), canonical(map([2, "b"], [1, "a"])));
  assert.equal(canonical({ a: 1, b: [null] }), canonical({ b: [null], a: 1 }));
  assert.equal(canonical(new Set([2, 1])), canonical(new Set([1, 2])));
  const different = [
    1,
    "1",
    null,
    "null",
    [],
    {},
    ["1,1"],
    ["1", "1"],
    [1, 1],
    -Infinity,
    { a: 1 },
  ];
  assert.equal(new Set(different.map(canonical)).size, different.length);
});

test("a circle is found if there is one", () => {
  const graph =
    (...edges: number[][]) =>
    (node: number): readonly number[] =>
      edges[node] ?? [];
  assert.equal(findCircle(4, graph([1, 2], [3], [3], [])), null);
  assert.deepEqual(findCircle(4, graph([1, 2], [3], [1, 0], [])), [0, 2, 0]);
  assert.deepEqual(findCircle(4, graph([1], [2], [3], [1])), [1, 2, 3, 1]);
  assert.deepEqual(findCircle(2, graph([1], [1])), [1, 1]);
  assert.deepEqual(findCircle(4, graph([], [0], [3], [2])), [2, 3, 2]);
});
