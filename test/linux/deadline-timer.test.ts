import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { after, type Millis, millis } from "../../src/base/units.ts";
import { DeadlineTimer, monotonicNow } from "../../src/linux/deadline-timer.ts";

/** A timer, and the instants at which it calls back. */
function timed(t: TestContext): {
  readonly timer: DeadlineTimer;
  readonly next: () => Promise<Millis>;
} {
  let onDeadline = (): void => assert.fail("a deadline that nobody has set");
  const timer = new DeadlineTimer(() => onDeadline());
  t.after(() => timer.close());
  const next = (): Promise<Millis> =>
    new Promise((resolve) => {
      onDeadline = () => {
        onDeadline = () => assert.fail("a second deadline");
        resolve(monotonicNow());
      };
    });
  return { timer, next };
}

test("of the deadlines that are set the last one comes, once and not before its time; null takes it back", async (t) => {
  const { timer, next } = timed(t);
  const now = monotonicNow();
  for (const span of [20, 60]) timer.set(after(now, millis(span)));
  assert.ok((await next()) >= now + 60, "later than one before");
  const then = monotonicNow();
  for (const span of [3_600_000, 10]) timer.set(after(then, millis(span)));
  assert.ok((await next()) < then + 3_600_000, "earlier than one before");
  timer.set(after(then, millis(10)));
  timer.set(null);
  const last = monotonicNow();
  timer.set(after(last, millis(30)));
  assert.ok((await next()) >= last + 30, "none before was left");
});
