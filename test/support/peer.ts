// A neighbor played by hand: it says what the test tells it to, and keeps count of its own numbers.
import { type Address, ip } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type {
  Ack,
  Hello,
  HelloOptions,
  IamUpstream,
  Message,
  PlainTreeMessage,
  Rpc,
  SnapshotEntry,
  Sync,
  TreeId,
  TreeMessage,
} from "../../src/core/messages.ts";
import type { NeighborView } from "../../src/core/view.ts";
import { type Bench, NEAR, type Sent, TREE } from "./bench.ts";

/** What a Sync of a peer says, where it differs from the expected. */
export interface SyncGiven {
  readonly bootTime?: number;
  readonly mySsn?: number;
  readonly neighborSsn?: number;
  readonly neighborBootTime?: number;
  readonly leader?: boolean;
  readonly syncSn?: number;
  /** Trees make m = 1, none m = 0. */
  readonly entries?: readonly SnapshotEntry[];
  readonly options?: HelloOptions;
}

/** A neighbor of a router on one of its interfaces. */
export class Peer {
  readonly bench: Bench;
  readonly index: number;
  readonly address: Address;
  bootTime = 500;
  /** Its InterfaceSN. */
  sn = 0;
  /** The SSN of its present snapshot. */
  ssn = 0;

  constructor(bench: Bench, index: number, address: string) {
    this.bench = bench;
    this.index = index;
    this.address = ip(address);
  }

  /** What the router knows of it. */
  get view(): NeighborView | undefined {
    return this.bench.neighbor(this.index, this.address);
  }

  /** How its state is called at the router. */
  get state(): string {
    return this.view?.state ?? "UNKNOWN";
  }

  say(message: Message): readonly Sent[] {
    return this.bench.hear(this.index, this.address, message);
  }

  hello(options: Partial<Hello["options"]> = {}): readonly Sent[] {
    return this.say({
      kind: "hello",
      bootTime: bootTime(this.bootTime),
      options: { holdTimeSeconds: 40, ...options },
    });
  }

  goodbye(): readonly Sent[] {
    return this.hello({ holdTimeSeconds: 0 });
  }

  /** A Sync; by default one that agrees with what the router holds of it. */
  sync(given: SyncGiven): readonly Sent[] {
    return this.say(this.syncMessage(given));
  }

  syncMessage(given: SyncGiven): Sync {
    const entries = given.entries ?? [];
    return {
      kind: "sync",
      bootTime: bootTime(given.bootTime ?? this.bootTime),
      mySsn: sequenceNumber(given.mySsn ?? this.ssn),
      neighborSsn: sequenceNumber(given.neighborSsn ?? this.view?.mySsn ?? 0),
      neighborBootTime: bootTime(given.neighborBootTime ?? this.routerBootTime),
      leader: given.leader ?? false,
      syncSn: given.syncSn ?? 0,
      part:
        entries.length > 0
          ? { more: true, entries }
          : { more: false, options: given.options ?? { holdTimeSeconds: 40 } },
    };
  }

  get routerBootTime(): number {
    return this.bench.running(this.index)?.bootTime ?? 0;
  }

  /** Takes a new snapshot: the next SN becomes its SSN. */
  snapshot(): number {
    this.sn++;
    this.ssn = this.sn;
    return this.ssn;
  }

  /** Follows the router, which leads, from its first Sync to SYNCED; `entries` in one part. */
  follow(entries: readonly SnapshotEntry[] = []): readonly Sent[] {
    this.snapshot();
    const from = this.bench.sent.length;
    this.sync({ syncSn: 0, entries });
    for (let syncSn = 1; this.state === "SLAVE" && syncSn < 100; syncSn++) this.sync({ syncSn });
    return this.bench.sent.slice(from);
  }

  /** Says Hello and follows: the router discovers it and both are SYNCED. */
  meet(entries: readonly SnapshotEntry[] = []): this {
    this.hello();
    this.follow(entries);
    return this;
  }

  /** It restarts: a new BootTime, nothing remembered. */
  reboot(): void {
    this.bootTime++;
    this.sn = 0;
    this.ssn = 0;
  }

  /** A message about a tree with its next SN, not yet said. */
  plain(kind: PlainTreeMessage["kind"], tree: TreeId = TREE): PlainTreeMessage {
    this.sn++;
    return { kind, ...tree, bootTime: bootTime(this.bootTime), sn: sequenceNumber(this.sn) };
  }

  upstreamMessage(rpc: Rpc = NEAR, tree: TreeId = TREE): IamUpstream {
    return { ...this.plain("interest", tree), kind: "iamUpstream", rpc };
  }

  upstream(rpc: Rpc = NEAR, tree: TreeId = TREE): readonly Sent[] {
    return this.say(this.upstreamMessage(rpc, tree));
  }

  noLongerUpstream(tree: TreeId = TREE): readonly Sent[] {
    return this.say(this.plain("iamNoLongerUpstream", tree));
  }

  interest(tree: TreeId = TREE): readonly Sent[] {
    return this.say(this.plain("interest", tree));
  }

  noInterest(tree: TreeId = TREE): readonly Sent[] {
    return this.say(this.plain("noInterest", tree));
  }

  /** Its Ack of a message of the router, as it must be unless told otherwise. */
  ackMessage(message: TreeMessage, given: Partial<Ack> = {}): Ack {
    const { source, group } = message;
    return {
      kind: "ack",
      source,
      group,
      bootTime: bootTime(this.bootTime),
      neighborBootTime: message.bootTime,
      neighborSsn: sequenceNumber(this.view?.mySsn ?? 0),
      mySsn: sequenceNumber(this.ssn),
      neighborSn: message.sn,
      ...given,
    };
  }

  ack(message: Message | undefined, given: Partial<Ack> = {}): readonly Sent[] {
    if (message === undefined || message.kind === "hello" || message.kind === "sync")
      throw new Error("not a message about a tree");
    if (message.kind === "ack") throw new Error("not a message about a tree");
    return this.say(this.ackMessage(message, given));
  }
}
