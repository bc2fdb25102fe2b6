// What a daemon rehearses when it has started.
import assert from "node:assert/strict";
import { test } from "node:test";
import { groupOf, rehearsal, TREES } from "../../src/main/rehearsal.ts";
import { runProgram } from "../support/command.ts";

test("each tree of a rehearsal forms: its packet reaches whoever has joined", () => {
  const steps = rehearsal();
  let count = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) count++;
  assert.ok(count > 2 * TREES, "joining and sending are steps of their own");
  const network = step.value;
  for (let n = 0; n < TREES; n += 2) {
    assert.notEqual(network.received("Client", groupOf(n)).length, 0, `tree ${n}`);
  }
  assert.deepEqual(network.frames, [], "what is not needed any more is not kept");
});

test("a rehearsal keeps no process alive", async () => {
  const script = `import(${JSON.stringify(new URL("../../src/main/rehearsal.js", import.meta.url))}).then(({ rehearse }) => void rehearse())`;
  const { code, err } = await runProgram(process.execPath, ["--eval", script]);
  assert.deepEqual({ code, err }, { code: 0, err: "" });
});
