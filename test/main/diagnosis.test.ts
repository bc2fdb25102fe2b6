// explain and doctor as people run them, in a network namespace of their own.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DoctorAnswer } from "../../src/api/diagnosis.ts";
import { RouterProcess } from "./router-process.ts";

test("doctor: no daemon answers; then one does that has hold of multicast routing, elsewhere", async (t) => {
  const router = new RouterProcess(t);
  const none = await router.at("doctor");
  assert.equal(none.code, 1, none.err);
  assert.match(none.out, /^- No daemon answers in .*\.\n {2}-> Start one with "hpim-dm start"/);
  assert.doesNotMatch(none.out, /has hold of multicast routing/);
  assert.equal((await router.start()).code, 0);
  const elsewhere = await router.run("doctor", "--runtime-dir", `${router.runtime}-2`, "--json");
  const { findings }: DoctorAnswer = JSON.parse(elsewhere.out);
  const other = findings.find(({ kind }) => kind === "other-daemon");
  assert.match(
    other?.sentence ?? "",
    /may have hold of multicast routing: process \d+: .*--runtime-dir/,
  );
});

test("explain: what is no tree is refused with a hint, an interface that is not there by the daemon", async (t) => {
  const router = new RouterProcess(t);
  assert.equal((await router.start()).code, 0);
  for (const words of [
    ["239.1.1.1", "239.1.1.1"],
    ["10.1.1.1", "10.1.1.2"],
    ["10.1.1.0/24", "239.1.1.1"],
  ]) {
    const { code, err } = await router.at("explain", ...words);
    assert.equal(code, 2);
    assert.match(err, /Expected the address of a (source|group), such as /);
  }
  const nowhere = await router.at("explain", "10.1.1.1", "239.1.1.1", "--interface", "eth7");
  assert.deepEqual([nowhere.code, nowhere.err], [1, "hpim-dm: There is no interface eth7.\n"]);
  const unknown = await router.at("explain", "10.1.1.1", "239.1.1.1");
  assert.equal(unknown.code, 0, unknown.err);
  assert.match(
    unknown.out,
    /^\(10\.1\.1\.1, 239\.1\.1\.1\) is not forwarded\.\nWhy:\n- There is no route to the source/,
  );
});
