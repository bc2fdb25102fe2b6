// Neighbors that cannot be talked with: whose signatures are wrong, or who hear nothing of us.
import type { Finding } from "../../api/diagnosis.ts";
import { type Address, formatAddress } from "../../base/address.ts";
import type { InterfaceIndex, Millis } from "../../base/units.ts";
import { after, millis, seconds } from "../../base/units.ts";
import type { NeighborFailure } from "../../core/notices.ts";
import { DEFAULT_INTERFACE_SETTINGS } from "../../core/settings.ts";
import type { InterfaceView, NeighborView } from "../../core/view.ts";
import { configurationOf } from "../configuration.ts";
import type { DropCounter } from "../counters.ts";
import { isSignatureFault } from "../signatures.ts";
import { finding, type Look } from "./look.ts";

/** So many Hello periods a router may say nothing before it is taken for gone (§5.2). */
const SILENT_PERIODS = 4;
/** A synchronisation takes a few messages: one that has not come to its end by then does not get on. */
const SYNC_TAKES = seconds(3);

const DEAF: ReadonlySet<NeighborFailure> = new Set(["no acknowledgement", "no synchronisation"]);

/** Whether something that was last so at an instant still counts: it would have come again, or a synchronisation have failed. */
function isRecent({ engine }: Look, index: InterfaceIndex, at: Millis): boolean {
  const { hpim } = configurationOf(engine.configuration, engine.nameOf(index));
  const { helloPeriod, syncHoldTime } = hpim ?? DEFAULT_INTERFACE_SETTINGS;
  return after(at, millis(SILENT_PERIODS * helloPeriod + syncHoldTime)) > engine.now();
}

/** Whether the sender of what was refused has been heard in good order since. */
const isMended = ({ sender, lastAt }: DropCounter, neighbors: readonly NeighborView[]): boolean =>
  neighbors.some(
    ({ address, heardAt }) => address === sender && heardAt !== null && heardAt > lastAt,
  );

/** What is dropped for its signature these days. */
function refusedAt(
  look: Look,
  index: InterfaceIndex,
  neighbors: readonly NeighborView[],
): readonly DropCounter[] {
  return look.engine.counters
    .of(index)
    .dropped.filter(({ reason }) => isSignatureFault(reason))
    .filter((drop) => isRecent(look, index, drop.lastAt) && !isMended(drop, neighbors));
}

function wrongSignature(look: Look, index: InterfaceIndex, drop: DropCounter): Finding {
  const name = look.engine.nameOf(index);
  const from = drop.sender === null ? "" : ` of ${formatAddress(drop.sender)}`;
  return finding("wrong-signature", look, index, {
    sentence: `HPIM-DM messages${from} are dropped on ${name}: ${drop.reason}.`,
    mend: `Give all routers of the link the same key: compare "hpim-dm show keys --interface ${name}" there and here; "hpim-dm key add ${name} IDENTIFIER ALGORITHM" adds one.`,
  });
}

function oneWay(look: Look, index: InterfaceIndex, neighbor: Address): Finding {
  const name = look.engine.nameOf(index);
  const address = formatAddress(neighbor);
  return finding("one-way-neighbor", look, index, {
    sentence: `${address} on ${name} is heard, and does not answer: it seems not to hear this router.`,
    mend: `On ${address}: look at "hpim-dm show counters", for what it drops, and at its packet filter (IP protocol 103 to ${address} and to 224.0.0.13); "tcpdump -ni INTERFACE ip proto 103" shows what gets there.`,
  });
}

/** Neighbors that we hear, and that do not answer us. */
function deafNeighbors(look: Look, index: InterfaceIndex, view: InterfaceView): readonly Address[] {
  const now = look.engine.now();
  const deaf = new Set<Address>();
  const neighbors = view.running?.neighbors ?? [];
  for (const { address, state, since } of neighbors) {
    if (state !== "SYNCED" && after(since, SYNC_TAKES) <= now) deaf.add(address);
  }
  for (const { why, neighbor, at } of look.engine.counters.of(index).lastFailures) {
    const answersNow = neighbors.some(
      ({ address, syncedAt }) => address === neighbor && syncedAt !== null && syncedAt > at,
    );
    if (DEAF.has(why) && isRecent(look, index, at) && !answersNow) deaf.add(neighbor);
  }
  return [...deaf];
}

/** What is wrong with neighbors on an interface. */
export function neighborFindings(look: Look, view: InterfaceView): readonly Finding[] {
  const { index, running } = view;
  if (running === null) return [];
  const refused = refusedAt(look, index, running.neighbors);
  const senders = new Set(refused.map(({ sender }) => sender));
  return [
    ...refused.map((drop) => wrongSignature(look, index, drop)),
    ...deafNeighbors(look, index, view)
      .filter((address) => !senders.has(address))
      .map((address) => oneWay(look, index, address)),
  ];
}

/**
 * Whether nothing is heard of a router: it is no neighbor, nor one that does not answer, and no messages are dropped for their
 * signatures, which may be its own: only the last sender is known.
 */
export function isUnheard(look: Look, view: InterfaceView, router: Address): boolean {
  const neighbors = view.running?.neighbors ?? [];
  if (neighbors.some(({ address }) => address === router)) return false;
  if (deafNeighbors(look, view.index, view).includes(router)) return false;
  return refusedAt(look, view.index, neighbors).length === 0;
}
