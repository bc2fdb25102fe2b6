// What each interface has received, sent and dropped (P6), and the one place that reports drops (P7): of each reason on
// an interface a notice says so at once, and then at most one a minute, with their number. docs/counters.md explains all.
import type { Address } from "../base/address.ts";
import { orderedValues } from "../base/ordered.ts";
import { TimerTable } from "../base/timer-table.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { after, millis, seconds } from "../base/units.ts";
import type { RouterAction } from "../core/events.ts";
import type { Message } from "../core/messages.ts";
import type { NeighborFailure, Notice, TreeState } from "../core/notices.ts";
import type { IgmpMessage } from "../membership/messages.ts";
import type { Inbound } from "./datagrams.ts";
import type { DropProtocol, Dropped, DropReason, SingleDrop } from "./drops.ts";
import type { Upcall } from "./host.ts";
import type { EngineNotice } from "./notices.ts";

/** How often one reason on one interface is reported (P7). */
const REPORT_INTERVAL = seconds(60);
const NEVER = millis(Number.NEGATIVE_INFINITY);

type NeighborFailed = Extract<Notice, { kind: "neighborFailed" }>;
type DroppedNotice = Extract<EngineNotice, { kind: "dropped" }>;

/** What was dropped on an interface for one reason. */
export interface DropCounter {
  readonly protocol: DropProtocol;
  readonly reason: DropReason;
  readonly count: number;
  /** Of the last one; null: its sender cannot be told. */
  readonly sender: Address | null;
  readonly lastAt: Millis;
}

/** The last neighbor that failed in one way, and when. */
export interface LastFailure {
  readonly why: NeighborFailure;
  readonly neighbor: Address;
  readonly at: Millis;
}

/** Types of IGMP messages as they are counted. */
export type IgmpType = "query" | "version1Report" | "version2Report" | "version3Report" | "leave";

function igmpTypeOf(message: IgmpMessage): IgmpType {
  if (message.kind !== "report") return message.kind;
  return message.version === 1 ? "version1Report" : "version2Report";
}

/** What an assert turned to. */
export type AssertChange = "winner" | "loser";

/** A change of a tree's state, as in "INACTIVE to ACTIVE". */
export type TreeStateChange = `${TreeState} to ${TreeState}`;

/** The counters of an interface, since the daemon knows it. What is not in a map is 0. */
export interface InterfaceCounters {
  /** HPIM-DM messages that were understood, whatever became of them. */
  readonly received: ReadonlyMap<Message["kind"], number>;
  readonly receivedIgmp: ReadonlyMap<IgmpType, number>;
  /** HPIM-DM messages that left, retransmissions included. */
  readonly sent: ReadonlyMap<Message["kind"], number>;
  readonly sentQueries: number;
  /** Of those sent, the ones that had been sent before and were not answered in time (§6.5, §8.3). */
  readonly retransmissions: number;
  readonly neighborFailures: ReadonlyMap<NeighborFailure, number>;
  /** The last failure of each kind. */
  readonly lastFailures: readonly LastFailure[];
  /** How often the assert of a tree turned (§9.2). */
  readonly assertChanges: ReadonlyMap<AssertChange, number>;
  readonly upcalls: ReadonlyMap<Upcall["reason"], number>;
  /** In the order of protocol and reason. */
  readonly dropped: readonly DropCounter[];
}

interface Pair extends Dropped {
  readonly key: string;
  sender: Address | null;
  count: number;
  lastAt: Millis;
  unreported: number;
  reportedAt: Millis;
}

interface Counted {
  readonly received: Map<Message["kind"], number>;
  readonly receivedIgmp: Map<IgmpType, number>;
  readonly sent: Map<Message["kind"], number>;
  sentQueries: number;
  retransmissions: number;
  readonly neighborFailures: Map<NeighborFailure, number>;
  readonly lastFailures: Map<NeighborFailure, LastFailure>;
  readonly assertChanges: Map<AssertChange, number>;
  readonly upcalls: Map<Upcall["reason"], number>;
  readonly pairs: Map<string, Pair>;
}

const nothingCounted = (): Counted => ({
  received: new Map(),
  receivedIgmp: new Map(),
  sent: new Map(),
  sentQueries: 0,
  retransmissions: 0,
  neighborFailures: new Map(),
  lastFailures: new Map(),
  assertChanges: new Map(),
  upcalls: new Map(),
  pairs: new Map(),
});

function viewOf({ pairs, lastFailures, ...rest }: Counted): InterfaceCounters {
  const dropped = orderedValues(pairs);
  return { ...rest, lastFailures: orderedValues(lastFailures), dropped };
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** What every host does is counted and not told. */
const isTold = ({ reason }: Dropped): boolean => reason !== "group not routed";

/** What can be read of counters. */
export interface CountersView {
  /** The counters of an interface; of one that is not known, those of all such. */
  of(index: InterfaceIndex): InterfaceCounters;
  /** What is counted of interfaces that the daemon does not know: nothing of them is reported. */
  readonly unknown: InterfaceCounters;
  /** How often trees changed their state (§9.1). */
  readonly treeStateChanges: ReadonlyMap<TreeStateChange, number>;
}

/** The counters of all interfaces. */
export class Counters implements CountersView {
  readonly #report: (notice: DroppedNotice) => void;
  readonly #interfaces = new Map<InterfaceIndex, Counted>();
  /** Of which drops there is more to tell when their interval has passed. */
  readonly #untold = new TimerTable<Pair>(({ key }) => key);
  readonly #unknown = nothingCounted();
  readonly #treeStateChanges = new Map<TreeStateChange, number>();

  /** `report` gets a notice for what is dropped, as often as this file's head says. */
  constructor(report: (notice: DroppedNotice) => void) {
    this.#report = report;
  }

  /** From now on the interface is counted for. */
  begin(index: InterfaceIndex): void {
    if (!this.#interfaces.has(index)) this.#interfaces.set(index, nothingCounted());
  }

  /** The interface has gone, and its counters go too. */
  end(index: InterfaceIndex): void {
    for (const pair of this.#interfaces.get(index)?.pairs.values() ?? []) this.#untold.cancel(pair);
    this.#interfaces.delete(index);
  }

  /** A message has arrived, and was understood. */
  arrived(inbound: Exclude<Inbound, SingleDrop>): void {
    const counted = this.#of(inbound.event.interface);
    if (inbound.kind === "hpim") add(counted.received, inbound.event.message.kind);
    else add(counted.receivedIgmp, igmpTypeOf(inbound.event.message));
  }

  /** An HPIM-DM message has left. */
  sent({ interface: index, message, again }: Extract<RouterAction, { kind: "send" }>): void {
    const counted = this.#of(index);
    add(counted.sent, message.kind);
    if (again) counted.retransmissions++;
  }

  /** A query has left. */
  sentQuery(index: InterfaceIndex): void {
    this.#of(index).sentQueries++;
  }

  /** The kernel has reported data packets that it could not forward. */
  reported(upcalls: readonly Upcall[]): void {
    for (const { interface: index, reason } of upcalls) add(this.#of(index).upcalls, reason);
  }

  /** The core has reported something: failures of neighbors, and changes of trees are counted. */
  noticed(notice: Notice, now: Millis): void {
    switch (notice.kind) {
      case "neighborFailed":
        this.#failed(notice, now);
        return;
      case "assert":
        add(this.#of(notice.interface).assertChanges, notice.winner ? "winner" : "loser");
        return;
      case "treeState":
        add(this.#treeStateChanges, `${notice.from} to ${notice.to}`);
        return;
      case "protocolStarted":
      case "protocolStopped":
      case "neighborState":
      case "forwarding":
        return;
    }
  }

  #failed({ interface: index, why, neighbor }: NeighborFailed, at: Millis): void {
    const { neighborFailures, lastFailures } = this.#of(index);
    add(neighborFailures, why);
    lastFailures.set(why, { why, neighbor, at });
  }

  /** Something was dropped. */
  dropped(dropped: Dropped, now: Millis): void {
    const { interface: index, protocol, reason, sender } = dropped;
    const { pairs } = this.#of(index);
    const what = `${protocol}/${reason}`;
    let pair = pairs.get(what);
    if (pair === undefined) {
      const never = { count: 0, lastAt: now, unreported: 0, reportedAt: NEVER };
      pair = { interface: index, key: `${index}/${what}`, protocol, reason, sender, ...never };
      pairs.set(what, pair);
    }
    pair.count++;
    pair.lastAt = now;
    pair.unreported++;
    pair.sender = sender;
    if (isTold(dropped) && this.#interfaces.has(index)) this.#tell(pair, now);
  }

  #tell(pair: Pair, now: Millis): void {
    const next = after(pair.reportedAt, REPORT_INTERVAL);
    if (next > now) {
      if (!this.#untold.runs(pair)) this.#untold.set(next, pair);
      return;
    }
    this.#untold.cancel(pair);
    const { protocol, reason, sender, unreported: count } = pair;
    pair.unreported = 0;
    pair.reportedAt = now;
    const about = { interface: pair.interface, protocol, reason, sender };
    this.#report({ kind: "dropped", ...about, count });
  }

  /** Reports what is due. */
  time(now: Millis): void {
    for (let due = this.#untold.takeDue(now); due !== undefined; due = this.#untold.takeDue(now)) {
      this.#tell(due.event, now);
    }
  }

  /** When `time` is to be called; undefined: there is nothing to tell. */
  nextDeadline(): Millis | undefined {
    return this.#untold.nextDeadline();
  }

  of(index: InterfaceIndex): InterfaceCounters {
    return viewOf(this.#of(index));
  }

  get unknown(): InterfaceCounters {
    return viewOf(this.#unknown);
  }

  get treeStateChanges(): ReadonlyMap<TreeStateChange, number> {
    return this.#treeStateChanges;
  }

  #of(index: InterfaceIndex): Counted {
    return this.#interfaces.get(index) ?? this.#unknown;
  }
}
