// Why a tree does not come to this router: the way to its source, and who is on it (§1, §9.1).
import type { Finding } from "../../api/diagnosis.ts";
import { routeProtocolName } from "../../api/route-protocols.ts";
import { type Address, formatAddress, isRoutableGroup } from "../../base/address.ts";
import { known } from "../../base/invariant.ts";
import { formatRpc, formatTree } from "../../base/tree-text.ts";
import type { InterfaceIndex } from "../../base/units.ts";
import type { Rpc } from "../../core/messages.ts";
import { isExcluded } from "../../core/tree-id.ts";
import type { Offer } from "../../core/verdicts.ts";
import type { NeighborView, TreeInterfaceView } from "../../core/view.ts";
import { finding, type Look } from "./look.ts";
import { isUnheard } from "./neighbor-findings.ts";
import { explainOn, rootOf, type TreeFacts } from "./tree-facts.ts";

function noRoute(look: Look, { tree }: TreeFacts): Finding {
  const source = formatAddress(tree.source);
  const { routingTable } = look.engine.configuration;
  return finding("no-route", look, null, {
    sentence: `There is no route to the source ${source} that can be used.`,
    mend: `"ip route show table ${routingTable} match ${source}" shows what there is: have the routing protocol bring a route, or add one, and see that its interface is up.`,
  });
}

function routeWithoutHpim(look: Look, { tree, way }: TreeFacts): Finding {
  const { hop } = known(way, "the route of a tree that has a cost");
  const name = look.engine.nameOf(hop.interface);
  const via = hop.gateway === null ? "" : ` by the router ${formatAddress(hop.gateway)}`;
  return finding("route-without-hpim", look, hop.interface, {
    sentence: `The route to the source ${formatAddress(tree.source)} leaves by ${name}${via}, and HPIM-DM does not run there.`,
    mend: `"hpim-dm interface add ${name}", or a route by an interface with HPIM-DM.`,
  });
}

function rootNotAllowed(look: Look, { tree, way }: TreeFacts): Finding {
  const { hop } = known(way, "the route of a tree that is denied");
  const name = look.engine.nameOf(hop.interface);
  return finding("root-not-allowed", look, hop.interface, {
    sentence: `The lists of ${name}, by which the route to the source leaves, do not allow ${formatTree(tree)}.`,
    mend: `If it ought to be routed, change "allow" and "deny" of ${name} in the configuration file, then "hpim-dm config load FILE".`,
  });
}

const ADJUST =
  'A routing daemon may give the kernel one constant metric for all routes: have it export its own, or set the metrics of static routes ("ip route ... metric N") so that they grow with the distance.';

/** An upstream neighbor on the root that is not nearer than we are (§9.1). */
function notNearer(look: Look, root: TreeInterfaceView, offer: Offer, ours: Rpc): Finding {
  const { neighbor, rpc } = offer;
  const address = formatAddress(neighbor);
  const both = `${address} offers the tree with cost ${formatRpc(rpc)}, and ours is ${formatRpc(ours)}`;
  if (rpc.preference !== ours.preference) {
    const [theirs, own] = [rpc.preference, ours.preference].map(routeProtocolName);
    return finding("costs-do-not-compare", look, root.interface, {
      sentence: `${both}: their routes come from different protocols (${theirs} and ${own}), whose metrics do not compare, so no router is sure who is nearer.`,
      mend: 'Have all routers learn the route by the same protocol, or give the protocols the same preference on all routers ("preferences" in the configuration file).',
    });
  }
  if (rpc.metric === ours.metric) {
    return finding("equal-costs", look, root.interface, {
      sentence: `${both}: the same, so no router is sure who is nearer to the source.`,
      mend: ADJUST,
    });
  }
  return finding("upstream-is-farther", look, root.interface, {
    sentence: `${both}: it is not nearer to the source, although our route leads there.`,
    mend: ADJUST,
  });
}

const isSyncedWith = (neighbors: readonly NeighborView[], router: Address): boolean =>
  neighbors.some(({ address, state }) => address === router && state === "SYNCED");

/** The route leads to the link itself, and nobody there offers the tree. */
function routersOnLink(
  look: Look,
  facts: TreeFacts,
  root: TreeInterfaceView,
  neighbors: readonly NeighborView[],
): readonly Finding[] {
  if (neighbors.length > 0) {
    return neighbors.map(({ address }) => withoutTree(look, facts, root, address));
  }
  const name = look.engine.nameOf(root.interface);
  return [
    finding("next-router-silent", look, root.interface, {
      sentence: `The route to the source ${formatAddress(facts.tree.source)} leaves by ${name}, and no router with HPIM-DM is heard there.`,
      mend: `Start HPIM-DM on the next router on ${name}.`,
    }),
  ];
}

/** Nobody on the root offers the tree: what of the next router? */
function nextRouter(look: Look, facts: TreeFacts, root: TreeInterfaceView): readonly Finding[] {
  const router = facts.way?.hop.gateway ?? null;
  const view = look.engine.router.interfaces().find(({ index }) => index === root.interface);
  const neighbors = view?.running?.neighbors ?? [];
  if (router === null) return routersOnLink(look, facts, root, neighbors);
  if (isSyncedWith(neighbors, router)) return [withoutTree(look, facts, root, router)];
  if (view === undefined || !isUnheard(look, view, router)) return [];
  return [nextRouterSilent(look, root.interface, router)];
}

/** A router that routes lead to, and that is not heard. */
export function nextRouterSilent(look: Look, index: InterfaceIndex, router: Address): Finding {
  const [name, address] = [look.engine.nameOf(index), formatAddress(router)];
  return finding("next-router-silent", look, index, {
    sentence: `Routes lead to ${address} on ${name}, which is not heard: HPIM-DM does not run there, or its messages do not get here.`,
    mend: `On ${address}: "hpim-dm start", "hpim-dm interface add INTERFACE"; if it runs there, "tcpdump -ni ${name} ip proto 103" here shows what arrives.`,
  });
}

const withoutTree = (
  look: Look,
  { tree }: TreeFacts,
  root: TreeInterfaceView,
  router: Address,
): Finding =>
  finding("next-router-without-tree", look, root.interface, {
    sentence: `The next router to the source, ${formatAddress(router)}, does not offer ${formatTree(tree)}: it has no data of it, or no way to the source itself.`,
    mend: explainOn(router, tree),
  });

/** Why the tree does not come here; none if it does, or if its source is on a link of ours. */
export function rootFindings(look: Look, facts: TreeFacts): readonly Finding[] {
  const { tree } = facts;
  if (isExcluded(tree)) {
    return [
      finding("excluded-tree", look, null, {
        sentence: `${formatTree(tree)} is never routed: groups of 224.0.0.0/24 stay on their link, and a source has a unicast address that is not of a link alone.`,
        mend: isRoutableGroup(tree.group)
          ? "Have the source send with an address of its own, of a network."
          : "Use another group, such as one of 239.0.0.0/8.",
      }),
    ];
  }
  if (tree.rpc === null) return [noRoute(look, facts)];
  const root = rootOf(tree);
  if (root === undefined) {
    const isDenied = tree.verdict.why === "not allowed on the root";
    return [isDenied ? rootNotAllowed(look, facts) : routeWithoutHpim(look, facts)];
  }
  if (tree.originator || tree.verdict.state === "ACTIVE") return [];
  if (root.bun !== null) return [notNearer(look, root, root.bun, tree.rpc)];
  return nextRouter(look, facts, root);
}
