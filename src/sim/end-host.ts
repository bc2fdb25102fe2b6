// A source or client in memory: it joins groups by IGMP as Linux hosts do, sends numbered packets, and logs what comes.
import type { Address } from "../base/address.ts";
import { ip } from "../base/address.ts";
import { orderedKeys } from "../base/ordered.ts";
import type { Random } from "../base/random.ts";
import type { Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import type { IgmpMessage, Query, RecordType } from "../membership/messages.ts";
import { decodeIgmp, encodeIgmp } from "../wire/igmp.ts";
import { decodeIpv4, encodeIpv4 } from "../wire/ip.ts";
import { isMalformed } from "../wire/malformed.ts";
import type { End, Medium } from "./medium.ts";
import type { Scheduler } from "./scheduler.ts";

const IGMP = 2;
const UDP = 17;
const ALL_ROUTERS = ip("224.0.0.2");
const VERSION_3_ROUTERS = ip("224.0.0.22");
/** TTL of what a host sends to a group, unless told otherwise. */
const DATA_TTL = 12;
/** RFC 2236 §8.10: the second report of a new member follows within this. */
const UNSOLICITED_REPORT_INTERVAL = 10_000;

/** A packet that a client got. */
export interface Arrival {
  readonly at: Millis;
  readonly source: Address;
  readonly group: Address;
  readonly number: number;
}

/** What a host is made of. */
export interface EndHostOptions {
  readonly name: string;
  readonly address: Address;
  readonly igmpVersion: 2 | 3;
  readonly scheduler: Scheduler;
  readonly random: Random;
}

/** A report that is due, or was. */
interface PendingReport {
  readonly due: Millis;
  readonly cancel: () => void;
}

/** A host in memory. */
export class EndHost {
  readonly name: string;
  readonly address: Address;
  readonly arrivals: Arrival[] = [];
  /** TTL of what it sends to a group. */
  ttl: number = DATA_TTL;
  readonly #options: EndHostOptions;
  readonly #end: End;
  readonly #medium: Medium;
  readonly #groups = new Map<Address, PendingReport>();
  /** 2 once a querier of that version was heard (RFC 3376 §7.2.1). */
  #version: 2 | 3;
  #up = true;
  #sent = 0;

  constructor(options: EndHostOptions, medium: Medium) {
    this.name = options.name;
    this.address = options.address;
    this.#options = options;
    this.#version = options.igmpVersion;
    this.#medium = medium;
    this.#end = {
      name: `${options.name}.eth0`,
      isRouter: false,
      receive: (datagram) => this.#receive(datagram),
    };
    medium.attach(this.#end);
  }

  /** Takes the host off its link: it neither hears nor says anything any more. */
  unplug(): void {
    this.#up = false;
  }

  join(group: Address): void {
    if (this.#groups.has(group)) return;
    this.#report(group, "toExclude");
    this.#scheduleReport(group, UNSOLICITED_REPORT_INTERVAL);
  }

  leave(group: Address): void {
    this.#groups.get(group)?.cancel();
    this.#groups.delete(group);
    if (this.#version === 3) this.#report(group, "toInclude");
    else this.#sendIgmp(ALL_ROUTERS, { kind: "leave", group });
  }

  /** Sends one packet to the group. Returns its number, from 0. */
  send(group: Address): number {
    const number = this.#sent++;
    const payload = new Uint8Array(4);
    new DataView(payload.buffer).setUint32(0, number);
    this.#transmit(UDP, group, { ttl: this.ttl, payload });
    return number;
  }

  /** Sends `count` packets, one every `interval`, the first one now. */
  sendMany(group: Address, count: number, interval: Millis): void {
    if (count === 0) return;
    this.send(group);
    this.#options.scheduler.in(interval, () => this.sendMany(group, count - 1, interval));
  }

  /** RFC 2236 §3: one that is due in time stays, so that hosts answer however often they are asked. */
  #scheduleReport(group: Address, within: number): void {
    const { scheduler, random } = this.#options;
    const pending = this.#groups.get(group);
    const left = (pending?.due ?? scheduler.now) - scheduler.now;
    if (left > 0 && left < within) return;
    pending?.cancel();
    const delay = millis(random.below(Math.max(1, within)));
    const cancel = scheduler.in(delay, () => this.#report(group, "isExclude"));
    this.#groups.set(group, { due: after(scheduler.now, delay), cancel });
  }

  #report(group: Address, type: RecordType): void {
    if (this.#version === 3) {
      const records = [{ type, group, sources: [] }];
      this.#sendIgmp(VERSION_3_ROUTERS, { kind: "version3Report", records });
    } else {
      this.#sendIgmp(group, { kind: "report", version: 2, group });
    }
  }

  #sendIgmp(destination: Address, message: IgmpMessage): void {
    this.#transmit(IGMP, destination, { ttl: 1, payload: encodeIgmp(message) });
  }

  #transmit(
    protocol: number,
    destination: Address,
    content: { readonly ttl: number; readonly payload: Uint8Array },
  ): void {
    if (!this.#up) return;
    const routerAlert = protocol === IGMP;
    const source = this.address;
    const datagram = { source, destination, protocol, tos: 0, routerAlert, ...content };
    this.#medium.send(this.#end, encodeIpv4(datagram));
  }

  #receive(datagram: Uint8Array): void {
    const packet = decodeIpv4(datagram);
    if (!this.#up || isMalformed(packet)) return;
    if (packet.protocol === IGMP) this.#hear(packet.payload);
    if (packet.protocol !== UDP || !this.#groups.has(packet.destination)) return;
    const { source, destination: group, payload } = packet;
    const number = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
    this.arrivals.push({ at: this.#options.scheduler.now, source, group, number });
  }

  #hear(payload: Uint8Array): void {
    const message = decodeIgmp(payload);
    if (isMalformed(message)) return;
    if (message.kind === "query") this.#answer(message);
  }

  #answer(query: Query): void {
    if (query.version !== 3) this.#version = 2;
    const groups = query.group === null ? orderedKeys(this.#groups) : [query.group];
    for (const group of groups) {
      if (this.#groups.has(group)) this.#scheduleReport(group, 100 * query.maxResponseTenths);
    }
  }
}
