// Bursts of new flows where SO_RCVBUFFORCE is refused: a program of its own, which a test runs in a user namespace.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { untilSynced } from "../scenarios/scenario-network.ts";
import { readTopology } from "../topology/files.ts";
import { sendBurst, untilActive } from "./burst.ts";
import { rawSockets } from "./syscall-watch.ts";

const IGMP = 2;
const FEW = 200;
const ROUND = 2_000;
const ROUNDS = 15;

/** Upcalls that found no room. */
const lostUpcalls = (pid: number): number =>
  rawSockets(pid, IGMP).reduce((sum, { dropped }) => sum + dropped, 0);

/** The first group of the `round`th ROUND. */
const groupOf = (round: number): string => `239.${1 + round}.0.0`;

test("bursts of new flows without privileges", async (context) => {
  const network = await LabNetwork.up(context, readTopology("pair"), { captured: [] });
  await network.start();
  await untilSynced(network, { R1: 1, R2: 1 });
  await sendBurst(network.lab, groupOf(0), FEW);
  await untilActive(network, FEW);

  const pid = await network.daemonPid("R1");
  assert.equal(lostUpcalls(pid), 0, "upcalls of few flows that R1 lost");
  process.kill(pid, "SIGSTOP");
  let rounds = 0;
  while (lostUpcalls(pid) === 0 && rounds < ROUNDS) {
    rounds++;
    await sendBurst(network.lab, groupOf(rounds), ROUND);
  }
  const lost = lostUpcalls(pid);
  process.kill(pid, "SIGCONT");
  assert.ok(lost > 0, `a buffer that cannot be raised holds fewer than ${ROUNDS * ROUND} upcalls`);
  context.diagnostic(`of ${rounds * ROUND} upcalls to a daemon that stands still ${lost} are lost`);
  await untilActive(network, FEW + rounds * ROUND - lost);
  for (let round = 1; round <= rounds; round++) {
    await sendBurst(network.lab, groupOf(round), ROUND);
  }
  await untilActive(network, FEW + rounds * ROUND);
  assert.equal(lostUpcalls(pid), lost, "upcalls of the next packets that R1 lost");
});
