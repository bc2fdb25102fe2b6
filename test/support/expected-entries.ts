// The kernel entries that a network of routers must come to (P3 to P5), from its topology alone.
import { type Address, ip } from "../../src/base/address.ts";

/** An interface of a router on a link, and what is the case there. */
export interface Attachment {
  readonly router: number;
  readonly link: number;
  cost: number;
  up: boolean;
  /** HPIM-DM is configured there. */
  runs: boolean;
  /** The last byte of its address. */
  host: number;
}

/** The address of an attachment. */
export const addressOf = ({ link, host }: Attachment): Address => ip(`10.0.${link}.${host}`);

/** The distance of what cannot be reached. */
export const FAR_OFF = Number.POSITIVE_INFINITY;

/** A kernel entry, by links. */
export interface ExpectedEntry {
  readonly incoming: number;
  readonly outgoing: readonly number[];
}

/** A network, as seen from the link of a source that sends. */
export interface Topology {
  /** The source's link. */
  readonly source: number;
  readonly attachments: readonly Attachment[];
  /** By router. */
  readonly distances: readonly number[];
  /** The link of each router's root interface. */
  readonly roots: readonly (number | undefined)[];
  /** Links with a listener. */
  readonly listeners: ReadonlySet<number>;
}

/** P4: whether a router that is ACTIVE wins its non-root link against all others. */
function wins(at: Attachment, { attachments, distances, roots }: Topology): boolean {
  const mine = distances[at.router] ?? FAR_OFF;
  return attachments.every((rival) => {
    if (rival.link !== at.link || rival.router === at.router || !rival.up) return true;
    const root = roots[rival.router];
    if (root === undefined || root === at.link) return true;
    const theirs = distances[rival.router] ?? FAR_OFF;
    return mine === theirs ? addressOf(at) > addressOf(rival) : mine < theirs;
  });
}

/** The entries, by router. */
export function expectedEntries(topology: Topology): ReadonlyMap<number, ExpectedEntry> {
  const { source, attachments, distances, roots, listeners } = topology;
  const entries = new Map<number, ExpectedEntry>();
  const asksFor = (link: number): boolean =>
    [...entries.values()].some((e) => e.incoming === link && e.outgoing.length > 0);
  // From the farthest router to the nearest: who is farther asks who is nearer.
  const order = [...distances.keys()].sort((a, b) => (distances[b] ?? 0) - (distances[a] ?? 0));
  for (const router of order) {
    const root = roots[router];
    if (root === undefined) continue;
    const outgoing = attachments
      .filter((at) => at.router === router && at.up && at.link !== root && at.link !== source)
      .filter((at) => wins(at, topology) && (listeners.has(at.link) || asksFor(at.link)))
      .map(({ link }) => link);
    entries.set(router, { incoming: root, outgoing: outgoing.sort() });
  }
  return entries;
}
