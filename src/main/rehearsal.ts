// A rehearsal in memory. V8 interprets a function until it has run often: in a process that has just started, a tree takes
// several times as long as in one that has formed some hundred, and along a path of routers that adds up. So a daemon has
// its engine form trees on a network of the simulator first, between what it has to do.
import { setTimeout } from "node:timers/promises";
import { type Address, ip } from "../base/address.ts";
import { invariant } from "../base/invariant.ts";
import { millis, seconds } from "../base/units.ts";
import { logTo, NoticeLog } from "../daemon/log.ts";
import { Network } from "../sim/network.ts";
import { parseTopology } from "../topology/parse.ts";

/** A step takes some milliseconds at first, and less than one in the end; on a slow machine the pause is as long as it took. */
const LEAST_PAUSE_MS = 5;
/** With more it is hardly faster. */
export const TREES = 200;

/** Two routers forward to a third, which has a listener. */
const NETWORK = `
name: rehearsal
links:
  A: { subnet: 10.1.1.0/24 }
  B: { subnet: 10.2.2.0/24 }
  C: { subnet: 10.3.3.0/24 }
routers:
  R1: { interfaces: { eth0: { link: A, address: 10.1.1.1 }, eth1: { link: B, address: 10.2.2.1 } } }
  R2: { interfaces: { eth0: { link: A, address: 10.1.1.2 }, eth1: { link: B, address: 10.2.2.2 } } }
  R3: { interfaces: { eth0: { link: B, address: 10.2.2.3 }, eth1: { link: C, address: 10.3.3.3 } } }
hosts:
  Source: { link: A, address: 10.1.1.100 }
  Client: { link: C, address: 10.3.3.100 }
`;
const SEED = 1;
const UNTIL_SYNCED = seconds(10);
/** In which everybody acknowledges what somebody said. */
const ROUND_TRIP = millis(10);

/** Group `n` of the rehearsal. */
export const groupOf = (n: number): Address => ip(`239.1.0.${n}`);

/** The engine, membership and codecs, with the lines that they would log; each step is a turn of its own. Returns the network. */
export function* rehearsal(): Generator<void, Network> {
  const parsed = parseTopology(NETWORK);
  invariant(parsed.kind === "topology", "the network of the rehearsal is one");
  const network = new Network(parsed.topology, SEED);
  const log = new NoticeLog(logTo({ write: () => undefined }), {
    nameOf: (index) => `eth${index}`,
    level: () => "info",
  });
  const [source, client] = [network.host("Source"), network.host("Client")];
  network.startAll();
  while (network.now < UNTIL_SYNCED) {
    network.run(seconds(1));
    yield;
  }
  for (let n = 0; n < TREES; n++) {
    const group = groupOf(n);
    const acts = [() => client.join(group), () => source.send(group)];
    // Some listeners come first, others find a tree.
    for (const act of n % 2 === 0 ? acts : acts.reverse()) {
      act();
      network.run(ROUND_TRIP);
      for (const { notice } of network.notices.splice(0)) log.write(notice);
      network.frames.length = 0;
      yield;
    }
  }
  log.endInterval();
  return network;
}

/** Rehearses in the background, and keeps no process alive. */
export async function rehearse(): Promise<void> {
  let began = performance.now();
  for (const _ of rehearsal()) {
    const pause = Math.max(LEAST_PAUSE_MS, performance.now() - began);
    await setTimeout(pause, undefined, { ref: false });
    began = performance.now();
  }
}
