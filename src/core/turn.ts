// One turn of a router: what an event changes, collects and asks for, until all is settled again.
import type { Address } from "../base/address.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { after, millis } from "../base/units.ts";
import type { DropReason } from "./acceptance.ts";
import type { FreshUpstream } from "./announce.ts";
import type { RouterAction } from "./events.ts";
import type { Notice } from "./notices.ts";
import type { Neighbor, RouterState, Running, RunningInterface, Tree } from "./state.ts";
import type { TimerEvent } from "./timers.ts";
import type { TreeKey } from "./tree-id.ts";

/** A bound that data meet is reported at most this often (P7). */
const LIMIT_REPORT_INTERVAL = millis(60_000);

/** A neighbor with which a synchronisation is to be led (§6.2). */
export interface Restart {
  readonly at: RunningInterface;
  readonly neighbor: Neighbor;
}

/** An event under way. */
export class Turn {
  readonly state: RouterState;
  readonly now: Millis;
  readonly actions: RouterAction[] = [];
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

  constructor(state: RouterState, now: Millis) {
    this.state = state;
    this.now = now;
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

  /** Counts what a bound refuses, and reports the bound once (P7). */
  refuse(
    at: RunningInterface,
    why: Extract<DropReason, "too many neighbors" | "too many trees">,
    what: Extract<Notice, { kind: "limit" }>["what"],
  ): void {
    this.drop(at.running, why);
    if (at.running.limitsReported.has(what)) return;
    at.running.limitsReported.add(what);
    this.notice({ kind: "limit", interface: at.facts.index, what });
  }

  /** Refuses what data ask for, and reports the bound once per interval (P7). */
  refuseData(what: Extract<Notice, { kind: "limit" }>["what"]): void {
    const { limitReports } = this.state;
    const reported = limitReports.get(what);
    if (reported !== undefined && after(reported, LIMIT_REPORT_INTERVAL) > this.now) return;
    limitReports.set(what, this.now);
    this.notice({ kind: "limit", interface: null, what });
  }

  /** Whether an address is ours, on whatever interface. */
  isOwnAddress(address: Address): boolean {
    for (const { facts } of this.state.interfaces.values()) {
      if (facts.addresses.some((own) => own.address === address)) return true;
    }
    return false;
  }
}
