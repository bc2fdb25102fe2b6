// Senders and receivers of test flows inside a lab: processes of their own, started, watched and stopped here.
import type { ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { SMALLEST_PAYLOAD_BYTES } from "../traffic/packet.ts";
import { beginOf } from "./begin.ts";
import { type Delivery, deliveryReader } from "./delivery-log.ts";
import { spawnInNode } from "./exec.ts";
import type { Lab } from "./lab.ts";
import { LabError, messageOf } from "./lab-error.ts";
import { filesOf } from "./record.ts";
import type { TrafficEvent } from "./traffic-process.ts";

/** chrt(1), sched(7). */
const GOES_LAST = ["chrt", "--idle", "0"];

/** Where a process runs, and how. */
interface ProcessOptions {
  readonly node: string;
  /** It goes after all other processes; unless told it takes its turn. */
  readonly goesLast?: boolean | undefined;
  /** In place of the lab's own program one that takes, tells and logs the same: its file, and arguments of its own. */
  readonly program?: readonly string[] | undefined;
}

/** A flow to send from a node. */
export interface SenderOptions extends ProcessOptions {
  /** Addresses as text; every round sends one packet to each. A unicast address will do. */
  readonly groups: readonly string[];
  /** UDP port; 10000 unless told otherwise. */
  readonly port?: number;
  /** Packets a second to each group. */
  readonly rate: number;
  /** Packets to each group; endless unless told. */
  readonly count?: number;
  /** Payload in bytes, at least 20; 100 unless told otherwise. */
  readonly size?: number;
  /** 12 unless told otherwise. */
  readonly ttl?: number;
  /** Number of the first group's flow; the next group's is one more. 1 unless told otherwise. */
  readonly flow?: number;
  /** Where multicast leaves the node; eth0 unless told otherwise. */
  readonly interface?: string;
}

/** New flows to send from a node: one packet to each group, back to back, and again. */
export interface BurstOptions {
  readonly node: string;
  /** The first group; each flow's is the address after that of the one before. */
  readonly first: string;
  readonly groups: number;
  /** Addresses of the node; each sends to all groups. The first of eth0 unless told otherwise. */
  readonly sources?: readonly string[];
  /** Packets to each group; endless unless told. */
  readonly rounds?: number;
  /** From the begin of a round to that of the next, unless it takes longer; 1,000 unless told otherwise. */
  readonly roundMillis?: number;
}

/** What a sender did. */
export interface SenderSummary {
  /** Packets to each group, numbered from 1. */
  readonly count: number;
  /** Packets that the kernel refused, of all groups. */
  readonly failed: number;
  /** CLOCK_MONOTONIC of the first and last round; 0 if there was none. */
  readonly firstNanos: bigint;
  readonly lastNanos: bigint;
}

/** What to receive at a node. */
export interface ReceiverOptions extends ProcessOptions {
  /** Groups to join; an address of the node itself is received without joining. */
  readonly groups: readonly string[];
  /** UDP port; 10000 unless told otherwise. */
  readonly port?: number;
  readonly interface?: string;
  /** Ends by itself after so many packets. */
  readonly count?: number;
  /** Ends by itself so long after the last packet. */
  readonly idleMillis?: number;
}

/** What a receiver got. */
export interface ReceiverSummary {
  readonly count: number;
  /** Packets that were not of a test flow. */
  readonly strangers: number;
}

/** A running sender or receiver. */
export interface TrafficProcess<Summary> {
  /** Resolves when it waits to be told to begin, if it is a program that does. Throws LabError if it ended before. */
  waits(): Promise<void>;
  /** Tells it to begin, if it waits for that or will. */
  begin(): void;
  /** Resolves when it sends or has joined, with the instant before that, by CLOCK_MONOTONIC. Throws LabError if it ended before. */
  waitReady(): Promise<bigint>;
  /** Resolves when it has ended by itself. Throws LabError if it failed. */
  done(): Promise<Summary>;
  /** Ends it. Throws LabError if it had failed. */
  stop(): Promise<Summary>;
}

/** A running receiver. */
export interface Receiver extends TrafficProcess<ReceiverSummary> {
  /** What has arrived so far, in order; all of it once it has ended. */
  received(): readonly Delivery[];
}

type Name = TrafficEvent["event"];
type Told<N extends Name> = Extract<TrafficEvent, { event: N }>;

const scriptOf = (name: string): string =>
  fileURLToPath(new URL(`../lab/${name}-main.js`, import.meta.url));

const optionsOf = (options: Readonly<Record<string, number | string | undefined>>): string[] =>
  Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );

/** Resolves to the event of a name once it is told; rejects if the process ends without. */
type Listen = <N extends Name>(name: N) => Promise<Told<N>>;

function listenTo(child: ChildProcess, title: string): Listen {
  const told = new Map<Name, TrafficEvent>();
  const waiting = new Map<Name, readonly (() => void)[]>();
  let stderr = "";
  let refuse: (error: LabError) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  ended.catch(() => undefined);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  if (child.stdout) {
    createInterface({ input: child.stdout }).on("line", (text) => {
      const event: TrafficEvent = JSON.parse(text);
      told.set(event.event, event);
      for (const resolve of waiting.get(event.event) ?? []) resolve();
    });
  }
  child.on("error", (cause) => refuse(new LabError(`${title}: ${messageOf(cause)}`, { cause })));
  child.on("close", () => refuse(new LabError(`${title} failed: ${stderr.trim()}`)));
  return async <N extends Name>(name: N) => {
    if (!told.has(name)) {
      const telling = new Promise<void>((resolve) => {
        waiting.set(name, [...(waiting.get(name) ?? []), resolve]);
      });
      await Promise.race([telling, ended]);
    }
    return told.get(name) as Told<N>;
  };
}

function startProcess<N extends "sent" | "received", Summary>(
  lab: Lab,
  script: ProcessOptions & {
    readonly name: string;
    readonly args: readonly string[];
  },
  { last, summaryOf }: { readonly last: N; readonly summaryOf: (event: Told<N>) => Summary },
): TrafficProcess<Summary> {
  const scheduled = script.goesLast === true ? GOES_LAST : [];
  const program = script.program ?? [scriptOf(script.name)];
  const command = [...scheduled, process.execPath, ...program, ...script.args];
  const child = spawnInNode(lab, script.node, { command, stdio: ["pipe", "pipe", "pipe"] });
  const listen = listenTo(child, `The ${script.name} at ${script.node}`);
  const closed = new Promise<void>((resolve) => {
    child.on("close", () => resolve());
  });
  const done = async (): Promise<Summary> => {
    const summary = summaryOf(await listen(last));
    await closed;
    return summary;
  };
  return {
    waits: async () => void (await listen("waits")),
    begin: beginOf(child),
    waitReady: async () => BigInt((await listen("ready")).nanos),
    done,
    stop: async () => {
      // Before it is ready, it could not give its account.
      await listen("ready");
      child.kill("SIGTERM");
      return done();
    },
  };
}

/** Starts sending. Throws LabError if the lab has no such node or the payload cannot hold a test packet. */
export function startSender(lab: Lab, options: SenderOptions): TrafficProcess<SenderSummary> {
  const { node, goesLast, program, groups, rate, count, size, ttl, flow, port } = options;
  if (size !== undefined && size < SMALLEST_PAYLOAD_BYTES) {
    throw new LabError(`Test packets carry at least ${SMALLEST_PAYLOAD_BYTES} bytes, not ${size}.`);
  }
  const args = [
    ...groups.flatMap((group) => ["--group", group]),
    ...optionsOf({ port, rate, count, size, ttl, flow, interface: options.interface }),
  ];
  const script = { node, goesLast, program, name: "sender", args };
  return startProcess(lab, script, { last: "sent", summaryOf: sentSummary });
}

const sentSummary = ({ count, failed, firstNanos, lastNanos }: Told<"sent">): SenderSummary => ({
  ...{ count, failed },
  firstNanos: BigInt(firstNanos),
  lastNanos: BigInt(lastNanos),
});

/** Starts sending new flows, numbered from 1 on, those of the first source first. Throws LabError if the lab has no such node. */
export function startBurst(lab: Lab, options: BurstOptions): TrafficProcess<SenderSummary> {
  const { node, first, groups, rounds, roundMillis, sources = [] } = options;
  const args = [
    ...optionsOf({ first, groups, rounds, "round-millis": roundMillis }),
    ...sources.flatMap((source) => ["--source", source]),
  ];
  const script = { node, name: "burst", args };
  return startProcess(lab, script, { last: "sent", summaryOf: sentSummary });
}

let receiversStarted = 0;

/** Starts receiving. Throws LabError if the lab has no such node. */
export function startReceiver(lab: Lab, options: ReceiverOptions): Receiver {
  const { node, groups, port, count } = options;
  const directory = join(filesOf(lab), "traffic");
  mkdirSync(directory, { recursive: true });
  receiversStarted++;
  const log = join(directory, `${node}-${process.pid}-${receiversStarted}.log`);
  const args = [
    ...groups.flatMap((group) => ["--group", group]),
    ...optionsOf({ port, count, log, "idle-millis": options.idleMillis }),
    ...optionsOf({ interface: options.interface }),
  ];
  const summaryOf = ({ count: arrived, strangers }: Told<"received">): ReceiverSummary => ({
    count: arrived,
    strangers,
  });
  const { goesLast, program } = options;
  const script = { node, goesLast, program, name: "receiver", args };
  const started = startProcess(lab, script, { last: "received", summaryOf });
  return { ...started, received: deliveryReader(log) };
}
