// P5: where the packets of a time of rest went, against what the oracle says.
import { formatAddress } from "../../src/base/address.ts";
import type { Rest, RestingTree } from "../../src/oracle/rest.ts";
import { inParts } from "./parts.ts";
import { packetKey } from "./traffic.ts";
import type { SentPacket, World } from "./world.ts";

function comparePacket(world: World, tree: RestingTree, { number }: SentPacket): readonly string[] {
  const key = packetKey(tree.source, tree.group, number);
  const copies = world.traffic.copies.get(key) ?? new Map<string, number>();
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
    const key = packetKey(source, group, number);
    for (const [link, count] of world.traffic.copies.get(key) ?? []) {
      const where = `${key}, sent at ${at / 1000} s, on ${link}`;
      if (count > most.count) most = { count, where };
    }
  }
  return most;
}
