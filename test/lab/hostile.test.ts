// What strangers send, on the real kernel: raw frames onto the link between two daemons (§2.1-2.3, P6).
import { test } from "node:test";
import { runHostileCases } from "../hostile/battlefield.ts";
import { HOSTILE_CASES } from "../hostile/cases.ts";
import { LINK_KEY, runKeyedCases } from "../hostile/keyed-cases.ts";
import { labField } from "../hostile/lab-field.ts";
import {
  expectGhostsForgotten,
  expectReplaysChangeNothing,
  record,
  shuffled,
} from "../hostile/replays.ts";
import { needsRoot } from "../support/namespace.ts";

const SECURITY = { security: { keys: [LINK_KEY] } };
/** So that routers say it again soon when it is lost, and a ghost is soon forgotten. */
const QUICK = {
  hpim: { syncRetransmissionTime: "300ms", retransmissionTime: "300ms", syncHoldTime: "2s" },
  igmp: { lastMemberQueryInterval: "200ms", queryResponseInterval: "500ms" },
};

test(
  "P6 on the real kernel: every hostile packet is counted by its reason, told once a minute, and changes nothing",
  needsRoot,
  async (context) => runHostileCases(await labField(context), HOSTILE_CASES),
);

test(
  "P6 on the real kernel: where there are keys, forged packets of all types are counted by their reason and change nothing",
  needsRoot,
  async (context) => runKeyedCases(await labField(context, SECURITY)),
);

for (const [where, settings] of [
  ["there are keys", { ...QUICK, ...SECURITY }],
  ["there are none", QUICK],
] as const) {
  test(
    `P6 on the real kernel: where ${where}, replays change nothing, and those of a router that has left are forgotten`,
    needsRoot,
    async (context) => {
      const field = await labField(context, settings);
      const said = await record(field);
      await expectReplaysChangeNothing(field, said);
      await expectGhostsForgotten(field, [shuffled(said, 4)]);
    },
  );
}
