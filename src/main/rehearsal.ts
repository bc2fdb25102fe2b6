// A rehearsal in memory. V8 interprets a function until it has run often: in a process that has just started, a tree takes
// several times as long as in one that has formed some hundred, and along a path of routers that adds up. So a daemon has
// its engine form trees on a network of the simulator first, between what it has to do. What V8 compiles holds for what it has
// met, and is thrown away when something else comes: so there is one of everything that networks have.
import { setTimeout } from "node:timers/promises";
import { type Address, ip } from "../base/address.ts";
import { invariant } from "../base/invariant.ts";
import { type Millis, millis, seconds } from "../base/units.ts";
import { EventStreams } from "../daemon/event-streams.ts";
import { NoticeLog } from "../daemon/log.ts";
import { Network } from "../sim/network.ts";
import { parseTopology } from "../topology/parse.ts";

/** So long it goes on without a pause, and a step longer; the pause is as long as it took. */
const STEP_MS = 1;
const LEAST_PAUSE_MS = 5;
/** With a thousand, which take four times as long, a router touches 2 % less for a message. */
export const TREES = 250;

/**
 * One that wins and one that loses onto a link with two more, of which one has a listener behind it; interfaces with and
 * without HPIM-DM.
 */
const NETWORK = `
name: rehearsal
links:
  A: { subnet: 10.1.1.0/24 }
  B: { subnet: 10.2.2.0/24 }
  C: { subnet: 10.3.3.0/24 }
  D: { subnet: 10.4.4.0/24 }
  E: { subnet: 10.5.5.0/24 }
  G: { subnet: 10.7.7.0/24 }
  H: { subnet: 10.8.8.0/24 }
routers:
  R1:
    interfaces:
      eth0: { link: A, address: 10.1.1.1 }
      eth1: { link: B, address: 10.2.2.1 }
      eth2: { link: C, address: 10.3.3.1 }
      eth3: { link: D, address: 10.4.4.1, hpim: false, igmp: false }
  R2:
    interfaces:
      eth0: { link: B, address: 10.2.2.2 }
      eth1: { link: E, address: 10.5.5.2 }
  R3:
    interfaces:
      eth0: { link: C, address: 10.3.3.3 }
      eth1: { link: E, address: 10.5.5.3 }
  R4:
    interfaces:
      eth0: { link: E, address: 10.5.5.4 }
      eth1: { link: G, address: 10.7.7.4 }
  R5:
    interfaces:
      eth0: { link: E, address: 10.5.5.5 }
      eth1: { link: H, address: 10.8.8.5 }
hosts:
  Source: { link: A, address: 10.1.1.100 }
  Client: { link: G, address: 10.7.7.100 }
`;
const SEED = 1;
/** They start one after the other: some lead, some follow (§6.2). On a real machine instants have fractions. */
const BETWEEN_STARTS = millis(700.3);
const UNTIL_SYNCED = seconds(15);
const TICK = millis(1);
/** So many ticks each has a packet that comes while the tree forms; as many, everybody acknowledges what was said. */
const TICKS = 6;

/** Group `n` of the rehearsal. */
export const groupOf = (n: number): Address => ip(`239.1.0.${n}`);

/** The engine, membership and codecs, with the lines that they would log; between steps others have their turn. Returns the network. */
export function* rehearsal(): Generator<void, Network> {
  const parsed = parseTopology(NETWORK);
  invariant(parsed.kind === "topology", "the network of the rehearsal is one");
  const network = new Network(parsed.topology, SEED);
  const log = new NoticeLog({
    output: { write: () => undefined },
    streams: new EventStreams(),
    nameOf: (index) => `eth${index}`,
    showMessages: () => undefined,
  });
  const [source, client] = [network.host("Source"), network.host("Client")];
  function* run(span: Millis): Generator<void> {
    network.run(span);
    for (const { notice } of network.notices.splice(0)) log.write(notice);
    network.frames.length = 0;
    yield;
  }
  function* ticks(beforeEach = (): void => undefined): Generator<void> {
    for (let tick = 0; tick < TICKS; tick++) {
      beforeEach();
      yield* run(TICK);
    }
  }
  for (const name of parsed.topology.routers.keys()) {
    network.start(name);
    yield* run(BETWEEN_STARTS);
  }
  while (network.now < UNTIL_SYNCED) yield* run(seconds(1));
  for (let n = 0; n < TREES; n++) {
    const group = groupOf(n);
    // Some listeners come first, others find a tree, and of both some go.
    if (n % 2 === 0) client.join(group);
    yield* run(TICK);
    yield* ticks(() => source.send(group));
    if (n % 2 === 1) client.join(group);
    yield* ticks();
    source.send(group);
    if (n % 4 > 1) client.leave(group);
    yield* ticks();
  }
  log.endInterval();
  return network;
}

/** Rehearses in the background, and keeps no process alive. */
export async function rehearse(): Promise<void> {
  let began = performance.now();
  for (const _ of rehearsal()) {
    const took = performance.now() - began;
    if (took < STEP_MS) continue;
    await setTimeout(Math.max(LEAST_PAUSE_MS, took), undefined, { ref: false });
    began = performance.now();
  }
}
