// A neighbor that a test plays by hand: it synchronises, acknowledges what it hears, and says what the test wants.
import { type Address, formatAddress, ip } from "../../src/base/address.ts";
import {
  type BootTime,
  bootTime,
  type InterfaceIndex,
  interfaceIndex,
  type SequenceNumber,
  sequenceNumber,
} from "../../src/base/units.ts";
import type { RouterEvent } from "../../src/core/events.ts";
import {
  allRouters,
  type Message,
  type SnapshotEntry,
  type Sync,
  type TreeMessage,
} from "../../src/core/messages.ts";
import { rpc, TREE } from "./played-tree.ts";

const NONE = sequenceNumber(0);
const HOLD = { holdTimeSeconds: 3600 };

/** What a neighbor sees of the router beside it. */
export interface Peer {
  readonly handle: (event: RouterEvent) => void;
  readonly running: (index: number) => { readonly address: Address; readonly bootTime: BootTime };
}

/** A neighbor of a played router. */
export class PlayedNeighbor {
  readonly index: InterfaceIndex;
  readonly address: Address;
  synced = false;
  readonly #router: Peer;
  readonly #bootTime = bootTime(500);
  /** What was heard while silent; null: not silent. */
  #unanswered: Message[] | null = null;
  #last: TreeMessage | null = null;
  #sn: number = NONE;
  #ssn: SequenceNumber = NONE;
  #routerSsn: SequenceNumber = NONE;
  #entries: readonly SnapshotEntry[] = [];

  constructor(router: Peer, index: number, address: string) {
    this.#router = router;
    this.index = interfaceIndex(index);
    this.address = ip(address);
  }

  /** Synchronises as leader, UPSTREAM for these trees. */
  synchronise(entries: readonly SnapshotEntry[]): void {
    this.begin(entries);
    this.proceed();
  }

  /** Begins to synchronise, and does not answer the router until `proceed`. */
  begin(entries: readonly SnapshotEntry[]): void {
    this.#entries = entries;
    this.#ssn = this.#nextSn();
    this.#routerSsn = NONE;
    this.#unanswered = [];
    this.#router.handle(this.#event(this.#sync(0)));
  }

  /** Answers what the router has said since `begin`. */
  proceed(): void {
    const heard = this.#unanswered ?? [];
    this.#unanswered = null;
    for (const event of heard.flatMap((message) => this.#answer(message))) {
      this.#router.handle(event);
    }
  }

  upstream(cost: string): void {
    this.#say({ ...this.#head(), kind: "iamUpstream", rpc: rpc(cost) });
  }

  noLongerUpstream(): void {
    this.#say({ ...this.#head(), kind: "iamNoLongerUpstream" });
  }

  interest(): void {
    this.#say({ ...this.#head(), kind: "interest" });
  }

  noInterest(): void {
    this.#say({ ...this.#head(), kind: "noInterest" });
  }

  /** Says once more, under the same SN, what it has said last of the tree. */
  repeat(): void {
    if (this.#last !== null) this.#say(this.#last);
  }

  /** Says goodbye. */
  goodbye(): void {
    this.synced = false;
    this.#router.handle(
      this.#event({ kind: "hello", bootTime: this.#bootTime, options: { holdTimeSeconds: 0 } }),
    );
  }

  /** What the router says on an interface; returns what the neighbor answers. */
  hear(index: InterfaceIndex, destination: Address, message: Message): RouterEvent[] {
    const isForUs = destination === allRouters(4) || destination === this.address;
    if (index !== this.index || !isForUs) return [];
    if (this.#unanswered === null) return this.#answer(message);
    this.#unanswered.push(message);
    return [];
  }

  #answer(message: Message): RouterEvent[] {
    switch (message.kind) {
      case "hello":
      case "ack":
        return [];
      case "sync":
        return this.#answerSync(message);
      default:
        return this.synced ? [this.#ackOf(message)] : [];
    }
  }

  #answerSync(message: Sync): RouterEvent[] {
    if (message.leader) throw new Error(`${formatAddress(this.address)} cannot follow`);
    this.#routerSsn = message.mySsn;
    if (message.syncSn > 0 && !message.part.more && !this.#hasPart(message.syncSn)) {
      this.synced = true;
      return [];
    }
    return [this.#event(this.#sync(message.syncSn + 1))];
  }

  /** All entries go into the first part. */
  #hasPart(syncSn: number): boolean {
    return syncSn === 0 && this.#entries.length > 0;
  }

  #sync(syncSn: number): Sync {
    return {
      kind: "sync",
      bootTime: this.#bootTime,
      mySsn: this.#ssn,
      neighborSsn: this.#routerSsn,
      neighborBootTime: this.#router.running(this.index).bootTime,
      leader: true,
      syncSn,
      part: this.#hasPart(syncSn)
        ? { more: true, entries: this.#entries }
        : { more: false, options: HOLD },
    };
  }

  #ackOf(message: TreeMessage): RouterEvent {
    return this.#event({
      kind: "ack",
      source: message.source,
      group: message.group,
      bootTime: this.#bootTime,
      neighborBootTime: message.bootTime,
      neighborSsn: this.#routerSsn,
      mySsn: this.#ssn,
      neighborSn: message.sn,
    });
  }

  #say(message: TreeMessage): void {
    this.#last = message;
    this.#router.handle(this.#event(message));
  }

  #head(): Pick<TreeMessage, "bootTime" | "sn" | "source" | "group"> {
    return { bootTime: this.#bootTime, sn: this.#nextSn(), ...TREE };
  }

  #nextSn(): SequenceNumber {
    this.#sn += 1;
    return sequenceNumber(this.#sn);
  }

  #event(message: Message): RouterEvent {
    const isForAll =
      message.kind === "hello" ||
      message.kind === "iamUpstream" ||
      message.kind === "iamNoLongerUpstream";
    return {
      kind: "message",
      interface: this.index,
      source: this.address,
      destination: isForAll ? allRouters(4) : this.#router.running(this.index).address,
      ttl: 1,
      message,
    };
  }
}
