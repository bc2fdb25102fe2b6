// What the demonstration and the measurements see of a lab: the routers' own lists, and the receivers' logs.
import { groupsSchema } from "../src/api/lists/groups.ts";
import { neighborsSchema } from "../src/api/lists/neighbors.ts";
import type { TreeInterface, TreeRow, TreesAnswer } from "../src/api/lists/trees.ts";
import { treesSchema } from "../src/api/lists/trees.ts";
import { queryDaemon } from "../src/lab/daemon-process.ts";
import type { DeliveryReport, SequenceRange } from "../src/lab/delivery.ts";
import { analyseDelivery } from "../src/lab/delivery.ts";
import type { Delivery } from "../src/lab/delivery-log.ts";
import type { Lab } from "../src/lab/lab.ts";
import type { Receiver } from "../src/lab/traffic.ts";
import { endsOf } from "../src/topology/topology.ts";

/** A delivery is steady when this many packets in a row have come once each, in order. */
const STEADY_PACKETS = 300;
const LOOK_EVERY_MILLIS = 10;

/** Thrown when what a step waits for does not come. */
export class NotHeld extends Error {}

/** The tree of a group, which has one source, as a router sees it. */
export async function treeOf(
  lab: Lab,
  router: string,
  group: string,
): Promise<TreeRow | undefined> {
  const answer: TreesAnswer = treesSchema.parse(
    await queryDaemon(lab, router, `trees?group=${group}`),
  );
  return answer.trees[0];
}

/** The tree on one interface of a router: "R4.eth1". */
export async function sideOf(
  lab: Lab,
  place: string,
  group: string,
): Promise<TreeInterface | undefined> {
  const [router = "", device = ""] = place.split(".");
  const tree = await treeOf(lab, router, group);
  return tree?.interfaces.find(({ interface: name }) => name === device);
}

/** What is awaited of a router's interface: it wins or loses the assert, and its forwarding state. */
export interface ExpectedSide {
  readonly winner: boolean;
  readonly state: "forwarding" | "pruned";
}

const winnerText = (winner: boolean): string => (winner ? "wins the assert" : "loses the assert");

/** Waits until a router's interface is as expected, and returns why it wins or loses. Throws NotHeld. */
export async function waitForSide(
  lab: Lab,
  place: string,
  group: string,
  expected: ExpectedSide,
): Promise<string> {
  let reason = "";
  await waitFor(async () => {
    const side = (await sideOf(lab, place, group))?.nonRoot;
    if (side?.assert.winner !== expected.winner) return `${place} ${winnerText(!expected.winner)}`;
    if (side.forwarding.state !== expected.state) return `${place} is ${side.forwarding.state}`;
    reason = side.assert.reason;
    return undefined;
  });
  return reason;
}

/** How many neighbors a router has once all daemons run. */
export const neighborCount = ({ topology }: Lab, router: string): number =>
  (topology.routers.get(router)?.interfaces ?? []).flatMap(({ link }) =>
    endsOf(topology, link).filter((end) => end.isRouter && end.node !== router),
  ).length;

/** Waits until every router is SYNCED with all that it shares links with; how many neighbors that are. Throws NotHeld. */
export async function waitForNeighbors(lab: Lab): Promise<number> {
  let all = 0;
  for (const router of lab.topology.routers.keys()) {
    const expected = neighborCount(lab, router);
    all += expected;
    await waitFor(async () => {
      const { neighbors } = neighborsSchema.parse(await queryDaemon(lab, router, "neighbors"));
      const synced = neighbors.filter(({ state }) => state === "SYNCED");
      if (synced.length === expected) return undefined;
      return `${router} has ${synced.length} of ${expected} neighbors SYNCED`;
    });
  }
  return all;
}

/** Waits until a router knows of a member of the group. Throws NotHeld. */
export async function waitForMember(lab: Lab, router: string, group: string): Promise<void> {
  await waitFor(async () => {
    const { groups } = groupsSchema.parse(await queryDaemon(lab, router, `groups?group=${group}`));
    return groups.length > 0 ? undefined : `${router} knows no member of ${group}`;
  });
}

/** Waits until the tree of a group is ACTIVE on a router, and, unless it is null, has that root. Throws NotHeld. */
export async function waitForTree(
  lab: Lab,
  router: string,
  group: string,
  root: string | null = null,
): Promise<void> {
  await waitFor(async () => {
    const tree = await treeOf(lab, router, group);
    if (tree?.state !== "ACTIVE") return `the tree is ${tree?.state ?? "unknown"} at ${router}`;
    return root === null || tree.root === root ? undefined : `${router}'s root is ${tree.root}`;
  });
}

/** Waits until `look` finds nothing missing; it returns what is. Throws NotHeld when that takes too long. */
export async function waitFor(
  look: () => Promise<string | undefined>,
  withinMillis: number = 15_000,
): Promise<void> {
  const end = performance.now() + withinMillis;
  for (;;) {
    const missing = await look();
    if (missing === undefined) return;
    if (performance.now() > end) throw new NotHeld(missing);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MILLIS));
  }
}

/** Why the last packets of a log are not a steady delivery that began after `after`; undefined: they are. */
function unsteadiness(log: readonly Delivery[], after: number): string | undefined {
  const last = log.slice(-STEADY_PACKETS).map(({ sequence }) => sequence);
  const first = last[0];
  if (first === undefined || last.length < STEADY_PACKETS || first <= after) {
    return `no ${STEADY_PACKETS} packets in a row have come`;
  }
  const odd = last.findIndex((sequence, i) => sequence !== first + i);
  return odd < 0 ? undefined : `packet ${last[odd]} came where ${first + odd} was due`;
}

/** Waits until a client gets each packet once, for a while after packet `after`. */
export async function waitForDelivery(
  client: string,
  receiver: Receiver,
  after: number,
): Promise<void> {
  await waitFor(async () => {
    const why = unsteadiness(receiver.received(), after);
    return why === undefined ? undefined : `${client}: ${why}`;
  });
}

/** The number of the last packet that a receiver has got; 0: none yet. */
export const lastSequence = (receiver: Receiver): number =>
  receiver.received().at(-1)?.sequence ?? 0;

/** What a receiver got of a flow's packets from `first` to `last`. */
export function deliveryBetween(
  receiver: Receiver,
  flow: number,
  { first, last }: SequenceRange,
): DeliveryReport {
  const log = receiver
    .received()
    .filter(({ sequence }) => sequence >= first && sequence <= last)
    .map((delivery) => ({ ...delivery, sequence: delivery.sequence - first + 1 }));
  return analyseDelivery({ flow, count: last - first + 1 }, log);
}
