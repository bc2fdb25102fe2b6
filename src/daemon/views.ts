// The state of an engine as the control API shows it: names, text and seconds in place of indices, bytes and instants.
import type {
  GroupsAnswer,
  InterfaceRow,
  InterfacesAnswer,
  MrouteAnswer,
  NeighborsAnswer,
  TreeInterface,
  TreeRow,
  TreesAnswer,
} from "../api/responses.ts";
import { formatAddress } from "../base/address.ts";
import type { Millis } from "../base/units.ts";
import type { TreeInterfaceView, TreeView } from "../core/view.ts";
import { configurationOf } from "./configuration.ts";
import type { EngineView } from "./engine.ts";
import type { InstalledEntry } from "./host.ts";
import type { Port } from "./port.ts";
import type { NameOf } from "./reasons.ts";
import { assertReason, downstreamReason, forwardingReason, treeReason } from "./reasons.ts";
import { refusalSentence } from "./sentences.ts";

function namesOf({ ports }: EngineView): NameOf {
  const names = new Map(ports.map(({ index, link }) => [index, link.name]));
  return (index) => names.get(index) ?? `#${index}`;
}

const secondsFrom = (earlier: Millis, later: Millis): number =>
  Math.max(0, Math.round(later - earlier) / 1000);

/** What keeps an interface from running what is configured on it: a sentence; null: nothing does. */
export function problemOf({ link, refusal }: Readonly<Port>): string | null {
  if (refusal !== null) return refusalSentence(refusal, link.name);
  if (!link.up) return `${link.name} is down.`;
  return link.addresses.length === 0 ? `${link.name} has no IPv4 address.` : null;
}

function stateOf(
  port: Readonly<Port>,
  configured: boolean,
  running: boolean,
): InterfaceRow["hpim"]["state"] {
  if (running) return "running";
  if (!configured) return "off";
  return port.refusal === null ? "waiting" : "refused";
}

type Counts = Iterable<readonly [reason: string, count: number]>;

const dropped = (prefix: string, counts: Counts = []): InterfaceRow["dropped"] =>
  [...counts].map(([reason, count]) => ({ reason: `${prefix}${reason}`, count }));

function interfaceRow(view: EngineView, port: Readonly<Port>): InterfaceRow {
  const { index, link, vif } = port;
  const { name, up, loopback, mtu, addresses } = link;
  const { hpim, igmp } = configurationOf(view.configuration, name);
  const router = view.router.interfaces.find((candidate) => candidate.index === index);
  const running = router?.running ?? null;
  const membership = view.membership.interfaces.find(({ interface: own }) => own === index);
  return {
    ...{ name, index, up, loopback, mtu, vif },
    addresses: addresses.map(({ address, subnet }) => `${formatAddress(address)}/${subnet.length}`),
    problem: hpim === null && igmp === null ? null : problemOf(port),
    hpim: {
      state: stateOf(port, hpim !== null, running !== null),
      address: running === null ? null : formatAddress(running.address),
      bootTime: running?.bootTime ?? null,
      neighbors: running?.neighbors.length ?? 0,
    },
    igmp: {
      state: stateOf(port, igmp !== null, membership !== undefined),
      role: membership?.role ?? null,
      querier: membership === undefined ? null : formatAddress(membership.querier),
    },
    dropped: [
      ...dropped("", port.dropped),
      ...dropped("HPIM-DM: ", running?.dropped),
      ...dropped("IGMP: ", membership?.dropped),
    ],
  };
}

function missingNames({ ports, configuration }: EngineView): string[] {
  const present = new Set(ports.map(({ link }) => link.name));
  return [...configuration.interfaces]
    .filter(([name, { hpim, igmp }]) => !present.has(name) && (hpim !== null || igmp !== null))
    .map(([name]) => name)
    .sort();
}

/** Answer of GET /v1/interfaces. */
export const interfacesAnswer = (view: EngineView): InterfacesAnswer => ({
  version: 1,
  interfaces: view.ports.map((port) => interfaceRow(view, port)),
  missing: missingNames(view),
});

/** Answer of GET /v1/neighbors. */
export function neighborsAnswer(view: EngineView): NeighborsAnswer {
  const nameOf = namesOf(view);
  const neighbors = view.router.interfaces.flatMap(({ running }) => running?.neighbors ?? []);
  return {
    version: 1,
    neighbors: neighbors.map(({ since, livenessDue, ...rest }) => ({
      ...rest,
      interface: nameOf(rest.interface),
      address: formatAddress(rest.address),
      ageSeconds: secondsFrom(since, view.now),
      expiresInSeconds: secondsFrom(view.now, livenessDue),
    })),
  };
}

function forwardingState({
  forwarding,
}: NonNullable<TreeInterfaceView["nonRoot"]>): "forwarding" | "holding" | "pruned" {
  if (forwarding.why === "holding") return "holding";
  return forwarding.forwarding ? "forwarding" : "pruned";
}

function nonRootOf(side: TreeInterfaceView, tree: TreeView, now: Millis): TreeInterface["nonRoot"] {
  const { nonRoot } = side;
  if (nonRoot === null) return null;
  const { assert, downstream, forwarding } = nonRoot;
  const why = {
    assert: assertReason(assert, tree.rpc),
    downstream: downstreamReason(downstream),
  };
  return {
    assert: { winner: assert.winner, reason: why.assert },
    downstream: { interested: downstream.interested, reason: why.downstream },
    forwarding: { state: forwardingState(nonRoot), reason: forwardingReason(forwarding, why, now) },
  };
}

function entryOf(tree: TreeView, nameOf: NameOf): TreeRow["entry"] {
  if (tree.entry === null) return null;
  const { kind, entry } = tree.entry;
  return { kind, incoming: nameOf(entry.incoming), outgoing: entry.outgoing.map(nameOf) };
}

function treeInterfaces(tree: TreeView, now: Millis, nameOf: NameOf): TreeInterface[] {
  return tree.interfaces.map((side) => {
    const { role, bun, advertised, told } = side;
    return {
      interface: nameOf(side.interface),
      role,
      bun: bun && { neighbor: formatAddress(bun.neighbor), rpc: bun.rpc },
      advertised,
      told: told && { neighbor: formatAddress(told.neighbor), interested: told.interested },
      nonRoot: nonRootOf(side, tree, now),
    };
  });
}

function treeRow(tree: TreeView, now: Millis, nameOf: NameOf): TreeRow {
  const { source, group, verdict, rpc, originator, root, interested, sourceActiveDue } = tree;
  return {
    source: formatAddress(source),
    group: formatAddress(group),
    state: verdict.state,
    reason: treeReason(verdict, rpc, nameOf),
    ...{ rpc, originator, interested },
    root: root === null ? null : nameOf(root),
    sourceExpiresInSeconds: sourceActiveDue === null ? null : secondsFrom(now, sourceActiveDue),
    entry: entryOf(tree, nameOf),
    interfaces: treeInterfaces(tree, now, nameOf),
  };
}

/** Answer of GET /v1/trees. */
export function treesAnswer(view: EngineView): TreesAnswer {
  const nameOf = namesOf(view);
  return { version: 1, trees: view.router.trees.map((tree) => treeRow(tree, view.now, nameOf)) };
}

/** Answer of GET /v1/groups. */
export function groupsAnswer(view: EngineView): GroupsAnswer {
  const nameOf = namesOf(view);
  return {
    version: 1,
    groups: view.membership.groups.map(({ group, state, lastReporter, ...rest }) => ({
      interface: nameOf(rest.interface),
      group: formatAddress(group),
      state,
      lastReporter: formatAddress(lastReporter),
      expiresInSeconds: secondsFrom(view.now, rest.expiresDue),
    })),
  };
}

/** Answer of GET /v1/mroute. */
export function mrouteAnswer(entries: readonly InstalledEntry[], nameOf: NameOf): MrouteAnswer {
  return {
    version: 1,
    entries: entries.map(({ source, group, incoming, outgoing, ...counters }) => ({
      source: formatAddress(source),
      group: formatAddress(group),
      incoming: incoming === null ? null : nameOf(incoming),
      outgoing: outgoing.map(nameOf),
      ...counters,
    })),
  };
}
