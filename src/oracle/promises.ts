// P3-P5 (§17), read off a resting tree. Where its premises hold, a promise that it breaks is a gap of the protocol.
import { formatTree } from "../base/tree-text.ts";
import type { ListenerDescription, NetworkDescription } from "./network.ts";
import { doAllHold } from "./premises.ts";
import type { RestingInterface, RestingRouter, RestingTree } from "./rest.ts";

interface Place {
  readonly router: RestingRouter;
  readonly port: RestingInterface;
}

const placesOf = (tree: RestingTree, link: string): readonly Place[] =>
  tree.routers.flatMap((router) =>
    router.interfaces.filter((port) => port.link === link).map((port) => ({ router, port })),
  );

const isCandidate = ({ router, port }: Place): boolean => router.state === "ACTIVE" && !port.isRoot;

const isAsking = ({ router, port }: Place): boolean =>
  port.isRoot && !router.isOriginator && router.interested === "yes";

function brokenOnLink(
  tree: RestingTree,
  link: string,
  listeners: readonly ListenerDescription[],
): readonly string[] {
  const places = placesOf(tree, link);
  const candidates = places.filter(isCandidate);
  const winners = candidates.filter(({ port }) => port.isWinner === true);
  const isWanted = listeners.length > 0 || places.some(isAsking);
  const copies = tree.links.get(link) ?? { least: 0, most: 0 };
  const broken: string[] = [];
  if (isWanted && candidates.length > 0 && winners.length !== 1) {
    broken.push(`P4: ${winners.length} assert winners on ${link}`);
  }
  const due = isWanted && candidates.length > 0 ? 1 : 0;
  if (copies.least !== due || copies.most !== due) {
    broken.push(`P5: ${copies.least} to ${copies.most} copies on ${link}, not ${due}`);
  }
  return broken;
}

/** What of P3-P5 the tree breaks although all premises hold, in words. */
export function brokenPromises(network: NetworkDescription, tree: RestingTree): readonly string[] {
  const source = network.sources.find(({ address }) => address === tree.source);
  if (source === undefined || !doAllHold(tree.premises)) return [];
  const isSent = source.groups.includes(tree.group);
  const due = isSent ? "ACTIVE" : "INACTIVE";
  const broken = tree.routers
    .filter(({ root, state }) => root !== null && state !== due)
    .map(({ name, state }) => `P3: ${name} is ${state}, not ${due}`);
  const links = new Set(tree.routers.flatMap(({ interfaces }) => interfaces.map((p) => p.link)));
  for (const link of isSent ? links : []) {
    if (link === source.link) continue;
    const listeners = network.listeners.filter((l) => l.link === link && l.group === tree.group);
    broken.push(...brokenOnLink(tree, link, listeners));
  }
  if (isSent && tree.links.get(source.link)?.most !== 1) broken.push("P5: S's link carries copies");
  return broken.map((what) => `${formatTree(tree)} ${what}`);
}
