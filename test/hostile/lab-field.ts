// The battlefield on the real kernel: daemons in namespaces, and a stranger who sends raw frames.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { TestContext } from "node:test";
import { ip, readAddress } from "../../src/base/address.ts";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { namespaceOf } from "../../src/lab/names.ts";
import { nodesOf } from "../../src/topology/topology.ts";
import { outputIn } from "../lab/labs.ts";
import { DriverProcess } from "../linux/driver-process.ts";
import { LabNetwork } from "../scenarios/lab-network.ts";
import type { ScenarioSettings } from "../scenarios/scenario-network.ts";
import { hex } from "../support/bytes.ts";
import { setSysctl } from "../support/namespace.ts";
import { battleground, type Reported, SETTINGS } from "./battlefield.ts";
import { framesOf } from "./frames.ts";
import { R2 } from "./hostile-case.ts";
import type { ReplayField } from "./replays.ts";

interface Device {
  readonly ifindex: number;
  readonly address: string;
}

async function deviceOf(lab: Lab, node: string, name: string): Promise<Device> {
  const [device]: Device[] = JSON.parse(await outputIn(lab, node, `ip -json link show ${name}`));
  return device ?? assert.fail(`${node} has no ${name}`);
}

function linesOf(lab: Lab, router: string): readonly string[] {
  return readFileSync(daemonFilesOf(lab, router).output, "utf8").trim().split("\n");
}

function reportedBy(lab: Lab, router: string): readonly Reported[] {
  return linesOf(lab, router).flatMap((line) => {
    const { kind, time, interface: name, protocol, reason } = JSON.parse(line);
    if (kind !== "dropped") return [];
    return [{ atMillis: Date.parse(time), what: `${name} ${protocol} ${reason}` }];
  });
}

const macOf = async (lab: Lab, router: string, name: string): Promise<Uint8Array> =>
  hex((await deviceOf(lab, router, name)).address.replaceAll(":", ""));

/** A new one, without a daemon yet, with these settings beside those of all battles; all of it goes when the test ends. */
export async function labField(
  context: TestContext,
  { hpim = {}, igmp = {}, ...others }: ScenarioSettings = {},
): Promise<ReplayField & { readonly network: LabNetwork }> {
  const network = await LabNetwork.up(context, battleground(), {
    hpim: { ...SETTINGS.hpim, ...hpim },
    igmp: { ...SETTINGS.igmp, ...igmp },
    ...others,
  });
  const { lab } = network;
  // What kernels report of their own (ip-sysctl: igmp_link_local_mcast_reports) would be counted too.
  for (const node of nodesOf(lab.topology)) {
    setSysctl(namespaceOf(lab.name, node), "net/ipv4/igmp_link_local_mcast_reports", 0);
  }
  const { ifindex } = await deviceOf(lab, "Stranger", "eth0");
  const [macOfR1, macOfR2] = [await macOf(lab, "R1", "eth1"), await macOf(lab, "R2", "eth0")];
  const isToR2 = (datagram: Uint8Array): boolean => readAddress(datagram, 16, 4) === ip(R2);
  const namespace = { name: namespaceOf(lab.name, "Stranger") };
  const stranger = new DriverProcess(context, namespace, "frame-driver.js", String(ifindex));
  return {
    network,
    isReal: true,
    inject: async (datagrams) => {
      const frames = datagrams.flatMap((datagram) =>
        framesOf(datagram, isToR2(datagram) ? macOfR2 : macOfR1),
      );
      await stranger.call("send", frames);
    },
    counters: (router) => network.counters(router),
    entries: (router) => network.mroute(router),
    reported: () => reportedBy(lab, "R1"),
    recorded: () => network.recorded("B"),
    reportedChanges: (router) =>
      linesOf(lab, router).filter((line) => {
        const { kind = "dropped" } = JSON.parse(line);
        return kind !== "dropped";
      }),
  };
}
