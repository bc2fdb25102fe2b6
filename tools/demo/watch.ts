// What the demonstration sees of its lab: the routers' own lists, and the receivers' logs.
import type { NeighborsAnswer } from "../../src/api/lists/neighbors.ts";
import { neighborsSchema } from "../../src/api/lists/neighbors.ts";
import type { TreeInterface, TreeRow, TreesAnswer } from "../../src/api/lists/trees.ts";
import { treesSchema } from "../../src/api/lists/trees.ts";
import { queryDaemon } from "../../src/lab/daemon-process.ts";
import type { Delivery } from "../../src/lab/delivery-log.ts";
import type { Lab } from "../../src/lab/lab.ts";
import type { Receiver } from "../../src/lab/traffic.ts";

/** The group that the story is about. */
export const GROUP = "224.12.12.12";

/** A delivery is steady when this many packets in a row have come once each, in order. */
const STEADY_PACKETS = 300;
const LOOK_EVERY_MILLIS = 10;

/** Thrown when what a step waits for does not come. */
export class NotHeld extends Error {}

/** The neighbors of a router. */
export async function neighborsOf(lab: Lab, router: string): Promise<NeighborsAnswer["neighbors"]> {
  return neighborsSchema.parse(await queryDaemon(lab, router, "neighbors")).neighbors;
}

/** The story's tree as a router sees it. */
export async function treeOf(lab: Lab, router: string): Promise<TreeRow | undefined> {
  const answer: TreesAnswer = treesSchema.parse(await queryDaemon(lab, router, "trees"));
  return answer.trees.find(({ group }) => group === GROUP);
}

/** The tree on one interface of a router: "R4.eth1". */
export async function sideOf(lab: Lab, place: string): Promise<TreeInterface | undefined> {
  const [router = "", device = ""] = place.split(".");
  return (await treeOf(lab, router))?.interfaces.find(({ interface: name }) => name === device);
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
