// The receiver of the measurements: a program of theirs in place of the lab's own, which waits until it is told to begin.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startReceiver, startSender } from "../../src/lab/traffic.ts";
import { labSite, outputIn, upQuietly } from "../lab/labs.ts";
import { readTopology } from "../topology/files.ts";

const GROUP = "224.12.12.12";
const PROGRAM = fileURLToPath(new URL("../../tools/bench/arrivals-main.js", import.meta.url));

test("a receiver of the measurements joins when it is told to begin, not before", async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("sync"));
  const isMember = async (): Promise<boolean> =>
    (await outputIn(lab, "R2", "ip maddress show dev eth0")).includes(GROUP);
  const options = { node: "R2", groups: [GROUP], program: [PROGRAM, "--share", "0.5"] };
  const receiver = startReceiver(lab, options);
  await receiver.waits();
  // One that waits for nothing would have joined long before this one has.
  const other = startReceiver(lab, { node: "R3", groups: [GROUP] });
  await other.waitReady();
  assert.equal(await isMember(), false);
  receiver.begin();
  const joined = await receiver.waitReady();
  assert.equal(await isMember(), true);
  await startSender(lab, { node: "R1", groups: [GROUP], rate: 1000, count: 20, flow: 5 }).done();
  for (const one of [receiver, other]) {
    assert.deepEqual(await one.stop(), { count: 20, strangers: 0 });
  }
  const [first] = receiver.received();
  assert.ok(first !== undefined && first.receivedNanos > joined, "it joined before anything came");
});
