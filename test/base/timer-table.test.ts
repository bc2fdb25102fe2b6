// The timer table, against a list that is sorted at every question.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TimerTable } from "../../src/base/timer-table.ts";
import { type Millis, millis } from "../../src/base/units.ts";

interface Event {
  readonly name: string;
  readonly note: number;
}
const table = (): TimerTable<Event> => new TimerTable((one) => one.name);
const event = (key: string, note = 0): Event => ({ name: key, note });

class Model {
  readonly timers = new Map<string, { due: number; event: Event }>();
  first(): { due: number; event: Event } | undefined {
    const order = [...this.timers.entries()].sort(
      ([a, s], [b, t]) => s.due - t.due || (a < b ? -1 : 1),
    );
    return order[0]?.[1];
  }
}

const name = fc.constantFrom(..."abcdefgh");
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("set" as const), name, due: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cancel" as const), name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("take" as const), now: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("retime" as const),
      name,
      by: fc.integer({ min: -9, max: 9 }),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function apply(timers: TimerTable<Event>, model: Model, one: Step, note: number): void {
  switch (one.kind) {
    case "set":
      timers.set(millis(one.due), event(one.name, note));
      model.timers.set(one.name, { due: one.due, event: event(one.name, note) });
      return;
    case "cancel":
      timers.cancel(event(one.name));
      model.timers.delete(one.name);
      return;
    case "retime":
      timers.retime(({ event: { name: of }, due }) => millis(of >= one.name ? due + one.by : due));
      for (const [of, timer] of model.timers) if (of >= one.name) timer.due += one.by;
      return;
    case "take": {
      const first = model.first();
      const expected = first !== undefined && first.due <= one.now ? first : undefined;
      if (expected !== undefined) model.timers.delete(expected.event.name);
      const taken = timers.takeDue(millis(one.now));
      assert.deepEqual(taken?.event, expected?.event);
      assert.equal(taken?.due, expected?.due);
    }
  }
}

test("timers come by due time, then by key, each once, whatever is set, set anew and cancelled", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const timers = table();
      const model = new Model();
      for (const [note, one] of steps.entries()) {
        apply(timers, model, one, note);
        assert.equal(timers.nextDeadline(), model.first()?.due);
        for (const key of "abcdefgh") {
          assert.equal(timers.dueOf(event(key)), model.timers.get(key)?.due);
          assert.equal(timers.runs(event(key)), model.timers.has(key));
        }
      }
    }),
  );
});

test("many timers come out in order", () => {
  const dues = fc.array(fc.nat(1000), { minLength: 100, maxLength: 300 });
  fc.assert(
    fc.property(dues, (wanted) => {
      const timers = table();
      for (const [n, due] of wanted.entries()) timers.set(millis(due), event(`${n}`));
      const taken: Millis[] = [];
      for (;;) {
        const timer = timers.takeDue(millis(1000));
        if (timer === undefined) break;
        taken.push(timer.due);
      }
      assert.deepEqual(
        taken,
        [...wanted].sort((a, b) => a - b),
      );
    }),
    { numRuns: 30 },
  );
});

test("a timer that is set anew a million times takes no room", () => {
  const timers = table();
  timers.set(millis(1_500_000), event("other"));
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 1_000_000; n++) timers.set(millis(2_000_000 - n), event("again", n));
  // A million timers would take more than 60 MB.
  assert.ok(process.memoryUsage().heapUsed - before < 40e6);
  assert.equal(timers.takeDue(millis(3_000_000))?.event.note, 999_999);
  assert.equal(timers.takeDue(millis(3_000_000))?.event.name, "other");
  assert.equal(timers.takeDue(millis(3_000_000)), undefined);
});
