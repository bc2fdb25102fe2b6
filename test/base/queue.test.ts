// A queue behaves as an array that is pushed to and shifted from.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Queue } from "../../src/base/queue.ts";

test("what waits longest comes first, however pushes and takes follow each other", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat())), (steps) => {
      const [queue, model] = [new Queue<number>(), [] as number[]];
      for (const step of steps) {
        if (step === null) assert.equal(queue.shift(), model.shift());
        else {
          queue.push(step);
          model.push(step);
        }
      }
      for (const item of model) assert.equal(queue.shift(), item);
      assert.equal(queue.shift(), undefined);
    }),
  );
});
