// What neighbors say of trees (§7), and what they acknowledge (§8.2).
import type { Address } from "../base/address.ts";
import { known } from "../base/invariant.ts";
import { freshnessOf, isAckForUs, orderOfBootTime } from "./freshness.ts";
import type { Ack, TreeMessage } from "./messages.ts";
import { stepLastSn, stepTreeMessage, UNHEARD } from "./neighbor-tree.ts";
import { meetOrRestart, restartLiveness } from "./neighborhood.ts";
import type { Neighbor, RunningInterface } from "./state.ts";
import type { SyncState } from "./sync.ts";
import { acknowledge, sendAck } from "./transmission.ts";
import { isExcluded, type TreeKey, treeKey } from "./tree-id.ts";
import { ensureTree, hasRoomFor, remember, setNeighborTree } from "./trees.ts";
import type { Turn } from "./turn.ts";

/** A neighbor whose synchronisation has begun, as it has outside of a turn. */
interface Sender {
  readonly neighbor: Neighbor;
  readonly sync: SyncState;
}

/** §7.3, first two tests: the sender of a message, if its BootTime is the one we know. */
function currentSender(
  turn: Turn,
  at: RunningInterface,
  address: Address,
  message: TreeMessage | Ack,
): Sender | undefined {
  const neighbor = at.running.neighbors.get(address);
  const order = orderOfBootTime(message.bootTime, neighbor?.bootTime);
  if (order === "older") turn.dropMessage(at, address, "stale BootTime");
  if (order === "newer") meetOrRestart(turn, at, address, message.bootTime);
  if (order !== "current") return undefined;
  const current = known(neighbor, "neighbor whose BootTime is known");
  return { neighbor: current, sync: known(current.sync, "synchronisation between turns") };
}

/** §7.3: a message about a tree. */
export function receiveTreeMessage(
  turn: Turn,
  at: RunningInterface,
  address: Address,
  message: TreeMessage,
): void {
  const sender = currentSender(turn, at, address, message);
  if (sender === undefined) return;
  const { neighbor, sync } = sender;
  const key = treeKey(message);
  const lastSn = neighbor.trees.get(key)?.lastSn ?? null;
  const freshness = freshnessOf(message.sn, {
    sync,
    checkpointSn: neighbor.checkpointSn,
    lastSn,
  });
  if (freshness === "stale") {
    turn.dropMessage(at, address, "stale sequence number");
    return;
  }
  sendAck(turn, at, { address, sync }, message);
  if (freshness === "repeated") return;
  if (isExcluded(message)) turn.dropMessage(at, address, "excluded tree");
  else takeTreeMessage(turn, at, neighbor, { key, message });
}

/** §7.2. */
function takeTreeMessage(
  turn: Turn,
  at: RunningInterface,
  neighbor: Neighbor,
  { key, message }: { readonly key: TreeKey; readonly message: TreeMessage },
): void {
  const { index } = at.facts;
  if (!hasRoomFor(turn, at, neighbor, key)) return;
  const tree = message.kind === "iamUpstream" ? ensureTree(turn, key) : turn.state.trees.get(key);
  if (message.kind === "iamUpstream" && tree === undefined) {
    turn.refuseTree(at, neighbor, "too many trees");
    return;
  }
  const advertised = (tree?.settled.interfaces.get(index)?.advertised ?? null) !== null;
  const heard = stepLastSn(neighbor.trees.get(key) ?? UNHEARD, message.sn);
  const next = stepTreeMessage(heard, message, advertised);
  setNeighborTree(neighbor, key, next);
  restartLiveness(turn, at, neighbor);
  if (tree === undefined) return;
  turn.markTree(tree);
  if (message.kind === "iamUpstream") turn.fresh = { interface: index, neighbor: neighbor.address };
  if (message.kind === "iamNoLongerUpstream") {
    remember(turn, tree, index, { interestUnknownSince: turn.now });
  }
}

/** §7.4, §8.2. */
export function receiveAck(turn: Turn, at: RunningInterface, address: Address, ack: Ack): void {
  const sender = currentSender(turn, at, address, ack);
  if (sender === undefined) return;
  const counts =
    isAckForUs(ack, at.running.bootTime, sender.sync) &&
    acknowledge(turn, at, treeKey(ack), { neighbor: address, sn: ack.neighborSn });
  if (counts) restartLiveness(turn, at, sender.neighbor);
  else turn.dropMessage(at, address, "Ack of nothing");
}
