// Why a tree does not go out by an interface, although it is here (§9.2 to §9.4).
import type { Finding } from "../../api/diagnosis.ts";
import { formatAddress } from "../../base/address.ts";
import { formatTree } from "../../base/tree-text.ts";
import type { InterfaceIndex } from "../../base/units.ts";
import { treeKey } from "../../core/tree-id.ts";
import type { AssertVerdict } from "../../core/verdicts.ts";
import type { TreeInterfaceView } from "../../core/view.ts";
import { configurationOf, type Protocol } from "../configuration.ts";
import { obstacleOf, type Port, refusalByNature } from "../port.ts";
import { problemOf } from "../problem.ts";
import { assertReason } from "../reasons.ts";
import { refusalSentence } from "../sentences.ts";
import { finding, type Look } from "./look.ts";
import type { TreeFacts } from "./tree-facts.ts";

/** Whether the neighbors there have said whether they want the tree; they are told of it, and asked, where it is ACTIVE. */
function haveSaid(look: Look, { tree, isKnown }: TreeFacts, index: InterfaceIndex): boolean {
  const { router } = look.engine;
  if (router.neighborCount(index) === 0) return true;
  return (
    isKnown &&
    router
      .neighborTrees(treeKey(tree), look.engine.now())
      .filter(({ interface: at }) => at === index)
      .every(({ upstream, interest }) => upstream !== null || interest !== "unknown")
  );
}

function nobodyWants(look: Look, facts: TreeFacts, index: InterfaceIndex): Finding {
  const { tree } = facts;
  const name = look.engine.nameOf(index);
  const { igmp } = configurationOf(look.engine.configuration, name);
  const group = formatAddress(tree.group);
  return finding("nobody-wants-it", look, index, {
    sentence: `Nobody on ${name} wants ${formatTree(tree)}: no host there has joined ${group}, and ${
      haveSaid(look, facts, index)
        ? "no neighbor is interested"
        : "neighbors say whether they are interested once the tree is here"
    }.`,
    mend:
      igmp === null
        ? `IGMP does not run on ${name}, so that no host is heard there: if there are hosts, "hpim-dm igmp add ${name}".`
        : `Has a host joined? "hpim-dm show groups --interface ${name}" shows who has. A host's packet filter or a switch with IGMP snooping may keep its reports back.`,
  });
}

function assertLoser(
  look: Look,
  { tree }: TreeFacts,
  { interface: index }: TreeInterfaceView,
  assert: AssertVerdict,
): Finding {
  const name = look.engine.nameOf(index);
  return finding("assert-loser", look, index, {
    sentence: `Another router forwards ${formatTree(tree)} onto ${name}, this one has lost the assert there: ${assertReason(assert, tree.rpc)}.`,
    mend: null,
  });
}

function rootInterface(look: Look, { tree }: TreeFacts, index: InterfaceIndex): Finding {
  return finding("root-interface", look, index, {
    sentence: `${look.engine.nameOf(index)} is the root interface of ${formatTree(tree)}: its data come from there, and do not go back.`,
    mend: null,
  });
}

/** Of an interface to which no data go: whether we would be the one to send them, and whether anybody there would want them. */
function interestAndAssert(
  look: Look,
  facts: TreeFacts,
  side: TreeInterfaceView,
  isAsked: boolean,
): readonly Finding[] {
  if (side.nonRoot === null) return [];
  const { assert, downstream } = side.nonRoot;
  // Neighbors tell the winner what they want.
  const isKnown = haveSaid(look, facts, side.interface) || (isAsked && assert.winner);
  return [
    ...(assert.winner ? [] : [assertLoser(look, facts, side, assert)]),
    ...(downstream.interested || !isKnown ? [] : [nobodyWants(look, facts, side.interface)]),
  ];
}

/** What else keeps the tree from an interface. */
function obstacle(
  look: Look,
  facts: TreeFacts,
  index: InterfaceIndex,
  why: "not allowed here" | "source is on this link" | "data arrive here",
): Finding {
  const name = look.engine.nameOf(index);
  switch (why) {
    case "not allowed here":
      return finding("not-allowed-here", look, index, {
        sentence: `The lists of ${name} do not allow ${formatTree(facts.tree)}.`,
        mend: `If it ought to be routed there, change "allow" and "deny" of ${name} in the configuration file, then "hpim-dm config load FILE".`,
      });
    case "source is on this link":
      return finding("source-on-link", look, index, {
        sentence: `The source ${formatAddress(facts.tree.source)} is on the link of ${name}: who is there hears it without a router.`,
        mend: null,
      });
    case "data arrive here":
      return finding("data-arrive-here", look, index, {
        sentence: `Packets of ${formatTree(facts.tree)} arrive on ${name}, from another router or round a loop, so that this one does not send them there.`,
        mend: `If nobody else ought to forward there: "tcpdump -eni ${name} host ${formatAddress(facts.tree.group)}" shows who does.`,
      });
  }
}

/**
 * Why the tree does not go out by an enabled interface; nothing if it does, or if only the data are missing. `isAsked`: it is
 * asked for by its name.
 */
function ofSide(
  look: Look,
  facts: TreeFacts,
  side: TreeInterfaceView,
  isAsked: boolean,
): readonly Finding[] {
  const { interface: index, nonRoot } = side;
  if (nonRoot === null) return [rootInterface(look, facts, index)];
  const { assert, forwarding } = nonRoot;
  switch (forwarding.why) {
    case "assert winner":
    case "holding":
      return [];
    case "not allowed here":
    case "source is on this link":
      return [obstacle(look, facts, index, forwarding.why)];
    case "data arrive here":
      // They are the winner's.
      if (!assert.winner) return [assertLoser(look, facts, side, assert)];
      return [obstacle(look, facts, index, forwarding.why)];
    case "not interested":
    case "assert loser":
    case "tree has no kernel entry":
    case "no upstream neighbor on the root":
      return interestAndAssert(look, facts, side, isAsked);
  }
}

/** What lets a protocol that is configured run on an interface. */
function mendOf(port: Readonly<Port>, protocol: Protocol): string | null {
  const { link } = port;
  switch (obstacleOf(port, protocol)?.kind) {
    case "down":
      return `ip link set ${link.name} up, or look at its cable.`;
    case "noAddress":
      return `ip address add ADDRESS/LENGTH dev ${link.name}`;
    default:
      return null;
  }
}

/** An interface that takes no part in trees. */
export function notUsed(look: Look, port: Readonly<Port>): Finding {
  const { name } = port.link;
  const { hpim, igmp } = configurationOf(look.engine.configuration, name);
  const refusal = refusalByNature(port.link);
  if (hpim === null && igmp === null && refusal === null) {
    return finding("interface-not-used", look, port.index, {
      sentence: `Neither HPIM-DM nor IGMP is switched on on ${name}.`,
      mend: `"hpim-dm interface add ${name}" towards routers, "hpim-dm igmp add ${name}" towards hosts.`,
    });
  }
  const protocol = hpim === null ? "igmp" : "hpim";
  const problem = refusal === null ? problemOf(port, protocol) : refusalSentence(refusal, name);
  return finding("interface-does-not-run", look, port.index, {
    sentence: problem ?? `Nothing runs on ${name} yet.`,
    mend: refusal === null ? mendOf(port, protocol) : null,
  });
}

/** Why the tree does not go out: by the interface that is asked for, or, if it goes out nowhere, by each of them. */
export function outputFindings(
  look: Look,
  facts: TreeFacts,
  only: InterfaceIndex | null,
): readonly Finding[] {
  const { interfaces } = facts.tree;
  if (only !== null) {
    const side = interfaces.find((at) => at.interface === only);
    const port = look.engine.port(only);
    if (side === undefined) return port === undefined ? [] : [notUsed(look, port)];
    return ofSide(look, facts, side, true);
  }
  if (interfaces.some(({ nonRoot }) => nonRoot?.forwarding.forwarding)) return [];
  return interfaces
    .filter(({ role }) => role !== "root")
    .flatMap((side) => ofSide(look, facts, side, false));
}
