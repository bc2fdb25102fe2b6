// Why a tree is as it is on this router: the reasons that the core computes, what the neighbors said, and what is seen of
// the tree's data.
import type { ExplainedInterface, ExplanationAnswer, Finding } from "../../api/diagnosis.ts";
import { routeProtocolName } from "../../api/route-protocols.ts";
import { formatAddress } from "../../base/address.ts";
import { formatTree } from "../../base/tree-text.ts";
import type { InterfaceIndex } from "../../base/units.ts";
import type { TreeId } from "../../core/messages.ts";
import { treeKey } from "../../core/tree-id.ts";
import type { TreeInterfaceView } from "../../core/view.ts";
import type { EngineReading } from "../engine-view.ts";
import type { InstalledEntry } from "../host.ts";
import { secondsFrom } from "../lists/list.ts";
import { mrouteRow } from "../lists/mroute.ts";
import { neighborStateRow } from "../lists/neighbor-state.ts";
import { assertReason, downstreamReason, forwardingReason, treeReason } from "../reasons.ts";
import type { Surroundings } from "../surroundings.ts";
import { changeOf } from "./changes.ts";
import { behindThreshold, dataFindings } from "./data-findings.ts";
import { finding, type Look } from "./look.ts";
import { neighborFindings } from "./neighbor-findings.ts";
import { outputFindings } from "./output-findings.ts";
import { rootFindings } from "./root-findings.ts";
import { packetsOn, type SeenData, type TreeFacts, treeFacts } from "./tree-facts.ts";

/** For so long it is looked for data of the tree. */
const LOOK_FOR_DATA_MS = 1000;
/** No packet has a greater TTL. */
const ANY_TTL = 255;

/** What is asked. */
export interface Question {
  readonly tree: TreeId;
  /** null: about all of them. */
  readonly interface: InterfaceIndex | null;
}

function stateOf({ role, nonRoot }: TreeInterfaceView): ExplainedInterface["state"] {
  if (role === "root") return "root";
  if (nonRoot?.forwarding.why === "holding") return "holding";
  return nonRoot?.forwarding.forwarding ? "forwarding" : "pruned";
}

/** Data come from a root. */
function rootReason({ bun }: TreeInterfaceView, { tree }: TreeFacts): string {
  if (tree.originator) return "the source is on this link";
  if (bun === null) return "the route to the source leaves here, and no neighbor offers the tree";
  return `the route to the source leaves here, and ${formatAddress(bun.neighbor)} offers the tree`;
}

function explainSide(
  side: TreeInterfaceView,
  facts: TreeFacts,
  engine: EngineReading,
): ExplainedInterface {
  const { tree } = facts;
  const now = engine.now();
  const { nonRoot, times } = side;
  const common = {
    interface: engine.nameOf(side.interface),
    state: stateOf(side),
    change: changeOf(side, tree),
  };
  if (nonRoot === null) {
    const reason = rootReason(side, facts);
    return {
      ...common,
      seconds: secondsFrom(times.role, now),
      reason,
      assert: null,
      downstream: null,
    };
  }
  const { assert, downstream, forwarding } = nonRoot;
  const why = { assert: assertReason(assert, tree.rpc), downstream: downstreamReason(downstream) };
  return {
    ...common,
    seconds: secondsFrom(times.forwarding, now),
    reason: forwardingReason(forwarding, why, now),
    assert: {
      winner: assert.winner,
      seconds: secondsFrom(times.assert, now),
      reason: why.assert,
    },
    downstream: {
      interested: downstream.interested,
      seconds: secondsFrom(times.downstream, now),
      reason: why.downstream,
    },
  };
}

/** Neighbors on interfaces by which the tree does not go out, and where it comes from, or might. */
function neighborCauses(
  look: Look,
  { tree }: TreeFacts,
  only: InterfaceIndex | null,
): readonly Finding[] {
  const isAsked = (index: InterfaceIndex): boolean => only === null || index === only;
  const forwards = new Set(
    tree.interfaces
      .filter(({ nonRoot }) => nonRoot?.forwarding.forwarding)
      .map(({ interface: index }) => index),
  );
  return look.engine.router
    .interfaces()
    .filter(({ index }) => !forwards.has(index))
    .filter(({ index }) => tree.root === null || isAsked(index) || index === tree.root)
    .flatMap((view) => neighborFindings(look, view));
}

function entryDiffers(
  look: Look,
  { tree }: TreeFacts,
  difference: string | null,
): readonly Finding[] {
  if (difference === null) return [];
  return [
    finding("entry-differs", look, null, {
      sentence: `The kernel's entry of ${formatTree(tree)} is not what this daemon has given it: ${difference}.`,
      mend: 'Something else writes to the multicast table; "hpim-dm restart" writes all entries anew.',
    }),
  ];
}

const NOTHING_COUNTED = { packets: 0, wrongInterface: 0 };

/** What was counted between two readings of an entry; it may have been made anew in between. */
function countedBetween(
  before: InstalledEntry | null,
  after: InstalledEntry | null,
): SeenData["counted"] {
  const is = after ?? NOTHING_COUNTED;
  const was = before !== null && before.packets <= is.packets ? before : NOTHING_COUNTED;
  const wrong = is.wrongInterface - was.wrongInterface;
  return { right: is.packets - was.packets - wrong, wrong };
}

async function lookForData(
  look: Look,
  { source, group }: TreeId,
  observe: Surroundings["observe"],
): Promise<SeenData> {
  const { engine } = look;
  const towardsSource = engine.router.way(source)?.hop.interface;
  const interfaces = engine
    .ports()
    .filter(({ index, vif }) => vif !== null || index === towardsSource);
  const before = engine.readEntry(source, group);
  const flows = await observe(
    { interfaces: interfaces.map(({ index }) => index), tree: { source, group }, maxTtl: ANY_TTL },
    LOOK_FOR_DATA_MS,
  );
  const entry = engine.readEntry(source, group);
  return { millis: LOOK_FOR_DATA_MS, flows, counted: countedBetween(before, entry), entry };
}

/** Where the tree goes out, of what was asked for, and what TTL thresholds keep back there. */
interface Outputs {
  readonly open: readonly InterfaceIndex[];
  readonly thresholds: readonly Finding[];
}

function outputsOf(
  look: Look,
  facts: TreeFacts,
  data: SeenData,
  only: InterfaceIndex | null,
): Outputs {
  const open: InterfaceIndex[] = [];
  const thresholds: Finding[] = [];
  for (const { interface: index, nonRoot } of facts.tree.interfaces) {
    if (!nonRoot?.forwarding.forwarding || (only !== null && index !== only)) continue;
    const kept = behindThreshold(look, facts, data, index);
    if (kept === null) open.push(index);
    else thresholds.push(kept);
  }
  return { open, thresholds };
}

/** `outputs`: where its data go out; none if something keeps them from being routed at all. */
function conclusion(
  { engine }: Look,
  { tree }: TreeFacts,
  only: InterfaceIndex | null,
  outputs: readonly InterfaceIndex[],
): Pick<ExplanationAnswer, "forwarding" | "conclusion"> {
  const nameOf: EngineReading["nameOf"] = (index) => engine.nameOf(index);
  const forwarding = outputs.length > 0;
  const from = tree.root === null ? "" : ` from ${nameOf(tree.root)}`;
  const asked = only === null ? "" : ` to ${nameOf(only)}`;
  const sentence = forwarding
    ? `is forwarded${from} to ${outputs.map(nameOf).join(", ")}`
    : `is not forwarded${asked}`;
  return { forwarding, conclusion: `${formatTree(tree)} ${sentence}.` };
}

function routeOf({ engine }: Look, { tree, way }: TreeFacts): ExplanationAnswer["route"] {
  if (way === undefined || tree.rpc === null) return null;
  const { route, hop } = way;
  return {
    interface: engine.nameOf(hop.interface),
    gateway: hop.gateway === null ? null : formatAddress(hop.gateway),
    rpc: tree.rpc,
    protocol: routeProtocolName(route.protocol),
  };
}

function treeOf({ engine }: Look, { tree, isKnown }: TreeFacts): ExplanationAnswer["tree"] {
  const { verdict, since, rpc, originator, interested } = tree;
  return {
    known: isKnown,
    state: verdict.state,
    seconds: secondsFrom(since, engine.now()),
    reason: treeReason(verdict, rpc, (index) => engine.nameOf(index)),
    ...{ originator, interested },
  };
}

/** Explains a tree, after having looked for its data for a second. Rejects with HostError. */
export async function explain(
  look: Look,
  { tree: id, interface: only }: Question,
  observe: Surroundings["observe"],
): Promise<ExplanationAnswer> {
  const { engine } = look;
  const data = await lookForData(look, id, observe);
  const facts = treeFacts(look, id);
  const { tree } = facts;
  const entry = mrouteRow(engine, id);
  const ofData = dataFindings(look, facts, data);
  const outputs = outputsOf(look, facts, data, only);
  const isRouted = ofData.length === 0 && packetsOn(data.flows, tree.root) > 0;
  const causes = [
    ...rootFindings(look, facts),
    ...ofData,
    ...outputs.thresholds,
    ...neighborCauses(look, facts, only),
    ...entryDiffers(look, facts, entry.difference),
    ...outputFindings(look, facts, only),
  ];
  const isAsked = (index: InterfaceIndex): boolean => only === null || index === only;
  const nameOf: EngineReading["nameOf"] = (index) => engine.nameOf(index);
  return {
    version: 1,
    source: formatAddress(id.source),
    group: formatAddress(id.group),
    ...conclusion(look, facts, only, isRouted ? outputs.open : []),
    causes,
    route: routeOf(look, facts),
    tree: treeOf(look, facts),
    interfaces: tree.interfaces
      .filter((side) => isAsked(side.interface))
      .map((side) => explainSide(side, facts, engine)),
    neighbors: engine.router
      .neighborTrees(treeKey(id), engine.now())
      .map((view) => neighborStateRow(view, nameOf)),
    data: {
      seconds: data.millis / 1000,
      flows: data.flows.map(({ interface: index, packets, minTtl, maxTtl }) => ({
        interface: nameOf(index),
        ...{ packets, minTtl, maxTtl },
      })),
    },
    entry,
  };
}
