// Rows about single steps, in this process: no kernel, no other program.
import { fileURLToPath } from "node:url";
import { Bench } from "tinybench";
import { ip } from "../../src/base/address.ts";
import { invariant, known } from "../../src/base/invariant.ts";
import { bootTime, millis, seconds, sequenceNumber } from "../../src/base/units.ts";
import { stateOf } from "../../src/core/memory.ts";
import type { Message } from "../../src/core/messages.ts";
import { allRouters } from "../../src/core/messages.ts";
import { settle } from "../../src/core/settle.ts";
import { treeInputs } from "../../src/core/trees.ts";
import { Secret } from "../../src/daemon/secret.ts";
import type { Key } from "../../src/daemon/security.ts";
import { NO_SECURITY } from "../../src/daemon/security.ts";
import { signedMessage } from "../../src/daemon/signatures.ts";
import { readTopologyFile } from "../../src/lab/topology-file.ts";
import { explore } from "../../src/sim/explorer/explore.ts";
import { modelOf } from "../../src/sim/models/list.ts";
import { Network } from "../../src/sim/network.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/hpim.ts";
import { CorePair, treeOf } from "./core-pair.ts";
import type { Figure, Suite, Values } from "./row.ts";

/** A step, and how often a call of `run` takes it. */
interface Step {
  readonly name: string;
  readonly about: string;
  /** Makes what the step needs. */
  readonly prepare: () => { readonly run: () => void; readonly times: number };
}

const MICROS_PER_MILLI = 1000;
const MEASURED_MS = 1000;
const WARM_UP_MS = 200;
const FEWEST_CALLS = 3;
const TREES = 1_000;
const BATCH = 1_000;
/** Visited whole in less than a second. */
const MODEL = "T1";
const PACKETS = 60;
const PACKET_INTERVAL = seconds(1);
const SIMULATED = seconds(60);

const ENDS = { source: ip("10.2.2.1"), destination: allRouters(4) };
const KEY: Key = {
  identifier: 1,
  algorithm: "sha256",
  secret: known(Secret.of(new TextEncoder().encode("between the two of us")), "a secret of bytes"),
};
const SIGNED = { ...NO_SECURITY, keys: [KEY] };

const iamUpstream = (sn: number, metric: number): Extract<Message, { kind: "iamUpstream" }> => ({
  kind: "iamUpstream",
  bootTime: bootTime(1000),
  ...treeOf(sn % TREES),
  sn: sequenceNumber(sn),
  rpc: { preference: 2, metric },
});

/** The same step, many times in a call. */
const repeated = (step: () => void): ReturnType<Step["prepare"]> => ({
  times: BATCH,
  run: () => {
    for (let n = 0; n < BATCH; n++) step();
  },
});

/** Two routers with their trees. */
function formedPair(): CorePair {
  const pair = new CorePair();
  for (let n = 0; n < TREES; n++) pair.begin(treeOf(n));
  return pair;
}

/** One IamUpstream after the other, each with another cost: it is acknowledged, the tree settled, and interest said. */
function throughCore(): ReturnType<Step["prepare"]> {
  const { second, now } = formedPair();
  const [neighbor] = second.interfaces()[0]?.running?.neighbors ?? [];
  const { interface: index, address, bootTime: theirs, neighborSsn } = known(neighbor, "neighbor");
  const about = { kind: "message", interface: index, source: address, ttl: 1 } as const;
  let sn = neighborSsn + TREES;
  return repeated(() => {
    sn++;
    const message = { ...iamUpstream(sn, Math.floor(sn / TREES) % 2), bootTime: theirs };
    second.handle({ ...about, destination: ENDS.destination, message }, now);
  });
}

function settledTree(): ReturnType<Step["prepare"]> {
  const { second, now } = formedPair();
  const state = stateOf(second.save(now));
  const [tree] = state.trees.values();
  const inputs = treeInputs(state, known(tree, "a tree"), millis(0));
  return repeated(() => void settle(inputs));
}

function explored(): ReturnType<Step["prepare"]> {
  const search = () => explore(modelOf(MODEL), { limit: Number.POSITIVE_INFINITY, reduce: true });
  return { times: search().states, run: search };
}

/** Seven routers that begin and synchronise, with a source and two listeners. */
function simulated(): ReturnType<Step["prepare"]> {
  const path = new URL("../../../topologies/seven-routers.yaml", import.meta.url);
  const topology = readTopologyFile(fileURLToPath(path));
  let events = 0;
  const run = (): void => {
    events = 0;
    const network = new Network(topology, 1);
    for (const name of topology.routers.keys()) {
      network.machine(name).beforeEvent = () => void events++;
    }
    network.startAll();
    for (const { source, group, receivers } of topology.flows) {
      for (const receiver of receivers) network.host(receiver).join(group);
      network.host(source).sendMany(group, PACKETS, PACKET_INTERVAL);
    }
    network.run(SIMULATED);
  };
  run();
  return { times: events, run };
}

const encoded = encodeMessage(iamUpstream(1, 0), null);

const STEPS: readonly Step[] = [
  {
    name: "encode",
    about: "an IamUpstream is encoded",
    prepare: () => repeated(() => void encodeMessage(iamUpstream(1, 0), null)),
  },
  {
    name: "decode",
    about: "an IamUpstream is decoded",
    prepare: () => repeated(() => void decodeMessage(encoded, 4)),
  },
  {
    name: "sign",
    about: "the same is encoded and signed, HMAC with SHA-256",
    prepare: () => repeated(() => void signedMessage(iamUpstream(1, 0), ENDS, SIGNED)),
  },
  {
    name: "core",
    about: "an IamUpstream through the core, with all that follows",
    prepare: throughCore,
  },
  { name: "settle", about: "a tree is settled", prepare: settledTree },
  { name: "explore", about: `a state of the model ${MODEL}`, prepare: explored },
  { name: "simulate", about: "an event of a daemon in the simulator", prepare: simulated },
];

const figureOf = ({ name, about }: Step): Figure => ({
  ...{ name: `micro-${name}`, about, unit: "µs", atLeast: null, aim: null, python: "" },
});

/** Microseconds that a step takes: the median of a second's calls. */
async function microsOf({ prepare }: Step): Promise<number> {
  const { run, times } = prepare();
  const options = { iterations: FEWEST_CALLS, warmupIterations: 1, warmupTime: WARM_UP_MS };
  const bench = new Bench({ time: MEASURED_MS, ...options });
  bench.add("step", run);
  const [task] = await bench.run();
  const result = known(task, "the task of a step").result;
  invariant(result.state === "completed", "a step is taken to its end");
  return (result.latency.p50 / times) * MICROS_PER_MILLI;
}

/** The suite of single steps. */
export const MICRO_SUITES: readonly Suite[] = [
  {
    name: "steps",
    figures: STEPS.map(figureOf),
    runs: ({ isSmoke }) => (isSmoke ? 1 : 3),
    run: async (_, rows) => {
      const values = new Map<string, Values>();
      for (const step of STEPS) {
        const { name } = figureOf(step);
        if (rows.has(name)) values.set(name, { first: [], later: [await microsOf(step)] });
      }
      return values;
    },
  },
];
