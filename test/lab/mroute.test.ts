// hpim-dm show mroute on the real kernel: beside what iproute2 reads, and when somebody else has changed the table.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { MrouteRow } from "../../src/api/lists/mroute.ts";
import { mrouteSchema } from "../../src/api/lists/mroute.ts";
import { treesSchema } from "../../src/api/lists/trees.ts";
import { daemonFilesOf, queryDaemon } from "../../src/lab/daemon-process.ts";
import { startSender } from "../../src/lab/traffic.ts";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { untilStates, untilSynced } from "../scenarios/scenario-network.ts";
import { needsRoot } from "../support/namespace.ts";
import { readTopology } from "../topology/files.ts";
import { outputIn } from "./labs.ts";

const COMMAND = fileURLToPath(new URL("../../../bin/hpim-dm", import.meta.url));
const TAMPER = fileURLToPath(new URL("tamper.js", import.meta.url));
const SOURCE = "10.1.1.100";
const GROUP = "224.12.12.12";
const PACKETS = 50;

/** An entry as `ip -json -stats mroute show` has it. */
interface IprouteEntry {
  readonly src: string;
  readonly dst: string;
  readonly iif: string;
  readonly multipath?: readonly { readonly oif: string }[];
  readonly packets: number;
  readonly bytes: number;
  readonly wrong_if?: number;
}

const asIproute = (text: string) =>
  (JSON.parse(text) as readonly IprouteEntry[]).map((entry) => ({
    ...{ source: entry.src, group: entry.dst, incoming: entry.iif },
    outgoing: (entry.multipath ?? []).map(({ oif }) => oif),
    ...{ packets: entry.packets, bytes: entry.bytes, wrongInterface: entry.wrong_if ?? 0 },
  }));

const asIprouteHasIt = ({ source, group, incoming, outgoing, ...counters }: MrouteRow) => {
  const { packets, bytes, wrongInterface } = counters;
  return { source, group, incoming, outgoing, packets, bytes, wrongInterface };
};

/** What the command shows at R1. */
async function shown({ lab }: LabNetwork, ...options: readonly string[]): Promise<string> {
  const { runtimeDirectory } = daemonFilesOf(lab, "R1");
  const words = [process.execPath, COMMAND, "show", "mroute", "--runtime-dir", runtimeDirectory];
  return outputIn(lab, "R1", [...words, ...options].join(" "));
}

const entriesAt = async (network: LabNetwork): Promise<readonly MrouteRow[]> =>
  mrouteSchema.strict().parse(JSON.parse(await shown(network, "--json"))).entries;

/** A tree from the source over R1 and R2 to the client, and packets that have passed. */
async function formTree(network: LabNetwork): Promise<void> {
  await network.start();
  await untilSynced(network, { R1: 1, R2: 1 });
  await network.join("Client", GROUP);
  await network.until(async () => assert.equal((await network.groups("R2")).length, 1));
  await startSender(network.lab, { node: "Source", groups: [GROUP], rate: 1, count: 1 }).done();
  await untilStates(network, {
    R1: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
    R2: ["ACTIVE", "eth0 root", "eth1 AW DI forwarding"],
  });
  const more = { node: "Source", groups: [GROUP], rate: 500, count: PACKETS };
  await startSender(network.lab, more).done();
  await network.until(async () => {
    assert.equal((await network.received("Client", GROUP)).length, PACKETS + 1);
  });
}

test(
  "on the real kernel: show mroute has what ip mroute has, it is what the daemon wants, and a stranger's changes show",
  needsRoot,
  async (context) => {
    const network = await LabNetwork.up(context, readTopology("pair"), {});
    await formTree(network);

    const entries = await entriesAt(network);
    const iproute = asIproute(await outputIn(network.lab, "R1", "ip -json -stats mroute show"));
    assert.deepEqual(entries.map(asIprouteHasIt), iproute);
    const { trees } = treesSchema.parse(await queryDaemon(network.lab, "R1", "trees"));
    const daemon = { incoming: "eth0", outgoing: ["eth1"] };
    assert.deepEqual(
      trees.map((tree) => tree.entry),
      [{ kind: "tree", ...daemon }],
    );
    const [entry] = entries;
    assert.equal(entry?.packets, PACKETS + 1);
    assert.deepEqual([entry?.inKernel, entry?.daemon, entry?.difference], [true, daemon, null]);

    const vifs = (await network.interfaces("R1")).map(({ vif }) => vif ?? -1).filter((n) => n >= 0);
    const tamper = (words: string) =>
      outputIn(network.lab, "R1", `${process.execPath} ${TAMPER} ${words}`);
    await tamper(`write ${SOURCE} ${GROUP} ${vifs[0]}`);
    const [cut] = await entriesAt(network);
    assert.deepEqual(
      [cut?.outgoing, cut?.packets, cut?.daemon, cut?.difference],
      [[], PACKETS + 1, daemon, "the daemon wants eth0 to eth1"],
    );
    await tamper(`write ${SOURCE} 239.9.9.9 ${vifs[1]} ${vifs[0]}`);
    await tamper(`delete ${SOURCE} ${GROUP}`);
    const [gone, strange, ...others] = await entriesAt(network);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [gone?.group, gone?.inKernel, gone?.difference],
      [GROUP, false, "the kernel does not have the entry"],
    );
    assert.deepEqual(
      [strange?.group, strange?.incoming, strange?.outgoing, strange?.difference],
      ["239.9.9.9", "eth1", ["eth0"], "the daemon knows no such entry"],
    );
    const lines = (await shown(network)).split("\n").map((line) => line.split(/ {2,}/).join(" | "));
    assert.deepEqual(lines, [
      "Source | Group | Incoming | Outgoing | Packets | Bytes | Wrong if | Difference",
      `${SOURCE} | ${GROUP} | - | - | - | - | - | the kernel does not have the entry`,
      `${SOURCE} | 239.9.9.9 | eth1 | eth0 | 0 | 0 | 0 | the daemon knows no such entry`,
    ]);
  },
);
