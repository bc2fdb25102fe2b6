// P5: where the packets of a time of rest went, against what the oracle says.
import type { Address } from "../../src/base/address.ts";
import { formatAddress } from "../../src/base/address.ts";
import type { Rest, RestingTree } from "../../src/oracle/rest.ts";
import { endsOn } from "./generate.ts";
import { inParts } from "./parts.ts";
import type { Story } from "./story.ts";
import { packetKey } from "./traffic.ts";
import type { SentPacket, World } from "./world.ts";

function comparePacket(world: World, tree: RestingTree, { number }: SentPacket): readonly string[] {
  const key = packetKey(tree.source, tree.group, number);
  const copies = world.traffic.copiesOf(tree.source, tree.group, number);
  const lines: string[] = [];
  const check = (where: string, count: number, link: string): void => {
    const { least, most } = tree.links.get(link) ?? { least: 0, most: 0 };
    if (count >= least && count <= most) return;
    lines.push(`P5: ${count} copies of ${key} ${where}, should be ${least} to ${most}`);
  };
  const { links, hosts } = inParts(world.scene.topology, world.scene.parts);
  for (const link of links.keys()) {
    check(`on ${link}`, copies.get(link) ?? 0, link);
  }
  for (const { host, group } of world.scene.members) {
    if (group !== tree.group) continue;
    const { link } = hosts.get(host) ?? { link: "" };
    const got = world.network
      .host(host)
      .arrivals.filter((a) => a.source === tree.source && a.group === group && a.number === number);
    check(`at ${host}`, got.length, link);
  }
  return lines;
}

/** The differences of `packets`, which were sent at rest and have had time to arrive. */
export function compareDeliveries(
  world: World,
  rest: Rest,
  packets: readonly SentPacket[],
): readonly string[] {
  const { hosts } = world.scene.topology;
  return packets.flatMap((packet) => {
    const source = hosts.get(packet.host)?.address;
    const tree = rest.trees.find((t) => t.source === source && t.group === packet.group);
    if (tree !== undefined) return comparePacket(world, tree, packet);
    return [`no tree of ${packet.host} to ${formatAddress(packet.group)}`];
  });
}

/** The most copies of one packet on one link, and which they were. */
export interface MostCopies {
  readonly count: number;
  readonly where: string;
}

/** P9: the most copies there were, of all packets or of those that were sent in fair weather. */
export function mostCopies(world: World, onlyFair: boolean): MostCopies {
  const { hosts } = world.scene.topology;
  let most = { count: 0, where: "nowhere" };
  for (const { host, group, number, isFair, at } of world.sent) {
    const source = hosts.get(host)?.address;
    if (source === undefined || (onlyFair && !isFair)) continue;
    for (const [link, count] of world.traffic.copiesOf(source, group, number)) {
      if (count <= most.count) continue;
      const key = packetKey(source, group, number);
      const where = `${key}, sent at ${at / 1000} s, on ${link}`;
      most = { count, where };
    }
  }
  return most;
}

/** Hosts that have ever wanted a group, by host and group. */
function everWanted({ scene, events }: Story): ReadonlySet<string> {
  const joined = events.flatMap(({ what }) =>
    what.kind === "member" && what.on ? [what.wish] : [],
  );
  return new Set([...scene.members, ...joined].map(({ host, group }) => `${host} ${group}`));
}

/** Links with one router, and groups that no host there has ever wanted: nothing is ever sent there. */
function desertsOf(story: Story): (link: string, group: Address) => boolean {
  const { topology } = story.scene;
  const wanted = everWanted(story);
  const hosts = [...topology.hosts.values()];
  const lonely = [...topology.links.keys()].filter((link) => endsOn(topology, link).length === 1);
  return (link, group) =>
    lonely.includes(link) &&
    !hosts.some((host) => host.link === link && wanted.has(`${host.name} ${group}`));
}

/**
 * Every packet that was ever sent, while the network converged too: S's link carries one copy of it; each other copy was
 * sent on by a router, not back where it came from; none is where nobody can want it, or at a host that never did.
 */
export function unaccounted(world: World, story: Story): readonly string[] {
  const { hosts } = story.scene.topology;
  const isDesert = desertsOf(story);
  const lines = [...world.traffic.faults];
  for (const { host, group, number } of world.sent) {
    const source = hosts.get(host);
    if (source === undefined) continue;
    const copies = world.traffic.copiesOf(source.address, group, number);
    const key = packetKey(source.address, group, number);
    const onOwn = (copies.get(source.link) ?? 0) + (copies.get(`${source.link}'`) ?? 0);
    if (onOwn !== 1) lines.push(`P5: ${onOwn} copies of ${key} on its source's link`);
    const all = [...copies.values()].reduce((sum, count) => sum + count, 0);
    const most = 1 + world.traffic.forwardedOf(source.address, group, number);
    if (all > most) lines.push(`P5: ${all} copies of ${key}, of which ${most} are explained`);
    for (const link of copies.keys()) {
      if (link !== source.link && isDesert(link, group)) {
        lines.push(`P5: ${key} on ${link}, where nobody ever wanted it`);
      }
    }
  }
  return lines;
}
