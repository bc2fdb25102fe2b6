// What is wrong with the machine and its neighbors, and with the way to the sources of trees: found one after the other.
// What is normal where nothing is wrong, an assert loser or a link that nobody listens on, is no finding.
import type { Finding, FindingKind } from "../../api/diagnosis.ts";
import type { Address } from "../../base/address.ts";
import { orderedKeys } from "../../base/ordered.ts";
import type { InterfaceIndex } from "../../base/units.ts";
import type { TreeKey } from "../../core/tree-id.ts";
import { treeOfKey } from "../../core/tree-id.ts";
import { configurationOf } from "../configuration.ts";
import type { Rows } from "../lists/list.ts";
import type { Port } from "../port.ts";
import type { ObservedFlow } from "../surroundings.ts";
import { ttlTooLow } from "./data-findings.ts";
import { finding, type Look } from "./look.ts";
import { machineFindings } from "./machine-findings.ts";
import { isUnheard, neighborFindings } from "./neighbor-findings.ts";
import { notUsed } from "./output-findings.ts";
import { nextRouterSilent, rootFindings } from "./root-findings.ts";
import { treeFacts } from "./tree-facts.ts";

/** Of each kind and interface so many are told: ten thousand trees may have one cause. */
const TOLD_OF_EACH = 3;

/** Findings about the way to a source that are no fault of this router or its surroundings. */
const NO_FAULTS: ReadonlySet<FindingKind> = new Set(["excluded-tree", "root-not-allowed"]);
/** It is told of every router that a route leads to. */
const TOLD_OF_ROUTES: FindingKind = "next-router-silent";

/** Nothing is configured, or only for interfaces that are not there. */
function nothingRuns(look: Look, ports: readonly Readonly<Port>[]): readonly Finding[] {
  const isConfigured = ({ link }: Readonly<Port>): boolean => {
    const { hpim, igmp } = configurationOf(look.engine.configuration, link.name);
    return hpim !== null || igmp !== null;
  };
  if (ports.some(isConfigured)) return [];
  return [
    finding("nothing-runs", look, null, {
      sentence: "HPIM-DM and IGMP run on no interface.",
      mend: '"hpim-dm interface add INTERFACE" towards routers, "hpim-dm igmp add INTERFACE" towards hosts, or "hpim-dm config load FILE".',
    }),
  ];
}

/** What keeps configured protocols from running. */
function interfaceFindings(look: Look, port: Readonly<Port>): readonly Finding[] {
  const { hpim, igmp } = configurationOf(look.engine.configuration, port.link.name);
  if (hpim === null && igmp === null) return [];
  return port.vif === null ? [notUsed(look, port)] : [];
}

/** Trees that are not ACTIVE although somebody offers them, or their data have come; undefined in place of each other one. */
function* doubtfulTrees({ engine }: Look): Rows<TreeKey> {
  for (const key of engine.router.treeKeys()) {
    const settled = key && engine.router.settled(key);
    yield settled === undefined || settled.state === "ACTIVE" ? undefined : key;
  }
}

/** The way to the sources of trees. */
function* treeFindings(look: Look): Rows<Finding> {
  const told = new Map<string, number>();
  for (const key of doubtfulTrees(look)) {
    const findings = key === undefined ? [] : rootFindings(look, treeFacts(look, treeOfKey(key)));
    if (findings.length === 0) yield undefined;
    for (const one of findings) {
      const topic = `${one.kind} ${one.interface}`;
      const count = told.get(topic) ?? 0;
      told.set(topic, count + 1);
      const isTold = one.kind === TOLD_OF_ROUTES || count >= TOLD_OF_EACH;
      yield NO_FAULTS.has(one.kind) || isTold ? undefined : one;
    }
  }
}

function isFromSource({ engine }: Look, { interface: index, source }: ObservedFlow): boolean {
  const way = engine.router.way(source);
  return way?.hop.gateway === null && way.hop.interface === index;
}

/** Routers that routes lead to by interfaces with HPIM-DM, and that are not heard there. */
function* routeFindings(look: Look): Rows<Finding> {
  const gateways = new Map<InterfaceIndex, Set<Address>>();
  for (const { interface: index, gateway } of look.engine.router.nextHops()) {
    const ofInterface = gateways.get(index) ?? new Set();
    if (gateway !== null) gateways.set(index, ofInterface.add(gateway));
    yield undefined;
  }
  for (const view of look.engine.router.interfaces()) {
    if (view.running === null) continue;
    for (const gateway of orderedKeys(gateways.get(view.index) ?? new Set<Address>())) {
      if (isUnheard(look, view, gateway)) yield nextRouterSilent(look, view.index, gateway);
    }
  }
}

/** All that was found. `flows`: data that arrived with TTL 1. It may throw HostError. */
export function* doctorFindings(look: Look, flows: readonly ObservedFlow[]): Rows<Finding> {
  const { engine } = look;
  yield* nothingRuns(look, engine.ports());
  yield* machineFindings(look);
  for (const port of engine.ports()) yield* interfaceFindings(look, port);
  for (const view of engine.router.interfaces()) yield* neighborFindings(look, view);
  for (const flow of flows) yield ttlTooLow(look, flow, isFromSource(look, flow));
  yield* routeFindings(look);
  yield* treeFindings(look);
}

/** The interfaces on which it is looked for data. */
export const interfacesWithVif = ({ engine }: Look): readonly InterfaceIndex[] =>
  engine.ports().flatMap(({ index, vif }) => (vif === null ? [] : [index]));
