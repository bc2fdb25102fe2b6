// What measurements are made of, on the real kernel: trees that form, a forced collection, memory and processor time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BARE_DAEMON } from "../../src/lab/daemon-process.ts";
import { residentAfterCollection } from "../../tools/bench/memory.ts";
import { formTrees, upNetwork } from "../../tools/bench/pair.ts";
import { cpuSeconds, daemonPid } from "../../tools/bench/processes.ts";
import { needsRoot } from "../support/namespace.ts";
import { labSite } from "./labs.ts";

test(
  "trees form and are measured; garbage is collected from outside",
  needsRoot,
  async (context) => {
    const program = BARE_DAEMON;
    const network = await upNetwork({ ...labSite(context), program }, "pair");
    const { lab } = network;
    const trees = { first: "239.1.0.0", count: 200 };
    const { seconds, rounds } = await formTrees(network, { ...trees, before: 0 });
    assert.ok(seconds > 0 && rounds >= 1);
    const bytes = await residentAfterCollection(lab, "R1");
    assert.ok(bytes > 10 << 20 && bytes < 1 << 30, `${bytes} bytes`);
    assert.ok(cpuSeconds(await daemonPid(lab, "R1")) > 0);
  },
);
