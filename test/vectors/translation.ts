// Sequence numbers of the captured router and of ours: what its neighbors quote is put into our numbers.
import type { Address } from "../../src/base/address.ts";
import { type SequenceNumber, sequenceNumber } from "../../src/base/units.ts";
import type { Received } from "../../src/core/acceptance.ts";
import type { Ack, Sync } from "../../src/core/messages.ts";
import type { Captured, Said } from "./captured.ts";
import { words } from "./words.ts";

/** Names a message by its words, and by how many of the same words went before it on its link in its situation. */
class Names {
  readonly #counts = new Map<string, number>();

  next({ situation, link, message, destination }: Said): string {
    const text = `${situation} ${link} ${words(message, destination)}`;
    const count = this.#counts.get(text) ?? 0;
    this.#counts.set(text, count + 1);
    return `${text} ${count}`;
  }
}

/** The synchronisations with each neighbor, in order, each as "BootTime/SSN" of the router. */
type Rounds = Map<Address, string[]>;

function addRound(rounds: Rounds, neighbor: Address, round: string): void {
  const known = rounds.get(neighbor) ?? [];
  if (known.at(-1) !== round) known.push(round);
  rounds.set(neighbor, known);
}

const roundOf = (bootTime: number, ssn: number): string => `${bootTime}/${ssn}`;
const ssnOfRound = (round: string): SequenceNumber => sequenceNumber(Number(round.split("/")[1]));

/** An Ack that was captured. */
export interface Answer {
  readonly received: Received & { readonly message: Ack };
  /** So many microseconds after what it acknowledges. */
  readonly micros: number;
}

/** Translates what neighbors say to one router. */
export class Translation {
  readonly #captured: Rounds = new Map();
  readonly #ours: Rounds = new Map();
  readonly #before = new Map<Address, SequenceNumber>();
  /** The captured router's messages that call for Acks, by link, BootTime and SN. */
  readonly #messages = new Map<string, { readonly name: string; readonly micros: number }>();
  /** What the captured router got in answer to them, by their names. */
  readonly #answers = new Map<string, Answer[]>();
  readonly #ourNames = new Names();

  /** `own`: all that the captured router sent; `heard`: all that was sent to it. */
  constructor(own: readonly Captured[], heard: readonly Captured[]) {
    const names = new Names();
    for (const { situation, micros, link, destination, content } of own) {
      if (content.kind !== "message") continue;
      const { message } = content;
      if (message.kind === "sync") {
        addRound(this.#captured, destination, roundOf(message.bootTime, message.mySsn));
      } else if ("sn" in message) {
        const name = names.next({ situation, link, message, destination });
        this.#messages.set(`${link}/${message.bootTime}/${message.sn}`, { name, micros });
        this.#answers.set(name, []);
      }
    }
    for (const frame of heard) this.#addAnswer(frame);
  }

  #addAnswer({ link, source, destination, ttl, micros, content }: Captured): void {
    if (content.kind !== "message" || content.message.kind !== "ack") return;
    const ack = content.message;
    const key = `${link}/${ack.neighborBootTime}/${ack.neighborSn}`;
    const acknowledged = this.#messages.get(key);
    if (acknowledged === undefined) throw new Error("an Ack of nothing that was captured");
    this.#answers.get(acknowledged.name)?.push({
      received: { source, destination, ttl, message: ack },
      micros: micros - acknowledged.micros,
    });
  }

  /** We have sent this Sync. */
  syncSent(sync: Sync, to: Address): void {
    addRound(this.#ours, to, roundOf(sync.bootTime, sync.mySsn));
  }

  /** The synchronisation with this neighbor that was before the first frame had this SSN of ours. */
  syncedBefore(neighbor: Address, ssn: SequenceNumber): void {
    this.#before.set(neighbor, ssn);
  }

  /** The Acks that the captured router got for the message that we have sent now; undefined if it never sent its like. */
  answers(sent: Said): readonly Answer[] | undefined {
    return this.#answers.get(this.#ourNames.next(sent));
  }

  /** Our SSN in place of that of the captured router; undefined if we have not synchronised so often. */
  #ssn(neighbor: Address, bootTime: number, captured: number): SequenceNumber | undefined {
    const round = this.#captured.get(neighbor)?.indexOf(roundOf(bootTime, captured)) ?? -1;
    if (round < 0) return this.#before.get(neighbor);
    const ours = this.#ours.get(neighbor)?.[round];
    return ours === undefined ? undefined : ssnOfRound(ours);
  }

  /** The Sync as it would be said to us; undefined if we never sent what it answers. */
  sync(received: Received & { readonly message: Sync }): Received | undefined {
    const { source, message } = received;
    if (message.neighborSsn === 0) return received;
    const neighborSsn = this.#ssn(source, message.neighborBootTime, message.neighborSsn);
    if (neighborSsn === undefined) return undefined;
    return { ...received, message: { ...message, neighborSsn } };
  }

  /** The Ack as it would be said to us, for our message of this SN; undefined if we have not synchronised so far. */
  ack({ received }: Answer, neighborSn: SequenceNumber): Received | undefined {
    const { source, message } = received;
    const neighborSsn = this.#ssn(source, message.neighborBootTime, message.neighborSsn);
    if (neighborSsn === undefined) return undefined;
    return { ...received, message: { ...message, neighborSsn, neighborSn } };
  }
}
