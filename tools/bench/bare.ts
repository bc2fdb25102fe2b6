// Rows of bare loops: what this machine needs for the same work without a protocol. They are held to nothing; what else is
// measured on the same machine can be compared with them.
import { startBurst } from "../../src/lab/traffic.ts";
import { waitFor } from "../lab-watch.ts";
import { joinInstants, receiveArrivals, sendEvenly } from "./flows.ts";
import { downNetwork, ROUTERS, upNetwork } from "./pair.ts";
import type { Program, WantedProgram } from "./programs.ts";
import { withPrograms } from "./programs.ts";
import type { Network, Row, Site, Suite } from "./row.ts";
import { suite } from "./row.ts";

const RUNS = 3;
const NANOS_PER_SECOND = 1e9;
const NANOS_PER_MILLI = 1e6;
const MILLIS_PER_SECOND = 1000;
const FLOWS = 7;
/** Ways of the link between the routers. */
const SIDES = { R1: ["eth1", "10.2.2.1"], R2: ["eth0", "10.2.2.2"] } as const;
/** IamUpstream and the Ack of a NoInterest one way, NoInterest and the Ack of an IamUpstream the other. */
const MESSAGES_OF_TREE = 2;

async function untilDone(loops: readonly Program[], began: bigint): Promise<number> {
  const ends = await Promise.all(loops.map(({ done }) => done()));
  return Math.max(...ends.map((end) => Number(end - began) / NANOS_PER_SECOND));
}

/** Seconds from the source's first packet until both routers have answered all upcalls. */
const answerUpcalls = ({ lab }: Network, count: number): Promise<number> =>
  withPrograms(
    lab,
    ROUTERS.map((router) => ({
      node: router,
      name: "bare-entries",
      args: ["eth0", "eth1", String(count)],
    })),
    async (loops) => {
      const burst = startBurst(lab, { node: "Source", first: "239.1.0.0", groups: count });
      const seconds = await untilDone(loops, await burst.waitReady());
      await burst.stop();
      return seconds;
    },
  );

/** Seconds until each router has sent the other as many messages as trees take, and received as many. */
const passMessages = ({ lab }: Network, trees: number): Promise<number> =>
  withPrograms(
    lab,
    ROUTERS.map((router) => ({
      node: router,
      name: "bare-messages",
      args: [...SIDES[router], String(trees * MESSAGES_OF_TREE)],
    })),
    (loops) => {
      const began = process.hrtime.bigint();
      for (const { begin } of loops) begin();
      return untilDone(loops, began);
    },
  );

/** The way to client 2, over three routers. */
const WAY: readonly WantedProgram[] = [
  { node: "R1", name: "bare-entries", args: ["eth0", "eth3", "1"] },
  { node: "R4", name: "bare-entries", args: ["eth0", "eth1", "1"] },
  { node: "R6", name: "bare-entries", args: ["eth0", "eth1", "1"] },
];

/** Milliseconds from the first packet of a flow that is sent to its arrival at client 2, of several flows. */
const firstPackets = ({ lab }: Network): Promise<readonly number[]> =>
  withPrograms(lab, WAY, async () => {
    const millis: number[] = [];
    for (let n = 1; n <= FLOWS; n++) {
      const group = `224.12.12.${n}`;
      const receiver = receiveArrivals(lab, "Client1", group);
      receiver.begin();
      await receiver.waitReady();
      const sender = sendEvenly(lab, group);
      const sent = await sender.waitReady();
      await waitFor(async () => (receiver.received().length > 0 ? undefined : "nothing arrives"));
      await sender.stop();
      await receiver.stop();
      const first = receiver.received()[0];
      if (first === undefined) throw new Error("bug: a packet is gone");
      millis.push(Number(first.receivedNanos - sent) / NANOS_PER_MILLI);
    }
    return millis;
  });

/** Milliseconds from client 2's join of a group until its report is at the router, of several groups. */
async function joinReports({ lab }: Network): Promise<readonly number[]> {
  const millis: number[] = [];
  for (const [n, share] of joinInstants(FLOWS).entries()) {
    const group = `224.12.12.${n + 1}`;
    const listening = { node: "R6", name: "bare-join", args: ["eth1", group] };
    await withPrograms(lab, [listening], async (programs) => {
      const receiver = receiveArrivals(lab, "Client1", group, share);
      await receiver.waits();
      receiver.begin();
      const seconds = await untilDone(programs, await receiver.waitReady());
      millis.push(seconds * MILLIS_PER_SECOND);
      await receiver.stop();
    });
  }
  return millis;
}

const repeated =
  (act: (network: Network, count: number) => Promise<number>, count: number) =>
  async (network: Network): Promise<readonly number[]> => {
    const seconds: number[] = [];
    for (let n = 0; n < RUNS; n++) seconds.push(await act(network, count));
    return seconds;
  };

const bareRow = (row: Pick<Row<Network>, "name" | "about" | "unit" | "measure">): Row<Network> => ({
  ...row,
  atLeast: null,
  aim: null,
  python: "",
});

const entriesRow = (count: number): Row<Network> =>
  bareRow({
    name: `bare-entries-${count}`,
    about: `bare loops: ${count.toLocaleString("en")} upcalls answered with entries`,
    unit: "s",
    measure: repeated(answerUpcalls, count),
  });

const messagesRow = (trees: number): Row<Network> =>
  bareRow({
    name: `bare-messages-${trees}`,
    about: `bare loops: control messages of ${trees.toLocaleString("en")} trees`,
    unit: "s",
    measure: repeated(passMessages, trees),
  });

const FIRST_PACKET = bareRow({
  name: "bare-first-packet",
  about: "bare loops: first packet at client 2",
  unit: "ms",
  measure: firstPackets,
});

const JOIN = bareRow({
  name: "bare-join",
  about: "a host's report of a group that it joins",
  unit: "ms",
  measure: joinReports,
});

const COUNTS = [1_000, 10_000];
const MANY = 50_000;

const upBare =
  (topology: string) =>
  (site: Site): Promise<Network> =>
    upNetwork(site, topology, { daemons: [] });

/** The suites of bare loops. */
export const BARE_SUITES: readonly Suite[] = [
  suite({
    name: "bare loops",
    rows: [...COUNTS.map(entriesRow), ...COUNTS.map(messagesRow)],
    runs: () => 1,
    up: upBare("pair"),
    down: downNetwork,
  }),
  suite({
    name: "bare loops, many",
    rows: [entriesRow(MANY)],
    runs: ({ isSmoke }) => (isSmoke ? 0 : 1),
    up: upBare("pair"),
    down: downNetwork,
  }),
  suite({
    name: "bare loops, seven routers",
    rows: [FIRST_PACKET, JOIN],
    runs: () => 1,
    up: upBare("seven-routers"),
    down: downNetwork,
  }),
];
