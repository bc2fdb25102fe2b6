// Lists of many rows: made in slices, between which the engine goes on, and no faster than they are read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { treesSchema } from "../../src/api/lists/trees.ts";
import type { Address } from "../../src/base/address.ts";
import { HostError } from "../../src/daemon/host.ts";
import { listCounters } from "../../src/daemon/lists/counters.ts";
import { documentOf } from "../../src/daemon/lists/document.ts";
import { listInterfaces } from "../../src/daemon/lists/interfaces.ts";
import { NO_FILTER, type Rows } from "../../src/daemon/lists/list.ts";
import { listTrees } from "../../src/daemon/lists/trees.ts";
import { sliced } from "../../src/daemon/slices.ts";
import type { Rig } from "./engine-rig.ts";
import { ETH1, ETH2, flowing, hello, messages, on, receive, rig, SOURCE } from "./engine-rig.ts";
import { serveLists } from "./served-daemon.ts";

const TREES = 20_000;

/** An originator of `count` trees, one of them as in `flowing`. */
function withTrees(count: number): Rig {
  const made = flowing();
  for (let n = 1; n < count; n++) {
    const group = String.fromCharCode(239, 2, n >> 8, n & 0xff) as Address;
    made.engine.handle({
      kind: "upcalls",
      upcalls: [{ reason: "missingEntry", interface: ETH1.index, ...{ source: SOURCE, group } }],
    });
  }
  return made;
}

/** Has something come in whenever the event loop is free. */
function keepBusy(act: () => void): () => void {
  let goesOn = true;
  const again = async (): Promise<void> => {
    while (goesOn) {
      act();
      await setImmediate();
    }
  };
  void again();
  return () => {
    goesOn = false;
  };
}

test("20,000 trees are listed whole, and the engine answers its neighbor all the while", async (t) => {
  const made = withTrees(TREES);
  const { ask } = await serveLists(t, made);
  made.host.sent.splice(0);
  let heard = 0;
  const stop = keepBusy(() => {
    receive(made, hello(40 + (heard++ % 2)));
  });
  const { status, body } = await ask("GET", "/v1/trees");
  stop();
  assert.equal(status, 200);
  const { trees } = treesSchema.strict().parse(body);
  assert.equal(trees.length, TREES);
  const groups = trees.map(({ group }) =>
    group.split(".").reduce((all, one) => all * 256 + +one, 0),
  );
  assert.ok(
    groups.every((group, n) => n === 0 || group > (groups[n - 1] ?? 0)),
    "in order",
  );
  // A slice has at most 256 KiB, and all of them 10 MiB and more.
  assert.ok(JSON.stringify(body).length > 10 << 20);
  assert.ok(heard >= 40, `${heard} Hellos were handled meanwhile`);
  assert.equal(messages(made)[0]?.kind, "sync", "the first one was answered");
});

test("a tree that goes while the list is read has no row; what is read stays a whole document", async () => {
  const made = withTrees(3_000);
  const body = await sliced(documentOf(listTrees(made.engine, NO_FILTER)));
  assert.ok(body instanceof ReadableStream);
  const decoder = new TextDecoder();
  let text = "";
  let hasGone = false;
  for await (const chunk of body) {
    if (!hasGone && text.includes("source")) {
      hasGone = true;
      made.engine.handle({ kind: "links", links: [ETH1] });
      made.engine.handle({ kind: "configure", configuration: made.engine.configuration });
      made.engine.handle({ kind: "links", links: [] });
    }
    text += decoder.decode(chunk);
  }
  const { trees } = treesSchema.strict().parse(JSON.parse(text));
  assert.ok(trees.length > 0 && trees.length < 3_000, `${trees.length} rows`);
});

for (const [name, rowsOf] of [
  ["interfaces", (made: Rig) => listInterfaces(made.engine, NO_FILTER).interfaces],
  ["counters", (made: Rig) => listCounters(made.engine, NO_FILTER).counters],
] as const) {
  test(`${name}: an interface that goes while the list is read has no row, nor another one that gets its index`, () => {
    for (const links of [[ETH1], [ETH1, { ...ETH2, name: "new" }]]) {
      const made = rig(on("hpim", "eth1", "eth2"), [ETH1, ETH2]);
      const rows: Iterator<unknown> = rowsOf(made)[Symbol.iterator]();
      assert.equal(rows.next().done, false);
      made.engine.handle({ kind: "links", links: [ETH1] });
      made.engine.handle({ kind: "links", links });
      assert.deepEqual(rows.next(), { done: true, value: undefined });
    }
  });
}

/** Rows without end, and how many were made; whether they were told that no more are wanted. */
function endless(): { readonly rows: Rows<string>; made: number; ended: boolean } {
  const observed = { rows: [] as Rows<string>, made: 0, ended: false };
  function* make(): Generator<string | undefined> {
    try {
      for (;;) yield observed.made++ % 2 === 0 ? undefined : "x".repeat(1_000);
    } finally {
      observed.ended = true;
    }
  }
  observed.rows = make();
  return observed;
}

test("however fast it is read, the event loop is free between two slices", async () => {
  const rows = Array.from({ length: 3_000 }, () => "x".repeat(1_000));
  const body = await sliced(documentOf({ rows }));
  assert.ok(body instanceof ReadableStream);
  let turns = 0;
  const stop = keepBusy(() => turns++);
  let slices = 0;
  for await (const chunk of body) slices += chunk.length > 0 ? 1 : 0;
  stop();
  assert.ok(slices > 10, `${slices} slices`);
  assert.ok(turns >= slices, `${turns} turns`);
});

test("however many read at once, one slice is made in a turn of the event loop", async () => {
  const slicesOf: number[] = [];
  let turn = 0;
  let until = Number.POSITIVE_INFINITY;
  function* pieces(): Generator<string> {
    let last = -1;
    while (turn < until) {
      if (turn !== last) slicesOf[turn] = (slicesOf[turn] ?? 0) + 1;
      last = turn;
      yield "x".repeat(1_000);
    }
  }
  const stop = keepBusy(() => turn++);
  const bodies = await Promise.all(Array.from({ length: 20 }, () => sliced(pieces())));
  until = turn + 100;
  for (const body of bodies) assert.ok(body instanceof ReadableStream);
  await Promise.all(bodies.map((body) => new Response(body).arrayBuffer()));
  stop();
  const made = slicesOf.filter((slices) => slices > 0);
  assert.ok(made.length > 50, `slices in ${made.length} turns`);
  // What counts turns is before or behind a slice in its turn.
  assert.ok(Math.max(...made) <= 2, `${Math.max(...made)} slices in a turn`);
});

test("rows are made no faster than they are read, and no more when the reader has gone", async () => {
  const observed = endless();
  const body = await sliced(documentOf({ rows: observed.rows }));
  assert.ok(body instanceof ReadableStream);
  const reader = body.getReader();
  await reader.read();
  for (let turn = 0; turn < 100; turn++) await setImmediate();
  const made = observed.made;
  for (let turn = 0; turn < 100; turn++) await setImmediate();
  assert.equal(observed.made, made, "nobody reads");
  await reader.read();
  await reader.read();
  assert.ok(observed.made > made);
  assert.equal(observed.ended, false);
  await reader.cancel();
  assert.equal(observed.ended, true);
});

test("a document of one slice is a text: an empty list, several sections, rows left out", async () => {
  const document = (sections: Record<string, Rows<unknown>>) => sliced(documentOf(sections));
  assert.equal(await document({ trees: [] }), '{"version":1,\n"trees":[\n]}\n');
  assert.equal(
    await document({ a: [undefined, { b: 1 }, undefined, { b: 2 }], c: ["d"] }),
    '{"version":1,\n"a":[\n{"b":1},\n{"b":2}\n],\n"c":[\n"d"\n]}\n',
  );
});

test("what fails before the first slice is whole is thrown; what fails later breaks the stream off", async () => {
  function* failing(after: number): Generator<string> {
    for (let n = 0; n < after; n++) yield "x".repeat(1_000);
    throw new HostError("recv", "ENOBUFS", "for the test");
  }
  await assert.rejects(sliced(documentOf({ rows: failing(3) })), /for the test/);
  const body = await sliced(documentOf({ rows: failing(10_000) }));
  assert.ok(body instanceof ReadableStream);
  await assert.rejects(async () => {
    for await (const chunk of body) assert.ok(chunk.length > 0);
  }, /for the test/);
});
