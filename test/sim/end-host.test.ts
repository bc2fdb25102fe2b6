// Hosts in memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { seconds } from "../../src/base/units.ts";
import { configurationOfSettings } from "../scenarios/settings.ts";
import { simulate } from "../scenarios/sim-network.ts";
import { answerOf } from "../support/answers.ts";

const ASKED_EVERY_SECOND = configurationOfSettings({
  igmp: { startupQueryInterval: "1s", startupQueryCount: 1000, queryResponseInterval: "10s" },
});

test("RFC 2236 §3: a host answers in time, also when it is asked again and again meanwhile", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const network = simulate("pair", seed);
    network.host("Client").join(ip("224.12.12.12"));
    // Nobody hears what it says when it joins.
    network.run(seconds(11));
    network.start("R2", ASKED_EVERY_SECOND);
    network.run(seconds(11));
    const { engine } = network.machine("R2");
    const groups = engine === null ? [] : answerOf("groups", engine).groups;
    assert.deepEqual(
      groups.map(({ group }) => group),
      ["224.12.12.12"],
      `with seed ${seed}`,
    );
  }
});
