// Which rows of §10 are taken: each message about a tree, by what the tree was before and is after.
import type { InterfaceIndex, SequenceNumber } from "../../src/base/units.ts";
import type { TreeMessage } from "../../src/core/messages.ts";
import type { Settled } from "../../src/core/settled.ts";
import type { TreeKey } from "../../src/core/tree-id.ts";
import { treeKey } from "../../src/core/tree-id.ts";
import type { RouterReading } from "../../src/core/view.ts";
import type { Situation } from "../../src/oracle/announcements.ts";
import { ROWS, rowOf } from "../../src/oracle/announcements.ts";

/** Of messages that no row explains: what the tables leave out. */
export const NO_ROW = "none";

function situationOf(settled: Settled | undefined, index: InterfaceIndex): Situation | null {
  const at = settled?.interfaces.get(index);
  if (settled === undefined || at === undefined) return null;
  const { state, rpf, interested } = settled;
  return {
    role: at.role,
    state,
    isOriginator: rpf.originator,
    isSourceOnLink: rpf.onLink.includes(index),
    bun: at.bun?.neighbor ?? null,
    isInterested: interested,
    rpc: rpf.rpc,
  };
}

/** Where a message leaves. */
export interface Place {
  readonly end: string;
  readonly index: InterfaceIndex;
}

/** Counts the rows of one router. */
export class RowCounter {
  readonly counts: Map<string, number>;
  readonly #before = new Map<TreeKey, Settled>();
  readonly #lastSns = new Map<string, SequenceNumber>();

  /** `counts` may be shared. */
  constructor(counts: Map<string, number>) {
    this.counts = counts;
  }

  /** Before each event of the router. */
  remember(router: RouterReading): void {
    this.#before.clear();
    for (const key of router.treeKeys()) {
      const settled = key && router.settled(key);
      if (key !== undefined && settled !== undefined) this.#before.set(key, settled);
    }
  }

  /** A message that the router sends while it handles the event. */
  count(router: RouterReading, { end, index }: Place, message: TreeMessage): void {
    const under = `${end} ${message.bootTime}`;
    if (message.sn <= (this.#lastSns.get(under) ?? 0)) return;
    this.#lastSns.set(under, message.sn);
    const key = treeKey(message);
    const is = situationOf(router.settled(key), index) ?? GONE;
    const was = situationOf(this.#before.get(key), index);
    const isFresh = was !== null && was.bun === is.bun;
    const row = rowOf({ kind: message.kind, was, is, isFresh }) ?? NO_ROW;
    this.counts.set(row, (this.counts.get(row) ?? 0) + 1);
  }
}

/** A tree that is INACTIVE is forgotten at once. */
const GONE: Situation = {
  role: "non-root",
  state: "INACTIVE",
  isOriginator: false,
  isSourceOnLink: false,
  bun: null,
  isInterested: false,
  rpc: null,
};

/** Counts of all rows, none taken yet. */
export const noRows = (): Map<string, number> => new Map(ROWS.map((row) => [row, 0]));
