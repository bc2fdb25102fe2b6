// The battlefield on the real kernel: daemons in namespaces, and a stranger who sends raw frames.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { TestContext } from "node:test";
import { countersSchema } from "../../src/api/lists/counters.ts";
import { mrouteSchema } from "../../src/api/lists/mroute.ts";
import { daemonFilesOf, queryDaemon } from "../../src/lab/daemon-process.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { namespaceOf } from "../../src/lab/names.ts";
import { nodesOf } from "../../src/topology/topology.ts";
import { outputIn } from "../lab/labs.ts";
import { DriverProcess } from "../linux/driver-process.ts";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { hex } from "../support/bytes.ts";
import { setSysctl } from "../support/namespace.ts";
import { type Battlefield, battleground, type Reported, SETTINGS } from "./battlefield.ts";
import { framesOf } from "./frames.ts";

interface Device {
  readonly ifindex: number;
  readonly address: string;
}

async function deviceOf(lab: Lab, node: string, name: string): Promise<Device> {
  const [device]: Device[] = JSON.parse(await outputIn(lab, node, `ip -json link show ${name}`));
  return device ?? assert.fail(`${node} has no ${name}`);
}

function reportedBy(lab: Lab, router: string): readonly Reported[] {
  const lines = readFileSync(daemonFilesOf(lab, router).output, "utf8").trim().split("\n");
  return lines.flatMap((line) => {
    const { kind, time, interface: name, protocol, reason } = JSON.parse(line);
    if (kind !== "dropped") return [];
    return [{ atMillis: Date.parse(time), what: `${name} ${protocol} ${reason}` }];
  });
}

/** A new one, without a daemon yet; all of it goes when the test ends. */
export async function labField(
  context: TestContext,
): Promise<Battlefield & { readonly network: LabNetwork }> {
  const network = await LabNetwork.up(context, battleground(), SETTINGS);
  const { lab } = network;
  // What kernels report of their own (ip-sysctl: igmp_link_local_mcast_reports) would be counted too.
  for (const node of nodesOf(lab.topology)) {
    setSysctl(namespaceOf(lab.name, node), "net/ipv4/igmp_link_local_mcast_reports", 0);
  }
  const { ifindex } = await deviceOf(lab, "Stranger", "eth0");
  const target = hex((await deviceOf(lab, "R1", "eth1")).address.replaceAll(":", ""));
  const namespace = { name: namespaceOf(lab.name, "Stranger") };
  const stranger = new DriverProcess(context, namespace, "frame-driver.js", String(ifindex));
  return {
    network,
    isReal: true,
    inject: async (datagrams) => {
      const frames = datagrams.flatMap((datagram) => framesOf(datagram, target));
      await stranger.call("send", frames);
    },
    counters: async (router) =>
      countersSchema.parse(await queryDaemon(lab, router, "counters")).counters,
    entries: async (router) => mrouteSchema.parse(await queryDaemon(lab, router, "mroute")).entries,
    reported: () => reportedBy(lab, "R1"),
  };
}
