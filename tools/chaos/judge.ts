// What must be so when all has been repaired (§17): the oracle's rest at every router, the same in its kernel, and each
// packet once at each listener (P1-P5, P8); and nothing may be left that grows.
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { invariant } from "../../src/base/invariant.ts";
import { daemonFilesOf } from "../../src/lab/daemon-process.ts";
import { messageOf } from "../../src/lab/lab-error.ts";
import { doAllHold } from "../../src/oracle/premises.ts";
import type { Rest } from "../../src/oracle/rest.ts";
import { restOf } from "../../src/oracle/rest.ts";
import type { SeenRouter } from "../campaign/compare.ts";
import { compareStates } from "../campaign/compare.ts";
import { describe } from "../campaign/describe.ts";
import { GROUPS } from "../campaign/generate.ts";
import { vifsOf } from "./kernel.ts";
import { lookAt, type Talk, talkOf } from "./look.ts";
import type { ChaosNetwork } from "./network.ts";
import { type Arrivals, PACKETS_PER_SECOND } from "./traffic.ts";

/** What a judgement takes. */
export interface Patience {
  /** For rest after a repair. */
  readonly restMillis: number;
  /** Packets of each flow that are watched at rest. */
  readonly packets: number;
}

/** What no daemon may have to say: bugs among them (main/last-words.ts). */
const WRONG = /"level":"(error|fatal)"|[Ii]nvariant/;
const LOOK_EVERY_MS = 250;
const DELIVERED_WITHIN_MS = 30_000;
const MILLIS_PER_SECOND = 1_000;

function expected(network: ChaosNetwork): Rest {
  const rest = restOf(describe(network.scene), GROUPS);
  const isOrderly = rest.trees.every(({ premises }) => doAllHold(premises));
  invariant(isOrderly, "the premises of §17 hold in a network that is repaired");
  return rest;
}

/** What is not as it should be, now. Throws LabError if a daemon has ended. */
async function differences(network: ChaosNetwork): Promise<readonly string[]> {
  const seen = new Map<string, SeenRouter>();
  const lines: string[] = [];
  for (const router of network.routers) {
    const pid = network.daemons.pid(router);
    try {
      const sight = await lookAt(network.lab, network.scene, { router, pid });
      seen.set(router, sight.seen);
      lines.push(...sight.differences);
    } catch (error) {
      lines.push(`${router}: ${messageOf(error)}`);
    }
  }
  return [...lines, ...compareStates(seen, expected(network))];
}

/** Waits until all is as it should be; what is not, in the end. */
export async function waitForRest(
  network: ChaosNetwork,
  { restMillis }: Patience,
): Promise<readonly string[]> {
  const end = performance.now() + restMillis;
  for (;;) {
    const lines = await differences(network);
    if (lines.length === 0 || performance.now() > end) return lines;
    await pause(LOOK_EVERY_MS, undefined, { signal: network.signal });
  }
}

/** Why the packets of a flow have not come once each, in order. */
function unsteadiness({ title, numbers }: Arrivals, packets: number): readonly string[] {
  const first = numbers[0] ?? 0;
  const odd = numbers.findIndex((number, i) => number !== first + i);
  if (odd >= 0) {
    const around = numbers.slice(Math.max(0, odd - 3), odd + 4).join(" ");
    return [`P5: ${title}: packets came as ... ${around} ...`];
  }
  if (numbers.length >= packets) return [];
  return [`P5: ${title}: ${numbers.length} packets came, not ${packets}`];
}

/** "R4 eth1" for each output that packets may leave by. */
function busyOutputs(network: ChaosNetwork): ReadonlySet<string> {
  const sent = expected(network).trees.filter(({ links }) => links.size > 0);
  const places = sent.flatMap(({ routers }) =>
    routers.flatMap(({ name, interfaces }) => interfaces.map((at) => ({ name, at }))),
  );
  const busy = places.filter(({ at }) => at.forwarding !== "no");
  return new Set(busy.map(({ name, at }) => `${name} ${at.name}`));
}

/** Packets that have left by each output: "R4 eth1". */
function packetsOut(network: ChaosNetwork): ReadonlyMap<string, number> {
  const rows = network.routers.flatMap((router) =>
    [...vifsOf(network.daemons.pid(router)).values()].map(
      ({ name, packetsOut: count }) => [`${router} ${name}`, count] as const,
    ),
  );
  return new Map(rows);
}

/** P5 for so many packets of each flow that are sent from now on. */
async function watchPackets(network: ChaosNetwork, packets: number): Promise<readonly string[]> {
  const since = process.hrtime.bigint();
  const before = packetsOut(network);
  const end = performance.now() + DELIVERED_WITHIN_MS;
  let lines: readonly string[] = [];
  // Logs grow long: they are not read in vain.
  let wait = (packets * MILLIS_PER_SECOND) / PACKETS_PER_SECOND;
  for (let isOver = false; !isOver; wait = LOOK_EVERY_MS) {
    await pause(wait, undefined, { signal: network.signal });
    const arrivals = network.traffic.arrivals(network.scene, since);
    lines = arrivals.flatMap((one) => unsteadiness(one, packets));
    const haveCome = arrivals.every(({ numbers }) => numbers.length >= packets);
    isOver = haveCome || performance.now() > end;
  }
  const busy = busyOutputs(network);
  const astray = [...packetsOut(network)].flatMap(([output, count]) => {
    const sent = count - (before.get(output) ?? 0);
    if (sent === 0 || busy.has(output)) return [];
    return [`P5: ${sent} packets left by ${output}, which leads to no listener`];
  });
  return [...lines, ...astray];
}

const talks = (network: ChaosNetwork): Promise<readonly Talk[]> =>
  Promise.all(network.routers.map((router) => talkOf(network.lab, router)));

/**
 * P5: each packet once at each listener, and none where none is wanted; once that is so, it goes on. P2: meanwhile nobody
 * says anything but Hellos.
 */
export async function judgePackets(
  network: ChaosNetwork,
  { restMillis, packets }: Patience,
): Promise<readonly string[]> {
  const end = performance.now() + restMillis;
  while ((await watchPackets(network, 2)).length > 0 && performance.now() < end);
  const before = await talks(network);
  const lines = await watchPackets(network, packets);
  const spoken = (await talks(network)).flatMap(({ said, malformed }, i) => {
    const more = said - (before[i]?.said ?? 0);
    const words = more === 0 ? [] : [`P2: ${network.routers[i]} says ${more} messages at rest`];
    return [...words, ...malformed.map((text) => `P6: ${text}`)];
  });
  return [...lines, ...spoken];
}

/** What the logs say that they must never say. */
export function judgeLogs(network: ChaosNetwork): readonly string[] {
  return network.routers.flatMap((router) => {
    const { output, log } = daemonFilesOf(network.lab, router);
    const texts = [output, log].map((file) => {
      try {
        return readFileSync(file, "utf8");
      } catch {
        return "";
      }
    });
    const lines = texts.flatMap((text) => text.split("\n").filter((line) => WRONG.test(line)));
    return lines.map((line) => `log of ${router}: ${line.slice(0, 500)}`);
  });
}

/** Waits until nothing is left of trees whose sources are silent; what is, in the end. */
export async function waitForNothing(
  network: ChaosNetwork,
  patience: Patience,
): Promise<readonly string[]> {
  const lines = await waitForRest(network, patience);
  if (lines.length > 0) return lines;
  const left: string[] = [];
  for (const router of network.routers) {
    const { seen } = await lookAt(network.lab, network.scene, {
      router,
      pid: network.daemons.pid(router),
    });
    if (seen.trees.length + seen.entries.length === 0) continue;
    left.push(`${router}: ${seen.trees.length} trees, ${seen.entries.length} entries are left`);
  }
  return left;
}
