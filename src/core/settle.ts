// The order of §9: from the inputs of a tree to all its derived values, in one pure function.
import { known } from "../base/invariant.ts";
import type { InterfaceIndex, Millis } from "../base/units.ts";
import { afterOrNull, millis } from "../base/units.ts";
import { advertisedOn, toldOn } from "./announce.ts";
import { assertVerdict } from "./assert.ts";
import { bestUpstreamNeighbor } from "./bun.ts";
import { stepCut } from "./cut.ts";
import { downstreamVerdict, hasUndetermined, unknownCountsUntil } from "./downstream-interest.ts";
import { forwardingVerdict } from "./forwarding.ts";
import { stepHold } from "./hold.ts";
import { stepForgetInterest } from "./neighbor-tree.ts";
import type { Rpf } from "./rpf.ts";
import type { RouterSettings } from "./settings.ts";
import type { InterfaceMemory, Settled, SettledInterface, TreeInterface } from "./settled.ts";
import { interfaceMemory } from "./settled.ts";
import type { BestUpstreamNeighbors } from "./tree.ts";
import { stepSourceActive, treeVerdict } from "./tree.ts";
import type {
  AssertVerdict,
  DownstreamVerdict,
  ForwardingVerdict,
  Offer,
  TreeVerdict,
} from "./verdicts.ts";

/** All that the derived values of a tree depend on. */
export interface TreeInputs {
  readonly now: Millis;
  readonly before: Settled;
  readonly rpf: Rpf;
  /** Since when SourceActiveTimer counts; null: it does not run. */
  readonly sourceActiveSince: Millis | null;
  /** The enabled ones, ascending. */
  readonly interfaces: readonly TreeInterface[];
  readonly settings: RouterSettings;
}

/** The verdicts of a non-root interface. */
export interface NonRootVerdicts {
  readonly assert: AssertVerdict;
  readonly downstream: DownstreamVerdict;
  readonly forwarding: ForwardingVerdict;
}

/** A tree, settled. */
export interface Settlement {
  readonly after: Settled;
  readonly verdict: TreeVerdict;
  /** By non-root interface. */
  readonly nonRoot: ReadonlyMap<InterfaceIndex, NonRootVerdicts>;
  /** What is remembered from now on, by interface. */
  readonly memory: ReadonlyMap<InterfaceIndex, InterfaceMemory>;
  /** Interfaces whose neighbors' interest is forgotten (§11). */
  readonly forget: readonly InterfaceIndex[];
  /** As in the inputs, after §9.1. */
  readonly sourceActiveSince: Millis | null;
  /** When time alone may change the outcome; null: never. */
  readonly wakeAt: Millis | null;
}

/** §11: the interface, the interest of its neighbors being unknown since `now`. */
const withoutInterest = (at: TreeInterface, now: Millis): TreeInterface => ({
  index: at.index,
  address: at.address,
  allowed: at.allowed,
  neighbors: at.neighbors.map((neighbor) => ({
    address: neighbor.address,
    known: stepForgetInterest(neighbor.known),
  })),
  listener: at.listener,
  syncedAt: at.syncedAt,
  ackFailureTime: at.ackFailureTime,
  holdForwardingTime: at.holdForwardingTime,
  memory: interfaceMemory(now, at.memory.holdSince, at.memory.arrival),
});

/** §11: as the interface is once what is to be forgotten has been forgotten. */
function forgetInterest(
  at: TreeInterface,
  inputs: TreeInputs,
  state: Settled["state"],
): {
  readonly at: TreeInterface;
  readonly forgets: boolean;
} {
  const was = inputs.before.interfaces.get(at.index)?.advertised ?? null;
  const is = advertisedOn(at, state, inputs.rpf);
  const forgets = was !== null && is === null;
  const forms = inputs.before.state === "INACTIVE" && state !== "INACTIVE";
  if ((was === null) === (is === null) && !forms) return { at, forgets };
  return { at: withoutInterest(at, inputs.now), forgets };
}

/** §2.4: whatever else holds, a tree is not for an interface on which it is not allowed. */
const notAllowed = (assert: AssertVerdict): NonRootVerdicts => ({
  assert,
  downstream: { interested: false, why: "not allowed here" },
  forwarding: { forwarding: false, why: "not allowed here" },
});

/** A tree once its state is known, and who forwards onto its links. */
interface ElectedTree {
  readonly state: Settled["state"];
  readonly hasEntry: boolean;
  readonly isFed: boolean;
  /** §9.2, by non-root interface. */
  readonly elections: ReadonlyMap<InterfaceIndex, AssertVerdict>;
  /** Non-root interfaces that others forward on, or may while the tree is UNSURE. */
  readonly fed: readonly InterfaceIndex[];
}

/** §9.2 for all non-root interfaces. */
function elect(
  { interfaces, rpf }: TreeInputs,
  buns: BestUpstreamNeighbors,
  state: Settled["state"],
): Pick<ElectedTree, "elections" | "fed"> {
  const elections = new Map<InterfaceIndex, AssertVerdict>();
  const fed: InterfaceIndex[] = [];
  for (const { index, address, allowed } of interfaces) {
    if (index === rpf.root) continue;
    const rival = buns.get(index) ?? null;
    const verdict: AssertVerdict = allowed
      ? assertVerdict(state, rpf.rpc, address, rival)
      : { winner: false, why: "not allowed here", rival };
    elections.set(index, verdict);
    if (state === "UNSURE" || !verdict.winner || rpf.onLink.includes(index)) fed.push(index);
  }
  return { elections, fed };
}

interface SettledNonRoot {
  readonly verdicts: NonRootVerdicts;
  readonly memory: InterfaceMemory;
  /** When time alone changes what the interface does; null, or in the past: it does not. */
  readonly ends: readonly (Millis | null)[];
}

function settleNonRoot(
  at: TreeInterface,
  bun: Offer | null,
  inputs: TreeInputs,
  tree: ElectedTree,
): SettledNonRoot {
  const { now, rpf, settings } = inputs;
  const { state, fed } = tree;
  const cut = stepCut(at, inputs.before.state, {
    now,
    state,
    bun,
    othersElsewhere: fed.some((other) => other !== at.index),
    initialFloodTime: settings.initialFloodTime,
  });
  const assert = known(tree.elections.get(at.index), "the election of a non-root interface");
  const { interestUnknownSince } = at.memory;
  if (!at.allowed) {
    const memory = interfaceMemory(interestUnknownSince, null, cut.arrival);
    return { verdicts: notAllowed(assert), memory, ends: [] };
  }
  const floodEnd = unknownCountsUntil(at, settings);
  const downstream = downstreamVerdict(at, floodEnd > now);
  const holdSince = stepHold(at, inputs.before.interfaces.get(at.index), {
    now,
    winner: assert.winner,
    downstreamInterested: downstream.interested,
    treeActive: state === "ACTIVE",
  });
  const holdUntil = afterOrNull(holdSince, at.holdForwardingTime);
  const forwarding = forwardingVerdict({
    hasEntry: tree.hasEntry,
    isFed: tree.isFed,
    sourceOnLink: rpf.onLink.includes(at.index),
    downstreamInterested: downstream.interested,
    winner: assert.winner,
    holdUntil,
    cutUntil: cut.until,
  });
  return {
    verdicts: { assert, downstream, forwarding },
    memory: interfaceMemory(interestUnknownSince, holdSince, cut.arrival),
    ends: [hasUndetermined(at) ? floodEnd : null, holdUntil, cut.until],
  };
}

/** §9.2 to §9.4 for all interfaces, once the state of the tree is known (§11 comes in between). */
function settleInterfaces(
  inputs: TreeInputs,
  buns: BestUpstreamNeighbors,
  tree: ElectedTree,
): Pick<Settlement, "nonRoot" | "memory" | "forget" | "wakeAt"> {
  const forget: InterfaceIndex[] = [];
  const memory = new Map<InterfaceIndex, InterfaceMemory>();
  const nonRoot = new Map<InterfaceIndex, NonRootVerdicts>();
  const wakes: Millis[] = [];
  for (const given of inputs.interfaces) {
    const { at, forgets } = forgetInterest(given, inputs, tree.state);
    if (forgets) forget.push(at.index);
    if (at.index === inputs.rpf.root) {
      memory.set(at.index, interfaceMemory(at.memory.interestUnknownSince, null, null));
      continue;
    }
    const settled = settleNonRoot(at, buns.get(at.index) ?? null, inputs, tree);
    nonRoot.set(at.index, settled.verdicts);
    memory.set(at.index, settled.memory);
    for (const end of settled.ends) if (end !== null && end > inputs.now) wakes.push(end);
  }
  const wakeAt = wakes.length === 0 ? null : millis(Math.min(...wakes));
  return { nonRoot, memory, forget, wakeAt };
}

function bestUpstreamNeighbors(interfaces: readonly TreeInterface[]): BestUpstreamNeighbors {
  const buns = new Map<InterfaceIndex, Offer>();
  for (const { index, neighbors } of interfaces) {
    const bun = bestUpstreamNeighbor(neighbors);
    if (bun !== null) buns.set(index, bun);
  }
  return buns;
}

/** §9: settles a tree. */
export function settle(inputs: TreeInputs): Settlement {
  const { rpf, before, now } = inputs;
  const buns = bestUpstreamNeighbors(inputs.interfaces);
  const sourceActiveSince = stepSourceActive(inputs.sourceActiveSince, before, rpf, now);
  const verdict = treeVerdict(rpf, sourceActiveSince !== null, buns);
  const { state } = verdict;
  const ownsEntry = state === "ACTIVE" || (state === "UNSURE" && !rpf.originator);
  const isFed = state === "ACTIVE" || (rpf.root !== null && buns.has(rpf.root));
  const incoming = ownsEntry ? rpf.root : null;
  const { elections, fed } = elect(inputs, buns, state);
  const elected = { state, hasEntry: incoming !== null, isFed, elections, fed };
  const { nonRoot, memory, forget, wakeAt } = settleInterfaces(inputs, buns, elected);
  const outgoing: InterfaceIndex[] = [];
  let isCut = false;
  for (const [index, { forwarding }] of nonRoot) {
    if (forwarding.forwarding) outgoing.push(index);
    if (forwarding.why === "data arrive here") isCut = true;
  }
  const entry = incoming === null ? null : { incoming, outgoing };
  const interested = outgoing.length > 0 || (state === "ACTIVE" && isCut);
  const interfaces = new Map<InterfaceIndex, SettledInterface>();
  for (const at of inputs.interfaces) {
    const bun = buns.get(at.index) ?? null;
    interfaces.set(at.index, settledInterface(at, bun, { state, rpf, interested, nonRoot }));
  }
  const after = { state, rpf, interested, entry, interfaces };
  return { after, verdict, nonRoot, memory, forget, sourceActiveSince, wakeAt };
}

/** The values of one interface that the next settlement is compared with. */
function settledInterface(
  at: TreeInterface,
  bun: Offer | null,
  tree: {
    readonly state: Settled["state"];
    readonly rpf: Rpf;
    readonly interested: boolean;
    readonly nonRoot: Settlement["nonRoot"];
  },
): SettledInterface {
  const verdicts = tree.nonRoot.get(at.index);
  const role = at.index === tree.rpf.root ? "root" : "non-root";
  const advertised = advertisedOn(at, tree.state, tree.rpf);
  return {
    role,
    bun,
    winner: verdicts?.assert.winner === true,
    downstream: verdicts?.downstream.interested === true,
    forwarding: verdicts?.forwarding.forwarding === true,
    cut: verdicts?.forwarding.why === "data arrive here",
    advertised,
    told: toldOn({ role, bun, advertised }, tree.rpf.originator, tree.interested),
  };
}
