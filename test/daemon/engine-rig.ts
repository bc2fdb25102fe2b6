// An engine on a machine in memory, for tests of the engine alone.
import assert from "node:assert/strict";
import type { Address } from "../../src/base/address.ts";
import { ip } from "../../src/base/address.ts";
import { bootTime, interfaceIndex } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import type { Configuration, Protocol } from "../../src/daemon/configuration.ts";
import { EMPTY_CONFIGURATION, withProtocol } from "../../src/daemon/configuration.ts";
import { Engine } from "../../src/daemon/engine.ts";
import type { EngineOptions } from "../../src/daemon/engine-options.ts";
import type { HostEvent, Link, Upcall } from "../../src/daemon/host.ts";
import type { DaemonNotice } from "../../src/daemon/notices.ts";
import { noticeSentence } from "../../src/daemon/sentences.ts";
import { decodeMessage, encodeMessage } from "../../src/wire/hpim.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { link, ObservedMachine } from "./observed-machine.ts";

/** Where the source is. */
export const ETH1: Link = link(1);
/** Where the neighbor is. */
export const ETH2: Link = link(2);
/** On eth2. */
export const NEIGHBOR: Address = ip("10.0.2.2");
/** Of the tree. */
export const GROUP: Address = ip("239.1.1.1");
/** On eth1. */
export const SOURCE: Address = ip("10.0.1.9");

/** A configuration with `protocol` on on some interfaces. */
export function on(protocol: Protocol, ...names: readonly string[]): Configuration {
  return names.reduce(
    (configuration, name) => withProtocol(configuration, name, protocol, true),
    EMPTY_CONFIGURATION,
  );
}

/** An engine and its machine. */
export interface Rig {
  readonly host: ObservedMachine;
  readonly engine: Engine;
  readonly notices: DaemonNotice[];
  readonly sentences: () => string[];
}

/** An engine that has been told a configuration and links. */
export function rig(
  configuration: Configuration,
  links: readonly Link[],
  made: (options: EngineOptions) => EngineOptions = (options) => options,
): Rig {
  const host = new ObservedMachine();
  const notices: DaemonNotice[] = [];
  const engine = new Engine(made({ host, report: (notice) => notices.push(notice), seed: 1 }));
  engine.handle({ kind: "configure", configuration });
  engine.handle({ kind: "links", links });
  const sentences = (): string[] =>
    notices.map((notice) => noticeSentence(notice, (index) => engine.nameOf(index)));
  return { host, engine, notices, sentences };
}

/** Lets time pass until the deadline, as a machine does. */
export function pass({ host, engine }: Rig): void {
  assert.ok(host.deadline !== null, "a deadline is set");
  host.scheduler.run(host.deadline);
  host.deadline = null;
  engine.handle({ kind: "deadline" });
}

/** The HPIM-DM messages that were sent. */
export function messages({ host }: Rig): Message[] {
  return host.sent.map(({ payload }) => {
    const decoded = decodeMessage(payload, 4);
    if (isMalformed(decoded)) throw new Error(decoded.reason);
    return decoded.message;
  });
}

/** Where an HPIM-DM message comes from, and with which TTL. */
interface From {
  readonly place?: Link;
  readonly source?: Address;
  readonly ttl?: number;
}

/** An HPIM-DM message as it arrives, from the neighbor unless told otherwise. */
export function arriving(
  payload: Uint8Array,
  { place = ETH2, source = NEIGHBOR, ttl = 1 }: From = {},
): Extract<HostEvent, { kind: "datagram" }> {
  const bytes = encodeIpv4({
    ...{ source, destination: ip("224.0.0.13"), ttl, tos: 0xc0, protocol: 103 },
    ...{ routerAlert: false, payload },
  });
  return { kind: "datagram", interface: place.index, bytes };
}

/** An HPIM-DM message from the neighbor arrives. */
export function receive({ engine }: Rig, payload: Uint8Array, ttl = 1): void {
  engine.handle(arriving(payload, { ttl }));
}

/** A Hello of the neighbor. */
export const hello = (holdTimeSeconds: number): Uint8Array =>
  encodeMessage({ kind: "hello", bootTime: bootTime(7), options: { holdTimeSeconds } }, null);

/** The first packet of a flow from `source`, on eth1. */
export const upcallOf = (source: Address): Upcall => ({
  ...{ reason: "missingEntry", interface: ETH1.index, source, group: GROUP },
});

/** The machine hears of the networks of eth1 and eth2. */
export function tellRoutes({ engine }: Pick<Rig, "engine">): void {
  const connected = (n: 1 | 2) => ({
    prefix: { address: ip(`10.0.${n}.0`), length: 24 },
    routes: [
      { protocol: 2, metric: 0, nextHops: [{ interface: interfaceIndex(n), gateway: null }] },
    ],
  });
  engine.handle({ kind: "routes", changes: [connected(1), connected(2)] });
}

/** An originator's tree from eth1 to eth2, where a neighbor has not said whether it is interested. */
export function flowing(configuration: Configuration = on("hpim", "eth1", "eth2")): Rig {
  const made = rig(configuration, [ETH1, ETH2]);
  tellRoutes(made);
  made.engine.handle({ kind: "upcalls", upcalls: [upcallOf(SOURCE)] });
  return made;
}

/** What was dropped on a link: "protocol: reason: count". */
export const drops = ({ engine }: Rig, { index }: Link): readonly string[] =>
  engine.counters
    .of(index)
    .dropped.map(({ protocol, reason, count }) => `${protocol}: ${reason}: ${count}`);
