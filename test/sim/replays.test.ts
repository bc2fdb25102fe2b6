// What was said rightly once, sent again by somebody who has recorded all of it: on an interface with keys, and without, it
// changes no tree, ends no neighborhood, and leaves nothing behind after SyncHoldTime (P6).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Millis } from "../../src/base/units.ts";
import { millis } from "../../src/base/units.ts";
import { stateOfAll } from "../hostile/battlefield.ts";
import { LINK_KEY } from "../hostile/keyed-cases.ts";
import {
  expectGhostsForgotten,
  expectReplaysChangeNothing,
  record,
  shuffled,
  watchReports,
} from "../hostile/replays.ts";
import { simField } from "../hostile/sim-field.ts";

type Field = ReturnType<typeof simField>;

/** §16: SyncHoldTime, and a moment. */
const SYNC_HOLD_TIME = millis(12_100);

/** Sends datagrams onto the link, one after the other. */
async function replaySlowly(
  field: Field,
  datagrams: readonly Uint8Array[],
  pause: Millis,
): Promise<void> {
  for (const datagram of datagrams) {
    await field.inject([datagram]);
    field.network.network.run(pause);
  }
}

for (const [where, settings] of [
  ["with keys", { security: { keys: [LINK_KEY] } }],
  ["without keys", {}],
] as const) {
  test(`P6: replays of all that routers ${where} have ever said, in any order, change nothing`, async () => {
    const field = simField(settings);
    const said = await record(field);
    await expectReplaysChangeNothing(field, said);
    const before = await stateOfAll(field);
    const reports = watchReports(field);
    await replaySlowly(field, said, millis(40));
    field.network.network.run(SYNC_HOLD_TIME);
    assert.deepEqual(reports(), []);
    assert.deepEqual(await stateOfAll(field), before);
  });

  test(`P6: replays of a router ${where} that has left make no neighbor and no tree, and are forgotten after SyncHoldTime`, async () => {
    const field = simField(settings);
    const said = await record(field);
    const orders = [said, [...said].reverse(), shuffled(said, 4)];
    await expectGhostsForgotten(field, orders, (_, __, order) =>
      replaySlowly(field, order, millis(20)),
    );
  });
}
