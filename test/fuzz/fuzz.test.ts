// Fuzzing, a short time of it: every target stands its inputs, those that once broke it too; and what breaks is found.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { keptInputs } from "../../tools/fuzz/keep.ts";
import { brokenText } from "../../tools/fuzz/report.ts";
import { fuzz } from "../../tools/fuzz/run.ts";
import type { Target } from "../../tools/fuzz/target.ts";

const TARGETS = new URL("./targets/", import.meta.url);
const EXECUTIONS = { quick: 20_000, slow: 2_000 };
const SEED = 7;

const urls = readdirSync(TARGETS)
  .filter((file) => file.endsWith(".js"))
  .sort()
  .map((file) => new URL(file, TARGETS).href);

/** Of rarer ones, which take seconds, other rooms play a few: test/sim/hostile.test.ts. */
const LEAST_SHARE = 0.01;

for (const module of urls) {
  const { target } = (await import(module)) as { readonly target: Target };
  if (target.share < LEAST_SHARE) continue;

  test(`P6, P7: ${target.name} stands whatever it is given`, async () => {
    const executions = target.isSlow ? EXECUTIONS.slow : EXECUTIONS.quick;
    const outcome = await fuzz({ module, executions, seed: SEED, workers: 1 });
    const texts = outcome.broken.map((broken) => brokenText(target, broken, "no file"));
    assert.equal(texts.join("\n"), "");
    const { accepted } = outcome;
    assert.ok(accepted > 0, "some inputs are what they should be");
    assert.ok(accepted < outcome.executions, "and some are not");
  });

  for (const { file, input } of keptInputs(target)) {
    test(`${target.name} stands what once broke it: ${file}`, async () => {
      await target.execute(input);
    });
  }
}

for (const [name, why] of [
  ["throws", /bug: the third byte is more than a byte holds/],
  ["hangs", /hangs: took more than 1 s/],
  ["devours", /ERR_WORKER_OUT_OF_MEMORY/],
] as const) {
  test(`a target that ${name} is found, with the input that does it`, async () => {
    const module = new URL(`./broken/${name}.js`, import.meta.url).href;
    const { broken } = await fuzz({ module, executions: 1_000_000, seed: SEED, workers: 1 });
    assert.equal(broken.length, 1);
    assert.match(broken[0]?.why ?? "", why);
    assert.deepEqual([...(broken[0]?.input ?? [])].slice(0, 2), [0xab, 0xcd]);
    assert.equal(broken[0]?.input.length, 3);
  });
}
