// The flows that arrive, told apart by who sends them: a sender's address, port, and number of the flow.
import { FlowStatistics, type FlowSummary } from "./flow-statistics.ts";
import { dateOf } from "./packet.ts";
import type { Arrival } from "./receiver.ts";
import { WallClock } from "./wall-clock.ts";

/** Of more senders nothing is kept: each takes 64 KB, and whoever likes may send. */
const MOST_FLOWS = 256;

/** Who sends a flow. */
export interface FlowSender {
  readonly source: string;
  readonly port: number;
}

/** A flow, and what became of it. */
export type FlowReport = FlowSender & FlowSummary;

/** What has arrived since somebody looked last. */
export interface Recently {
  readonly packets: number;
  /** Payload. */
  readonly bytes: number;
}

/** All flows that arrive. */
export class Flows {
  readonly #flows = new Map<
    string,
    { readonly sender: FlowSender; readonly counts: FlowStatistics }
  >();
  readonly #wallClock = new WallClock();
  #packets = 0;
  #bytes = 0;
  /** Test packets of senders beyond the bound. */
  overlooked = 0;

  /** A test packet has arrived. */
  take({ packet, receivedNanos, payload, from }: Arrival): void {
    const sentAt = dateOf(payload);
    const { sequence, sentNanos } = packet;
    const delayNanos = sentAt === null ? null : this.#wallClock.at(receivedNanos) - sentAt;
    const bytes = payload.length;
    const arrival = { sequence, sentNanos, receivedNanos, delayNanos, bytes };
    const key = `${from.address} ${from.port} ${packet.flow}`;
    let flow = this.#flows.get(key);
    if (flow === undefined) {
      if (this.#flows.size >= MOST_FLOWS) {
        this.overlooked++;
        return;
      }
      const sender = { source: from.address, port: from.port };
      flow = { sender, counts: new FlowStatistics(arrival) };
      this.#flows.set(key, flow);
    }
    flow.counts.take(arrival);
    this.#packets++;
    this.#bytes += bytes;
  }

  /** Each flow, in the order in which they appeared. */
  reports(): readonly FlowReport[] {
    return [...this.#flows.values()].map(({ sender, counts }) => ({
      ...sender,
      ...counts.summary(),
    }));
  }

  /** What has arrived since the last call. */
  takeRecent(): Recently {
    const recently = { packets: this.#packets, bytes: this.#bytes };
    this.#packets = 0;
    this.#bytes = 0;
    return recently;
  }
}
