// Settings that commands change on a real daemon, and what is shown of them then.
import assert from "node:assert/strict";
import { test } from "node:test";
import { needsRoot } from "../support/namespace.ts";
import { RouterProcess } from "./router-process.ts";

const ON_R0 = "HPIM-DM is not enabled on r9: enable it first";

test(
  "set: durations, switches and numbers, on the router and on one interface",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    router.addInterface();
    const config = router.file("r.yaml", "interfaces: {r0: {hpim: {holdForwardingTime: 3}}}\n");
    assert.equal((await router.start("--config", config)).code, 0);
    for (const [typed, printed, code = 0] of [
      ["hello-period 2s", /^helloPeriod is 2s\.\n$/],
      ["hello-period 500ms --interface r0", /^helloPeriod is 500ms on r0\.\n$/],
      ["hello-period default", /^helloPeriod is 10s, but 500ms on r0\.\n$/],
      ["hold-forwarding off", /^holdForwarding is off\.\n$/],
      ["hold-forwarding toggle", /^holdForwarding is on\.\n$/],
      ["hold-forwarding 5", /^holdForwarding is on\. holdForwardingTime is 5s, but 3s on r0\.\n$/],
      ["tree-limit 1000", /^treeLimit is 1000\.\n$/],
      ["hello-period 49ms", /Expected a duration from 50ms to 900s.*, or "default"\./, 2],
      ["hold-forwarding maybe", /Expected true or false, or "default"\./, 2],
      [
        "tree-limit 5 --interface r0",
        /treeLimit is a setting of the router: leave the interface/,
        1,
      ],
      ["hello-period 5 --interface r9", new RegExp(ON_R0), 1],
      [
        "query-interval 10",
        /^hpim-dm: Nothing has changed: igmp: expected queryResponseInterval/,
        1,
      ],
    ] as const) {
      const { code: is, out, err } = await router.at("set", ...typed.split(" "));
      assert.equal(is, code, `${typed}: ${err}`);
      assert.match(code === 0 ? out : err, printed, typed);
    }
    const { out } = await router.at("show", "settings");
    const rows = out.split("\n").map((line) => line.trim().split(/ {2,}/).join(" "));
    for (const row of [
      "helloPeriod router 10s",
      "helloPeriod r0 500ms",
      "holdForwardingTime r0 3s",
    ]) {
      assert.ok(rows.includes(row), `${row} in\n${out}`);
    }
  },
);
