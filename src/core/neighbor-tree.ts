// What is stored of one tree about one neighbor, and how messages change it (§7.1, §7.2, §6.6, §11).
import type { SequenceNumber } from "../base/units.ts";
import type { Rpc, TreeMessage } from "./messages.ts";

/** What a neighbor has told us of its interest (§7.1). */
export type Interest = "interested" | "not interested" | "unknown";

/** A neighbor's side of a tree (§7.1). Upstream implies not interested: `interest` then says so. */
export interface NeighborTree {
  /** The RPC it offers as UPSTREAM neighbor; null: it is not. */
  readonly upstream: Rpc | null;
  readonly interest: Interest;
  /** The highest SN received of this tree; null: none, or forgotten (§15). */
  readonly lastSn: SequenceNumber | null;
}

/** What is known of a tree about a neighbor that has said nothing of it. */
export const UNHEARD: NeighborTree = { upstream: null, interest: "unknown", lastSn: null };

/** Whether nothing is stored in it: it need not be kept. */
export const isUnheard = (known: NeighborTree): boolean =>
  known.upstream === null && known.interest === "unknown" && known.lastSn === null;

/** §7.2: a fresh message, its SN stored already. `advertised`: something is Advertised on the interface. */
export function stepTreeMessage(
  known: NeighborTree,
  message: TreeMessage,
  advertised: boolean,
): NeighborTree {
  switch (message.kind) {
    case "iamUpstream":
      return { ...known, upstream: message.rpc, interest: "not interested" };
    case "iamNoLongerUpstream":
      return { ...known, upstream: null, interest: "unknown" };
    case "interest":
      return { ...known, upstream: null, interest: advertised ? "interested" : "unknown" };
    case "noInterest":
      return { ...known, upstream: null, interest: advertised ? "not interested" : "unknown" };
  }
}

/** §7.3: the SN of a fresh message. */
export const stepLastSn = (known: NeighborTree, sn: SequenceNumber): NeighborTree => ({
  ...known,
  lastSn: sn,
});

/** §6.6: an entry of the neighbor's snapshot of number `neighborSsn`, unless fresher news are held. */
export function stepInstall(
  known: NeighborTree,
  rpc: Rpc,
  neighborSsn: SequenceNumber,
): NeighborTree {
  if (known.lastSn !== null && known.lastSn > neighborSsn) return known;
  return { ...known, upstream: rpc, interest: "not interested" };
}

/** P7: a tree for which there was no room: the neighbor's SN is kept, not that it is UPSTREAM. */
export const stepRefuse = (known: NeighborTree): NeighborTree => ({
  ...known,
  upstream: null,
  interest: "unknown",
});

/** §11: interest is forgotten; that of an UPSTREAM neighbor follows from its being upstream. */
export const stepForgetInterest = (known: NeighborTree): NeighborTree =>
  known.upstream !== null || known.interest === "unknown"
    ? known
    : { ...known, interest: "unknown" };

/** §15: SNs up to the neighbor's CheckpointSN need not be remembered. */
export const stepCheckpoint = (known: NeighborTree, checkpointSn: SequenceNumber): NeighborTree =>
  known.lastSn !== null && known.lastSn <= checkpointSn ? { ...known, lastSn: null } : known;
