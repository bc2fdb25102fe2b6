// Rows about the router that a source is connected to: what a flow costs its daemon, which never sees a packet of it.
import { startReceiver, startSender } from "../../src/lab/traffic.ts";
import { downNetwork, untilSettled, upNetwork } from "./pair.ts";
import { cpuShare } from "./processes.ts";
import type { Effort, Network, Row, Suite } from "./row.ts";
import { suite } from "./row.ts";

const WINDOW_MS = 5_000;

interface Originator extends Network {
  readonly windows: number;
  /** Groups that were sent to so far. */
  groups: number;
}

interface FlowSize {
  readonly rate: number;
  /** Payload in bytes. */
  readonly size: number;
}

/** The share of a core that R1's daemon takes while it originates a flow, in percent, in several spans of time. */
const shareWith =
  (flow: FlowSize) =>
  async (network: Originator): Promise<readonly number[]> => {
    const { lab, windows } = network;
    network.groups++;
    const groups = [`224.12.12.${network.groups}`];
    const receiver = startReceiver(lab, { node: "Client", groups });
    await receiver.waitReady();
    const sender = startSender(lab, { node: "Source", groups, ...flow });
    await sender.waitReady();
    await untilSettled(lab, network.groups);
    const shares: number[] = [];
    for (let n = 0; n < windows; n++) shares.push(...(await cpuShare(lab, ["R1"], WINDOW_MS)));
    await Promise.all([sender.stop(), receiver.stop()]);
    return shares;
  };

const ROWS: readonly Row<Originator>[] = [
  {
    name: "originator-1000pps",
    about: "originator of 1,000 packets/s, share of a core",
    ...{ unit: "%", atLeast: 0.5, aim: "not measurable", python: "24" },
    measure: shareWith({ rate: 1_000, size: 100 }),
  },
  {
    name: "originator-100mbit",
    about: "originator of 100 Mbit/s, share of a core",
    ...{ unit: "%", atLeast: 0.5, aim: "not measurable", python: "49" },
    // 1,400 bytes 8,929 times a second.
    measure: shareWith({ rate: 8_929, size: 1_400 }),
  },
];

const windowsOf = ({ isSmoke }: Effort): number => (isSmoke ? 1 : 7);

/** The suites of the originator. */
export const ORIGINATOR_SUITES: readonly Suite[] = [
  suite({
    name: "originator",
    rows: ROWS,
    runs: () => 1,
    up: async (site): Promise<Originator> => ({
      ...(await upNetwork(site, "pair")),
      ...{ windows: windowsOf(site), groups: 0 },
    }),
    down: downNetwork,
  }),
];
