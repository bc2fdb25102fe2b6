// Static joins on the real kernel: packets reach a host that has never reported, and stop when the router leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { groupsSchema } from "../../src/api/lists/groups.ts";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import { type Lab, upLab } from "../../src/lab/lab.ts";
import { type Receiver, startReceiver, startSender } from "../../src/lab/traffic.ts";
import { runCommand } from "../support/command.ts";
import { needsRoot } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { readTopology } from "../topology/files.ts";
import { labSite, outputIn } from "./labs.ts";

const GROUP = "239.1.2.3";
const SOURCE = "10.1.1.100";

/** What a command prints that R2's daemon does. */
async function typed(lab: Lab, ...words: readonly string[]): Promise<string> {
  const { runtimeDirectory } = daemonFilesOf(lab, "R2");
  const { code, out, err } = await runCommand(...words, "--runtime-dir", runtimeDirectory);
  assert.deepEqual([code, err], [0, ""], words.join(" "));
  return out;
}

/** Whether R2's kernel lets the group out to the client. */
const isLetOut = async (lab: Lab): Promise<boolean> =>
  (await outputIn(lab, "R2", "ip mroute show"))
    .split("\n")
    .some((line) => line.includes(`,${GROUP})`) && line.includes("Oifs: eth1"));

/** Sends a flow of 20 packets with this number. */
async function sendFlow(lab: Lab, flow: number): Promise<void> {
  await startSender(lab, {
    ...{ node: "Source", groups: [GROUP], rate: 1_000, count: 20, flow },
  }).done();
}

const arrivedOf = (receiver: Receiver, flow: number): number =>
  receiver.received().filter((one) => one.flow === flow).length;

test(
  "§12: a group that is joined reaches a host that does not report it, of the sources that are joined, until it is left",
  needsRoot,
  async (context) => {
    const { directory, prefix } = labSite(context);
    const lab = await upLab(readTopology("pair"), prefix, { directory });
    await outputIn(lab, "Client", "nft add table ip mute");
    await outputIn(
      lab,
      "Client",
      "nft add chain ip mute out { type filter hook output priority 0; }",
    );
    await outputIn(lab, "Client", "nft add rule ip mute out ip protocol igmp drop");
    const receiver = startReceiver(lab, { node: "Client", groups: [GROUP] });
    await receiver.waitReady();
    const sender = startSender(lab, { node: "Source", groups: [GROUP], rate: 100, flow: 9 });
    await sender.waitReady();

    await typed(lab, "igmp", "join", "eth1", GROUP, "10.1.1.99");
    await sendFlow(lab, 1);
    assert.equal(await isLetOut(lab), false);
    await typed(lab, "igmp", "join", "eth1", GROUP, SOURCE);
    await until("it is let out", () => isLetOut(lab));
    await sendFlow(lab, 2);
    await until("all of a flow has come", () => arrivedOf(receiver, 2) === 20);

    const { groups } = groupsSchema.parse(JSON.parse(await typed(lab, "show", "groups", "--json")));
    assert.deepEqual(groups, [
      {
        ...{ interface: "eth1", group: GROUP, state: "NoMembersPresent", lastReporter: null },
        ...{ expiresInSeconds: null, static: { sources: ["10.1.1.99", SOURCE] } },
      },
    ]);

    await typed(lab, "igmp", "leave", "eth1", GROUP, SOURCE);
    await until("it is no longer let out", async () => !(await isLetOut(lab)));
    await sendFlow(lab, 3);
    await typed(lab, "igmp", "join", "eth1", GROUP);
    await until("it is let out", () => isLetOut(lab));
    await sendFlow(lab, 4);
    await until("all of a flow has come", () => arrivedOf(receiver, 4) === 20);
    await Promise.all([sender.stop(), receiver.stop()]);
    assert.deepEqual([arrivedOf(receiver, 1), arrivedOf(receiver, 3)], [0, 0]);
  },
);
