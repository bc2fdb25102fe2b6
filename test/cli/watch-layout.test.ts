// hpim-dm watch: how parts share the lines of a terminal, and columns its width.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column } from "../../src/cli/watch/columns.ts";
import { tableIn } from "../../src/cli/watch/columns.ts";
import { shared } from "../../src/cli/watch/shares.ts";

/** Wishes of so many lines, all as important but the first. */
const wishes = (...lines: readonly number[]) =>
  lines.map((n, i) => ({ lines: n, weight: i === 0 ? 2 : 1 }));

test("where there is room, all have what they want; where there is not, who wants little has it", () => {
  assert.deepEqual(shared(50, wishes(10, 5, 3)), [10, 5, 3]);
  assert.deepEqual(shared(18, wishes(10, 5, 3)), [10, 5, 3]);
  assert.deepEqual(shared(40, wishes(100, 100, 4)), [24, 12, 4]);
  assert.deepEqual(shared(12, wishes(2, 100, 100)), [2, 5, 5]);
});

test("of few lines the most important parts have a heading and a line below it first", () => {
  assert.deepEqual(shared(0, wishes(9, 9, 9)), [0, 0, 0]);
  assert.deepEqual(shared(2, wishes(9, 9, 9)), [2, 0, 0]);
  assert.deepEqual(shared(4, wishes(9, 9, 9)), [2, 2, 0]);
  assert.deepEqual(shared(5, wishes(9, 1, 9)), [2, 1, 2]);
});

test("no line is given away while somebody wants it, and none that nobody wants", () => {
  for (let room = 0; room < 60; room++) {
    for (const wanted of [wishes(30, 1, 7, 11), wishes(1, 1, 1), wishes(0, 0), wishes(3, 90)]) {
      const shares = shared(room, wanted);
      const sum = shares.reduce((a, b) => a + b, 0);
      assert.equal(
        sum,
        Math.min(
          room,
          wanted.reduce((all, { lines }) => all + lines, 0),
        ),
      );
      assert.ok(shares.every((lines, i) => lines <= (wanted[i]?.lines ?? 0)));
    }
  }
});

type Row = readonly [name: string, state: string, note: string];
const COLUMNS: readonly Column<Row>[] = [
  { title: "Name", rank: 0, cell: ([name]) => name },
  { title: "State", rank: 2, cell: ([, state]) => state },
  { title: "Note", rank: 1, least: 6, cell: ([, , note]) => note },
];
const ROWS: readonly Row[] = [
  ["eth0", "up", "nothing to say"],
  ["eth1.100", "down", "-"],
];
const table = (width: number, note = "") => tableIn(COLUMNS, ROWS, { width, note });

test("a table has all columns where there is room, its heading as long as the terminal is wide", () => {
  assert.deepEqual(table(36, "7 more"), [
    "Name      State  Note         7 more",
    "eth0      up     nothing to say",
    "eth1.100  down   -",
  ]);
});

test("in less room first a cell is cut, then the least important column is left out", () => {
  assert.deepEqual(table(23), [
    "Name      State  Note  ",
    "eth0      up     noth..",
    "eth1.100  down   -",
  ]);
  assert.deepEqual(table(22), ["Name      Note        ", "eth0      nothing to..", "eth1.100  -"]);
  assert.deepEqual(table(15), ["Name      State", "eth0      up", "eth1.100  down"]);
  assert.deepEqual(table(14), ["Name          ", "eth0", "eth1.100"]);
});

test("what a heading ends with takes the room of columns, too", () => {
  assert.equal(table(29, "7 more")[0], "Name      State  Note  7 more");
  assert.equal(table(28, "7 more")[0], "Name      Note        7 more");
  assert.equal(table(21, "7 more")[0], "Name           7 more");
});
