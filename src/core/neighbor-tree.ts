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

const neighborTree = (
  upstream: Rpc | null,
  interest: Interest,
  lastSn: SequenceNumber | null,
): NeighborTree => ({ upstream, interest, lastSn });

/** What is known of a tree about a neighbor that has said nothing of it. */
export const UNHEARD: NeighborTree = neighborTree(null, "unknown", null);

/** Whether nothing is stored in it: it need not be kept. */
export const isUnheard = (known: NeighborTree): boolean =>
  known.upstream === null && known.interest === "unknown" && known.lastSn === null;

/** §7.2: a fresh message, its SN stored already. `advertised`: something is Advertised on the interface. */
export function stepTreeMessage(
  { lastSn }: NeighborTree,
  message: TreeMessage,
  advertised: boolean,
): NeighborTree {
  switch (message.kind) {
    case "iamUpstream":
      return neighborTree(message.rpc, "not interested", lastSn);
    case "iamNoLongerUpstream":
      return neighborTree(null, "unknown", lastSn);
    case "interest":
      return neighborTree(null, advertised ? "interested" : "unknown", lastSn);
    case "noInterest":
      return neighborTree(null, advertised ? "not interested" : "unknown", lastSn);
  }
}

/** §7.3: the SN of a fresh message. */
export const stepLastSn = (known: NeighborTree, sn: SequenceNumber): NeighborTree =>
  neighborTree(known.upstream, known.interest, sn);

/** §6.6: an entry of the neighbor's snapshot of number `neighborSsn`, unless fresher news are held. */
export function stepInstall(
  known: NeighborTree,
  rpc: Rpc,
  neighborSsn: SequenceNumber,
): NeighborTree {
  if (known.lastSn !== null && known.lastSn > neighborSsn) return known;
  return neighborTree(rpc, "not interested", known.lastSn);
}

/** P7: a tree for which there was no room: the neighbor's SN is kept, not that it is UPSTREAM. */
export const stepRefuse = ({ lastSn }: NeighborTree): NeighborTree =>
  neighborTree(null, "unknown", lastSn);

/** §11: interest is forgotten; that of an UPSTREAM neighbor follows from its being upstream. */
export const stepForgetInterest = (known: NeighborTree): NeighborTree =>
  known.upstream !== null || known.interest === "unknown"
    ? known
    : neighborTree(null, "unknown", known.lastSn);

/** §15: SNs up to the neighbor's CheckpointSN need not be remembered. */
export const stepCheckpoint = (known: NeighborTree, checkpointSn: SequenceNumber): NeighborTree =>
  known.lastSn !== null && known.lastSn <= checkpointSn
    ? neighborTree(known.upstream, known.interest, null)
    : known;
