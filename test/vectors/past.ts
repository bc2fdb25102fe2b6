// Brings a router to the state that it had before the first frame of a capture: its neighbors are played as far as that.
import type { Address } from "../../src/base/address.ts";
import {
  type BootTime,
  bootTime,
  type SequenceNumber,
  sequenceNumber,
} from "../../src/base/units.ts";
import type { Message, SnapshotEntry, Sync } from "../../src/core/messages.ts";
import type { NeighborView } from "../../src/core/view.ts";
import { type Captured, linkOf, ownFrames } from "./captured.ts";
import type { Life, ToldBefore } from "./lives.ts";
import { type PlannedRouter, SOURCE } from "./networks.ts";

/** A router that is brought to a state. */
export interface Subject {
  readonly plan: PlannedRouter;
  /** Has it receive what a neighbor says to its address `on`. */
  readonly hear: (on: Address, from: Address, message: Message) => void;
  /** What it knows of a neighbor. */
  readonly neighbor: (from: Address) => NeighborView;
  readonly bootTimeOn: (on: Address) => BootTime;
  readonly source: (group: Address) => void;
}

const NONE = sequenceNumber(0);
const FIRST = 1;
/** What 1.5.1 says by default. */
const OPTIONS = { holdTimeSeconds: 40 };

/** The BootTime that a neighbor had at the first frame. */
function bootTimeOf(frames: readonly Captured[], neighbor: Address): BootTime {
  const [first] = ownFrames(frames, neighbor);
  return first?.content.kind === "message" ? first.content.message.bootTime : bootTime(FIRST);
}

/** The SSN that `neighbor` had with `on`: quoted by the first Ack that either of them sent the other. */
function ssnOf(frames: readonly Captured[], neighbor: Address, on: Address): SequenceNumber {
  for (const { source, destination, content } of frames) {
    if (content.kind !== "message" || content.message.kind !== "ack") continue;
    if (source === neighbor && destination === on) return content.message.mySsn;
    if (source === on && destination === neighbor) return content.message.neighborSsn;
  }
  return sequenceNumber(FIRST);
}

/** The SN before the first of the neighbor's that was captured; just above its SSN if none was. */
function lastSnOf(frames: readonly Captured[], neighbor: Address, ssn: SequenceNumber): number {
  for (const { content } of ownFrames(frames, neighbor)) {
    if (content.kind === "message" && "sn" in content.message) return content.message.sn - 1;
  }
  return ssn + 1;
}

/** The trees that a neighbor is UPSTREAM for on its link: all but those of which that link is its root. */
function snapshotOf(life: Life, neighbor: Address): readonly SnapshotEntry[] {
  const owner = life.routers.find(({ addresses }) => addresses.includes(neighbor));
  if (life.tree === null || owner === undefined) return [];
  const { gateway, protocol, metric } = owner.route;
  if (linkOf(gateway ?? SOURCE) === linkOf(neighbor)) return [];
  const { group } = life.tree;
  return [{ source: SOURCE, group, rpc: { preference: protocol, metric } }];
}

function synchronise(
  life: Life,
  frames: readonly Captured[],
  subject: Subject,
  [on, from]: readonly [Address, Address],
): void {
  const entries = snapshotOf(life, from);
  const sync = (syncSn: number, neighborSsn: SequenceNumber, part: Sync["part"]): void =>
    subject.hear(on, from, {
      kind: "sync",
      bootTime: bootTimeOf(frames, from),
      mySsn: ssnOf(frames, from, on),
      neighborSsn,
      neighborBootTime: subject.bootTimeOn(on),
      leader: true,
      syncSn,
      part,
    });
  const last: Sync["part"] = { more: false, options: OPTIONS };
  sync(0, NONE, entries.length > 0 ? { more: true, entries } : last);
  sync(1, subject.neighbor(from).mySsn, last);
  const { state } = subject.neighbor(from);
  if (state !== "SYNCED") throw new Error(`a neighbor is ${state} before the first frame`);
}

function tell(
  frames: readonly Captured[],
  subject: Subject,
  group: Address,
  { from, to, interested }: ToldBefore,
): void {
  const ssn = ssnOf(frames, from, to);
  subject.hear(to, from, {
    kind: interested ? "interest" : "noInterest",
    bootTime: bootTimeOf(frames, from),
    sn: sequenceNumber(lastSnOf(frames, from, ssn)),
    source: SOURCE,
    group,
  });
}

/** The router's pairs that are SYNCED before the first frame: its own address, then the neighbor's. */
export const pairsOf = (
  life: Life,
  plan: PlannedRouter,
): readonly (readonly [Address, Address])[] =>
  life.synced.flatMap(([a, b]): (readonly [Address, Address])[] => {
    if (plan.addresses.includes(a)) return [[a, b]];
    return plan.addresses.includes(b) ? [[b, a]] : [];
  });

/** Synchronises the router with its neighbors, and has the tree stand, as they were before the first frame. */
export function setUp(life: Life, frames: readonly Captured[], subject: Subject): void {
  for (const pair of pairsOf(life, subject.plan)) synchronise(life, frames, subject, pair);
  if (life.tree === null) return;
  const { group, told } = life.tree;
  if (subject.plan.route.gateway === null) subject.source(group);
  for (const before of told) {
    if (subject.plan.addresses.includes(before.to)) tell(frames, subject, group, before);
  }
}
