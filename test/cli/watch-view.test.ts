// hpim-dm watch: what keys do.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Key, View } from "../../src/cli/watch/view.ts";
import { INITIAL_VIEW, press } from "../../src/cli/watch/view.ts";

const EXTENT = { trees: 100, page: 10 };

/** A key as node:readline tells of it. */
const named = (name: string): Key => ({ name });
const typed = (sequence: string): Key => ({ name: sequence.toLowerCase(), sequence });

const after = (view: View, ...keys: readonly Key[]): View =>
  keys.reduce((now, key) => press(now, key, EXTENT), view);

const firstAfter = (...keys: readonly Key[]): number => after(INITIAL_VIEW, ...keys).first;

test("trees scroll by one, by a page and to the ends, and no further", () => {
  assert.equal(firstAfter(typed("j"), named("down"), named("up")), 1);
  assert.equal(firstAfter(named("up"), typed("k")), 0);
  assert.equal(firstAfter(named("pagedown"), named("space"), named("pageup")), 10);
  assert.equal(firstAfter(typed("G")), 90);
  assert.equal(firstAfter(named("end"), named("down")), 90);
  assert.equal(firstAfter(typed("G"), typed("g")), 0);
  assert.equal(firstAfter(typed("G"), named("home")), 0);
});

test("when trees have gone, scrolling begins at the last page that there is", () => {
  const far = { ...INITIAL_VIEW, first: 90 };
  assert.equal(press(far, named("up"), { trees: 20, page: 10 }).first, 9);
});

test("a group, a source or a prefix narrows; what is none says so, and nothing ends it", () => {
  const word = (text: string): readonly Key[] => [...text].map(typed);
  const groups = after(INITIAL_VIEW, typed("/"), ...word("239.1.0.0/16"), named("return"));
  assert.deepEqual([groups.narrowing, groups.typing], [{ group: "239.1.0.0/16" }, null]);
  const source = after(INITIAL_VIEW, typed("/"), ...word("10.1.1.1"), named("enter"));
  assert.deepEqual(source.narrowing, { source: "10.1.1.1" });
  const again = after(source, typed("/"), ...word("239.1"), named("backspace"));
  assert.equal(again.typing, "239.");
  const wrong = after(again, typed("/"), named("return"));
  assert.match(wrong.remark ?? "", /^239\.\/ is no group or source/);
  assert.deepEqual(wrong.narrowing, source.narrowing);
  assert.deepEqual(after(groups, typed("/"), named("return")).narrowing, {});
});

test("what is typed begins empty; ctrl-U clears it, escape leaves it", () => {
  const narrowed = { ...INITIAL_VIEW, narrowing: { group: "239.1.0.0/16" } };
  assert.equal(after(narrowed, typed("/")).typing, "");
  const typing = after(narrowed, typed("/"), typed("7"), named("return"));
  const cleared = press(typing, { name: "u", ctrl: true, sequence: "\u0015" }, EXTENT);
  assert.deepEqual([cleared.typing, cleared.remark], ["", null]);
  assert.deepEqual(after(typing, named("escape")), narrowed);
  // A key that follows at once comes together with escape.
  const left = after(typing, { name: "p", meta: true, sequence: "\u001bp" });
  assert.deepEqual(left, { ...narrowed, isPaused: true });
  const anew = after(typing, { meta: true, sequence: "\u001b/" });
  assert.equal(anew.typing, "");
  assert.deepEqual(after(typing, { name: "escape", meta: true, sequence: "\u001b" }), narrowed);
});

test("while a prefix is typed, keys are its characters, and others nothing", () => {
  const typing = after(INITIAL_VIEW, typed("/"), typed("q"), typed("p"), typed("7"));
  assert.deepEqual([typing.typing, typing.hasEnded, typing.isPaused], ["7", false, false]);
  assert.equal(press(typing, { name: "c", ctrl: true }, EXTENT).hasEnded, true);
});

test("p pauses and goes on, ? helps, q and ctrl-C end", () => {
  assert.equal(after(INITIAL_VIEW, typed("p")).isPaused, true);
  assert.equal(after(INITIAL_VIEW, typed("p"), typed("p")).isPaused, false);
  assert.equal(after(INITIAL_VIEW, typed("?")).isHelp, true);
  assert.equal(after(INITIAL_VIEW, typed("?"), named("escape")).isHelp, false);
  assert.equal(after(INITIAL_VIEW, typed("q")).hasEnded, true);
  assert.equal(after(INITIAL_VIEW, { name: "c", ctrl: true }).hasEnded, true);
  assert.equal(after(INITIAL_VIEW, typed("x")), INITIAL_VIEW);
});
