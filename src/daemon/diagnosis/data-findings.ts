// What becomes of a tree's data where they arrive: seen as they come in, and counted by the kernel.
import type { Finding } from "../../api/diagnosis.ts";
import { type Address, formatAddress } from "../../base/address.ts";
import { formatTree } from "../../base/tree-text.ts";
import type { InterfaceIndex } from "../../base/units.ts";
import { configurationOf } from "../configuration.ts";
import type { ObservedFlow } from "../surroundings.ts";
import { finding, type Look } from "./look.ts";
import { multicastForwardingOff, reversePathFilter } from "./machine-settings.ts";
import { explainOn, rootOf, type SeenData, type TreeFacts, wereCounted } from "./tree-facts.ts";

const during = (millis: number): string =>
  millis === 1000 ? "in the last second" : `in the last ${millis / 1000} s`;

/** Packets that no router may send on: a router sends on what came with a greater TTL than 1. */
export function ttlTooLow(look: Look, flow: ObservedFlow, isFromSource: boolean): Finding {
  const name = look.engine.nameOf(flow.interface);
  return finding("ttl-too-low", look, flow.interface, {
    sentence: `Packets of ${formatTree(flow)} arrive on ${name} with TTL ${flow.maxTtl}: no router may send them on.`,
    mend: isFromSource
      ? `Have the source ${formatAddress(flow.source)} send with a greater TTL, such as 16 (IP_MULTICAST_TTL; it is 1 unless a program sets it).`
      : `Have the source ${formatAddress(flow.source)} send with a TTL greater than there are routers on the way.`,
  });
}

/** What the threshold of an output keeps back; null: nothing that gets so far. */
export function behindThreshold(
  look: Look,
  { tree }: TreeFacts,
  data: SeenData,
  output: InterfaceIndex,
): Finding | null {
  const flow = data.flows.find(({ interface: index }) => index === tree.root);
  const name = look.engine.nameOf(output);
  const { ttlThreshold } = configurationOf(look.engine.configuration, name);
  if (flow === undefined || flow.maxTtl > ttlThreshold || flow.maxTtl <= 1) return null;
  return finding("ttl-too-low", look, output, {
    sentence: `Packets of ${formatTree(flow)} arrive with TTL ${flow.maxTtl}, and leave by ${name} only with more than its threshold, ${ttlThreshold}.`,
    mend: `Have the source send with a greater TTL, or change "ttlThreshold" of ${name}.`,
  });
}

/** Settings of the kernel that keep packets of a source from being routed where they arrive. */
const filtersAt = (look: Look, index: InterfaceIndex, source: Address): readonly Finding[] =>
  [reversePathFilter(look, index, source), multicastForwardingOff(look, index)].filter(
    (reason) => reason !== null,
  );

/** Packets arrive on the root, and the kernel has routed none of them. */
function dropped(look: Look, facts: TreeFacts, root: InterfaceIndex): readonly Finding[] {
  const reasons = filtersAt(look, root, facts.tree.source);
  if (reasons.length > 0) return reasons;
  const name = look.engine.nameOf(root);
  return [
    finding("kernel-drops", look, root, {
      sentence: `Packets of ${formatTree(facts.tree)} arrive on ${name}, and the kernel drops them before it routes multicast.`,
      mend: 'Look for a packet filter ("nft list ruleset"), and for wrong checksums or lengths ("nstat -az IpInHdrErrors IpInDiscards").',
    }),
  ];
}

function noneOnRoot(
  look: Look,
  { tree }: TreeFacts,
  { flows, millis }: SeenData,
  root: InterfaceIndex,
): readonly Finding[] {
  const name = look.engine.nameOf(root);
  const elsewhere = flows.find((flow) => flow.interface !== root);
  const { verdict } = tree;
  if (elsewhere !== undefined && verdict.state !== "ACTIVE") {
    const other = look.engine.nameOf(elsewhere.interface);
    return [
      finding("arrives-elsewhere", look, elsewhere.interface, {
        sentence: `Packets of ${formatTree(tree)} arrive on ${other}, and the route to the source leaves by ${name}: only what arrives there is routed.`,
        mend: `Have the route to ${formatAddress(tree.source)} leave by ${other}, or the source send on ${name}.`,
      }),
    ];
  }
  if (tree.originator) {
    return [
      finding("source-silent", look, root, {
        sentence: `No packet of ${formatTree(tree)} has arrived on ${name} ${during(millis)}, the link of the source.`,
        mend: `At the source: is it running, does it send to this group, and by this link? "tcpdump -ni ${name} host ${formatAddress(tree.group)}" shows what arrives; a switch with IGMP snooping may keep it back.`,
      }),
    ];
  }
  if (verdict.state !== "ACTIVE" || verdict.offer === null || !tree.interested) return [];
  const upstream = verdict.offer.neighbor;
  return [
    finding("upstream-sends-nothing", look, root, {
      sentence: `${formatAddress(upstream)} offers the tree, and no packet of it has arrived on ${name} ${during(millis)}.`,
      mend: explainOn(upstream, tree),
    }),
  ];
}

/** What is wrong with data that arrive while nobody knows where they ought to. */
function withoutRoot(look: Look, { tree }: TreeFacts, data: SeenData): readonly Finding[] {
  return data.flows.flatMap((flow) => [
    ...(wereCounted(data, flow.interface) ? [] : filtersAt(look, flow.interface, tree.source)),
    ...(flow.maxTtl <= 1 ? [ttlTooLow(look, flow, false)] : []),
  ]);
}

/** What the data tell. */
export function dataFindings(look: Look, facts: TreeFacts, data: SeenData): readonly Finding[] {
  const { tree } = facts;
  const root = rootOf(tree)?.interface ?? null;
  if (root === null) return withoutRoot(look, facts, data);
  const flow = data.flows.find(({ interface: index }) => index === root);
  if (flow === undefined) return noneOnRoot(look, facts, data, root);
  return [
    ...(wereCounted(data, root) ? [] : dropped(look, facts, root)),
    ...(flow.maxTtl <= 1 ? [ttlTooLow(look, flow, tree.originator)] : []),
  ];
}
