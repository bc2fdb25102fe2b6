// One turn of a router: what an event changes, collects and asks for, until all is settled again.
import type { Address } from "../base/address.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { after, seconds } from "../base/units.ts";
import type { Drop, DropReason } from "./acceptance.ts";
import type { FreshUpstream } from "./announce.ts";
import type { RouterAction } from "./events.ts";
import type { Notice } from "./notices.ts";
import type { Neighbor, RouterState, RunningInterface, Tree } from "./state.ts";
import type { TimerEvent } from "./timers.ts";
import type { TreeKey } from "./tree-id.ts";

/** How often it is looked whether there is room for what was refused (P7). */
const REVIEW_INTERVAL = seconds(60);

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
  readonly begun: InterfaceIndex[] = [];
  /** To be led once the trees are settled. */
  readonly restarts: Restart[] = [];
  /** Interfaces whose sequence numbers are used up (§4). */
  readonly usedUp: RunningInterface[] = [];

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

  /** Has something counted that arrived and is not used. */
  drop(drop: Drop): void {
    this.actions.push({ kind: "drop", ...drop });
  }

  /** Has a message of `sender` counted that is not processed, or an entry of its Sync. */
  dropMessage(at: RunningInterface, sender: Address, reason: DropReason): void {
    this.drop({ interface: at.facts.index, protocol: "HPIM-DM", reason, sender });
  }

  /** P7: there is no room for what the neighbor says of a tree. */
  refuseTree(
    at: RunningInterface,
    neighbor: Neighbor,
    reason: Extract<DropReason, "too many trees" | "too many trees of a neighbor">,
  ): void {
    this.dropMessage(at, neighbor.address, reason);
    neighbor.refused = true;
    this.awaitReview();
  }

  /** Has the bounds reviewed when the interval has passed (P7). */
  awaitReview(): void {
    const event = { kind: "limits" } as const;
    if (!this.state.timers.runs(event)) this.setTimer(event, REVIEW_INTERVAL);
  }

  /** Whether an address is ours, on whatever interface. */
  isOwnAddress(address: Address): boolean {
    for (const { facts } of this.state.interfaces.values()) {
      if (facts.addresses.some((own) => own.address === address)) return true;
    }
    return false;
  }
}
