// Sources and listeners of a chaos run: processes in the hosts, and what came of their packets.
import { formatAddress } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import type { Delivery } from "../../src/lab/delivery-log.ts";
import type { Lab } from "../../src/lab/lab.ts";
import {
  type Receiver,
  type SenderSummary,
  startReceiver,
  startSender,
  type TrafficProcess,
} from "../../src/lab/traffic.ts";
import type { Scene, Wish } from "../campaign/scene.ts";

/** Packets a second of each flow. */
export const PACKETS_PER_SECOND = 20;

/** Of all packets. */
export const DATA_TTL = 12;

const keyOf = ({ host, group }: Wish): string => `${host} ${formatAddress(group)}`;

interface Sender extends TrafficProcess<SenderSummary> {
  readonly flow: number;
}

/** What came of the packets of a flow at a listener. */
export interface Arrivals {
  /** "s0 239.1.1.1 at h1". */
  readonly title: string;
  /** Numbers of the packets, in order of arrival. */
  readonly numbers: readonly number[];
}

/** The sources and listeners that are at work. */
export class Traffic {
  readonly #lab: Lab;
  readonly #senders = new Map<string, Sender>();
  readonly #receivers = new Map<string, Receiver>();
  #flows = 0;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** Makes those work that do in `scene`, and no others. */
  async follow({ flows, members }: Scene): Promise<void> {
    await this.#follow(this.#senders, flows, (wish) => this.#send(wish));
    await this.#follow(this.#receivers, members, (wish) => this.#receive(wish));
  }

  async #follow<T extends Sender | Receiver>(
    atWork: Map<string, T>,
    wishes: readonly Wish[],
    start: (wish: Wish) => Promise<T>,
  ): Promise<void> {
    const wanted = new Set(wishes.map(keyOf));
    for (const [key, one] of atWork) {
      if (wanted.has(key)) continue;
      atWork.delete(key);
      await one.stop();
    }
    for (const wish of wishes) {
      if (!atWork.has(keyOf(wish))) atWork.set(keyOf(wish), await start(wish));
    }
  }

  async #send({ host, group }: Wish): Promise<Sender> {
    this.#flows++;
    const flow = this.#flows;
    const groups = [formatAddress(group)];
    const process = startSender(this.#lab, {
      node: host,
      groups,
      rate: PACKETS_PER_SECOND,
      ttl: DATA_TTL,
      flow,
    });
    await process.waitReady();
    return { ...process, flow };
  }

  async #receive({ host, group }: Wish): Promise<Receiver> {
    const receiver = startReceiver(this.#lab, { node: host, groups: [formatAddress(group)] });
    await receiver.waitReady();
    return receiver;
  }

  /** What came, of the packets that were sent since `nanos`, to each listener of each flow. */
  arrivals({ flows, members }: Scene, nanos: bigint): readonly Arrivals[] {
    return members.flatMap((member) => {
      const receiver = known(this.#receivers.get(keyOf(member)), "a member's receiver runs");
      const log = receiver.received().filter(({ sentNanos }) => sentNanos >= nanos);
      return flows
        .filter(({ group }) => group === member.group)
        .map((flow) => ({
          title: `${keyOf(flow)} at ${member.host}`,
          numbers: this.#numbersOf(flow, log),
        }));
    });
  }

  #numbersOf(wish: Wish, log: readonly Delivery[]): readonly number[] {
    const sender = known(this.#senders.get(keyOf(wish)), "a flow's sender runs");
    return log.filter(({ flow }) => flow === sender.flow).map(({ sequence }) => sequence);
  }

  /** Ends them all; also those that have failed. */
  async end(): Promise<void> {
    const all = [...this.#senders.values(), ...this.#receivers.values()];
    await Promise.allSettled(all.map((process) => process.stop()));
  }
}
