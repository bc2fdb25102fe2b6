// One turn of a router: what an event changes, collects and asks for, until all is settled again.
import type { Address } from "../base/address.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { after, seconds } from "../base/units.ts";
import type { DropReason } from "./acceptance.ts";
import type { FreshUpstream } from "./announce.ts";
import type { RouterAction } from "./events.ts";
import type { Notice } from "./notices.ts";
import type { Neighbor, RouterState, Running, RunningInterface, Tree } from "./state.ts";
import type { TimerEvent } from "./timers.ts";
import type { TreeKey } from "./tree-id.ts";

/** How often bounds that are met are reported and reviewed (P7). */
const LIMIT_INTERVAL = seconds(60);

type Limit = Extract<Notice, { kind: "limit" }>["what"];

/** A neighbor with which a synchronisation is to be led (§6.2). */
export interface Restart {
  readonly at: RunningInterface;
  readonly neighbor: Neighbor;
}

/** An event under way. */
export class Turn {
  readonly state: RouterState;
  readonly now: Millis;
  /** What is to be done, after what earlier turns of the same event asked for. */
  readonly actions: RouterAction[];
  /** Trees whose inputs may have changed. */
  readonly dirty: Set<TreeKey> = new Set();
  /** Who has sent a fresh IamUpstream, of every dirty tree that it is UPSTREAM for (§10.0). */
  fresh: FreshUpstream | null = null;
  /** Interfaces on which HPIM-DM has begun (§5.6). */
  readonly begun: Set<InterfaceIndex> = new Set();
  /** To be led once the trees are settled. */
  readonly restarts: Restart[] = [];
  /** Interfaces whose sequence numbers are used up (§4). */
  readonly usedUp: Set<RunningInterface> = new Set();

  constructor(state: RouterState, now: Millis, actions: RouterAction[]) {
    this.state = state;
    this.now = now;
    this.actions = actions;
  }

  notice(notice: Notice): void {
    this.actions.push({ kind: "notice", notice });
  }

  /** Starts the timer of `event`, or starts it anew. */
  setTimer(event: TimerEvent, span: Millis): void {
    this.state.timers.set(after(this.now, span), event);
  }

  cancelTimer(event: TimerEvent): void {
    this.state.timers.cancel(event);
  }

  markTree(tree: Tree): void {
    this.dirty.add(tree.key);
  }

  /** A change that every tree may depend on. */
  markAllTrees(): void {
    for (const key of this.state.trees.keys()) this.dirty.add(key);
  }

  /** Counts a message that is not processed. */
  drop(running: Running, why: DropReason): void {
    running.dropped.set(why, (running.dropped.get(why) ?? 0) + 1);
  }

  /** P7: there is no room for another neighbor. */
  refuseNeighbor(at: RunningInterface): void {
    this.drop(at.running, "too many neighbors");
    this.reportLimit(at.facts.index, "neighbors");
  }

  /** P7: there is no room for what the neighbor says of a tree. */
  refuseTree(
    at: RunningInterface,
    neighbor: Neighbor,
    what: Extract<Limit, "trees" | "trees of a neighbor">,
  ): void {
    this.drop(at.running, "too many trees");
    neighbor.refused = true;
    this.reportLimit(at.facts.index, what);
  }

  /** Reports a bound that was met, once per interval (P7). `index` null: data met it. */
  reportLimit(index: InterfaceIndex | null, what: Limit): void {
    const reported = `${index}/${what}`;
    if (this.state.limitsReported.has(reported)) return;
    this.state.limitsReported.add(reported);
    this.notice({ kind: "limit", interface: index, what });
    this.awaitReview();
  }

  /** Has the bounds reviewed when the interval has passed (P7). */
  awaitReview(): void {
    const event = { kind: "limits" } as const;
    if (!this.state.timers.runs(event)) this.setTimer(event, LIMIT_INTERVAL);
  }

  /** Whether an address is ours, on whatever interface. */
  isOwnAddress(address: Address): boolean {
    for (const { facts } of this.state.interfaces.values()) {
      if (facts.addresses.some((own) => own.address === address)) return true;
    }
    return false;
  }
}
