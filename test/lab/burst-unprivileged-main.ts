// Bursts of new flows where SO_RCVBUFFORCE is refused: a program of its own, which a test runs in a user namespace.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { untilSynced } from "../scenarios/scenario-network.ts";
import { readTopology } from "../topology/files.ts";
import { kernelEntries, sendBurst, untilActive } from "./burst.ts";
import { rawSockets } from "./syscall-watch.ts";

const IGMP = 2;
const FEW = 200;
/** More than the buffer holds. */
const MORE = 500;
/** What the whole buffer holds, which the daemon gets where the system allows all of it to everybody. */
const ALL_OF_IT = 20_164;

/** What found no room: upcalls, and IGMP messages that happened to come then. */
const dropped = (pid: number): number =>
  rawSockets(pid, IGMP).reduce((sum, socket) => sum + socket.dropped, 0);

const unread = (pid: number): number =>
  rawSockets(pid, IGMP).reduce((sum, { unreadBytes }) => sum + unreadBytes, 0);

/** How many upcalls the daemon says that its buffer holds. */
function heldUpcalls({ lab }: LabNetwork, router: string): number {
  const log = readFileSync(daemonFilesOf(lab, router).output, "utf8");
  const [, held] = /of a burst of more than about (\d+) new flows/.exec(log) ?? [];
  return held === undefined ? ALL_OF_IT : Number(held);
}

test("bursts of new flows without privileges", async (context) => {
  const network = await LabNetwork.up(context, readTopology("pair"), { captured: [] });
  await network.start();
  await untilSynced(network, { R1: 1, R2: 1 });
  await sendBurst(network.lab, "239.1.0.0", FEW);
  await untilActive(network, FEW);

  const pid = await network.daemonPid("R1");
  assert.equal(dropped(pid), 0, "upcalls of few flows that R1 lost");
  const many = heldUpcalls(network, "R1") + MORE;
  process.kill(pid, "SIGSTOP");
  await sendBurst(network.lab, "239.2.0.0", many);
  await network.until(async () => assert.ok(dropped(pid) > 0, "upcalls that R1 lost"));
  process.kill(pid, "SIGCONT");
  // What has been sent may still be on its way: each packet gets an entry, or its upcall is lost.
  await network.until(async () => {
    assert.equal(unread(pid), 0, "bytes of upcalls that R1 has not read");
    const entries = await kernelEntries(network, "R1");
    assert.ok(entries + dropped(pid) >= FEW + many, `R1 has ${entries} entries`);
  });
  const lost = dropped(pid);
  context.diagnostic(`of ${many} upcalls to a daemon that stands still ${lost} are lost`);
  await untilActive(network, FEW + many - lost);
  await sendBurst(network.lab, "239.2.0.0", many);
  await untilActive(network, FEW + many);
  assert.equal(dropped(pid), lost, "upcalls of the next packets that R1 lost");
});
