// Where routers differ from what the oracle says of them, in words.
import { formatAddress } from "../../src/base/address.ts";
import { orderedKeys } from "../../src/base/ordered.ts";
import type { NeighborView, TreeView } from "../../src/core/view.ts";
import type { EngineView } from "../../src/daemon/engine-view.ts";
import type { InstalledEntry } from "../../src/daemon/host.ts";
import type {
  Rest,
  RestingEnd,
  RestingInterface,
  RestingNeighbor,
  RestingRouter,
  RestingTree,
} from "../../src/oracle/rest.ts";
import type { Truth } from "../../src/oracle/truth.ts";
import type { World } from "./world.ts";

/** A router, with its interfaces by name. */
interface Seen {
  readonly view: EngineView;
  readonly nameOf: (index: number) => string;
  readonly entries: readonly InstalledEntry[];
}

function look(world: World): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const name of orderedKeys(world.scene.running)) {
    const view = world.view(name);
    if (view === null) continue;
    const names = new Map<number, string>(view.ports.map(({ index, link }) => [index, link.name]));
    const nameOf = (index: number): string => names.get(index) ?? `#${index}`;
    seen.set(name, { view, nameOf, entries: world.entries(name) });
  }
  return seen;
}

const treeText = ({ source, group }: Pick<TreeView, "source" | "group">): string =>
  `(${formatAddress(source)}, ${formatAddress(group)})`;

class Differences {
  readonly lines: string[] = [];

  expect(where: string, actual: unknown, expected: unknown): void {
    if (actual !== expected) this.lines.push(`${where}: is ${actual}, should be ${expected}`);
  }

  expectTruth(where: string, actual: boolean, expected: Truth): void {
    if (expected !== "open") this.expect(where, actual ? "yes" : "no", expected);
  }
}

interface Side {
  readonly bootTime: number;
  readonly neighbor: NeighborView | undefined;
}

function sideOf(
  seen: ReadonlyMap<string, Seen>,
  at: { router: string; interface: string },
  address: string,
): Side {
  const { view, nameOf } = seen.get(at.router) ?? {};
  const port = view?.router.interfaces.find(({ index }) => nameOf?.(index) === at.interface);
  const neighbor = port?.running?.neighbors.find((other) => other.address === address);
  return { bootTime: port?.running?.bootTime ?? -1, neighbor };
}

const endText = ({ router, interface: name }: RestingEnd): string => `${router}.${name}`;

/** P1: both sides of a pair know each other's numbers. */
function comparePair(seen: ReadonlyMap<string, Seen>, pair: RestingNeighbor): readonly string[] {
  const differences = new Differences();
  const own = sideOf(seen, pair, pair.neighbor.address);
  const other = sideOf(seen, pair.neighbor, pair.address);
  const about = `P1: ${endText(pair)} about ${endText(pair.neighbor)}`;
  differences.expect(`${about}: BT`, own.neighbor?.bootTime, other.bootTime);
  differences.expect(`${about}: SSN`, own.neighbor?.mySsn, other.neighbor?.neighborSsn);
  return differences.lines;
}

/** P1: who is SYNCED with whom. P2: nothing is outstanding. */
function compareNeighbors(seen: ReadonlyMap<string, Seen>, rest: Rest): readonly string[] {
  const differences = new Differences();
  const textsOf = (pairs: readonly RestingNeighbor[], where: string): readonly string[] =>
    pairs
      .filter((pair) => endText(pair) === where)
      .map(({ neighbor }) => formatAddress(neighbor.address));
  for (const [router, { view, nameOf }] of seen) {
    for (const { index, running } of view.router.interfaces) {
      const where = `${router}.${nameOf(index)}`;
      const half = textsOf(rest.halfHeard, where);
      const states = (running?.neighbors ?? [])
        .filter(({ address }) => !half.includes(formatAddress(address)))
        .map(({ address, state }) => `${formatAddress(address)} ${state}`);
      const due = textsOf(rest.neighbors, where).map((address) => `${address} SYNCED`);
      const list = (texts: readonly string[]): string => texts.toSorted().join(", ");
      differences.expect(`P1: neighbors of ${where}`, list(states), list(due));
      const { checkpointSn, interfaceSn } = running ?? {};
      differences.expect(`P2: CheckpointSN of ${where}`, checkpointSn, interfaceSn);
    }
  }
  return [...differences.lines, ...rest.neighbors.flatMap((pair) => comparePair(seen, pair))];
}

function compareInterface(
  differences: Differences,
  where: string,
  expected: RestingInterface,
  actual: TreeView["interfaces"][number] | undefined,
): void {
  const role = expected.isRoot ? "root" : "non-root";
  differences.expect(`${where} role`, actual?.role, role);
  const bun = actual?.bun?.neighbor;
  differences.expect(
    `${where} BUN`,
    bun === undefined ? null : formatAddress(bun),
    expected.bun === null ? null : formatAddress(expected.bun),
  );
  const nonRoot = actual?.nonRoot ?? null;
  if (nonRoot === null || expected.isWinner === null) return;
  differences.expect(`${where} AW`, nonRoot.assert.winner, expected.isWinner);
  differences.expectTruth(`${where} DI`, nonRoot.downstream.interested, expected.downstream);
  differences.expectTruth(
    `${where} forwarding`,
    nonRoot.forwarding.forwarding,
    expected.forwarding,
  );
}

function compareEntry(
  differences: Differences,
  where: string,
  { entry, interfaces }: RestingRouter,
  actual: { readonly incoming: string; readonly outgoing: readonly string[] } | null,
): void {
  if (actual === null) {
    const mayLack = entry.kind === "none" || (entry.kind === "blocking" && !entry.isCertain);
    if (!mayLack) differences.lines.push(`${where}: no entry, should be ${entry.kind}`);
    return;
  }
  const outgoing = actual.outgoing.join(" ");
  if (entry.kind === "none") {
    differences.lines.push(`${where}: entry ${actual.incoming} to ${outgoing}, should be none`);
    return;
  }
  const incoming = entry.kind === "tree" ? [entry.incoming] : entry.incoming;
  if (!incoming.includes(actual.incoming)) {
    differences.expect(`${where} incoming`, actual.incoming, incoming.join(" or "));
  }
  for (const { name, forwarding } of interfaces) {
    const due = entry.kind === "tree" ? forwarding : "no";
    differences.expectTruth(`${where} output ${name}`, actual.outgoing.includes(name), due);
  }
}

function compareTree(seen: Seen, tree: RestingTree, expected: RestingRouter): readonly string[] {
  const differences = new Differences();
  const where = `${expected.name} ${treeText(tree)}`;
  const isSame = (other: { source: string; group: string }): boolean =>
    other.source === tree.source && other.group === tree.group;
  const { nameOf } = seen;
  const actual = seen.view.router.trees.find(isSame);
  differences.expect(`${where} state`, actual?.verdict.state ?? "INACTIVE", expected.state);
  if (actual !== undefined) {
    const root = actual.root === null ? null : nameOf(actual.root);
    differences.expect(`${where} root`, root, expected.root);
    differences.expect(`${where} originator`, actual.originator, expected.isOriginator);
    differences.expectTruth(`${where} IT`, actual.interested, expected.interested);
    for (const port of expected.interfaces) {
      const at = actual.interfaces.find((other) => nameOf(other.interface) === port.name);
      compareInterface(differences, `${where} ${port.name}`, port, at);
    }
  }
  const entry = seen.entries.find(isSame);
  const incoming = entry?.incoming ?? null;
  const installed =
    entry === undefined || incoming === null
      ? null
      : { incoming: nameOf(incoming), outgoing: entry.outgoing.map(nameOf) };
  compareEntry(differences, where, expected, installed);
  return differences.lines;
}

/** All differences between the routers of `world` and `rest`. */
export function compareStates(world: World, rest: Rest): readonly string[] {
  const seen = look(world);
  const lines = [...compareNeighbors(seen, rest)];
  for (const tree of rest.halfHeard.length === 0 ? rest.trees : []) {
    for (const router of tree.routers) {
      const own = seen.get(router.name);
      if (own !== undefined) lines.push(...compareTree(own, tree, router));
    }
  }
  return lines;
}

/** P8: what must not depend on history, of the trees whose premises hold; as text to compare. */
export function portrait(world: World, trees: readonly RestingTree[]): string {
  const rows = [...look(world)].flatMap(([name, { view, nameOf }]) =>
    view.router.trees
      .filter((at) => trees.some((t) => t.source === at.source && t.group === at.group))
      .map(({ verdict, rpc, originator, root, interested, entry, interfaces, ...tree }) => ({
        tree: `${name} ${treeText(tree)}`,
        ...{ verdict, rpc, originator, root, interested, entry },
        interfaces: interfaces.map((at) => ({
          name: nameOf(at.interface),
          ...{ role: at.role, bun: at.bun, advertised: at.advertised, told: at.told },
          winner: at.nonRoot?.assert.winner,
          forwarding: at.nonRoot?.forwarding.forwarding,
        })),
      })),
  );
  return rows.map((row) => JSON.stringify(row)).join("\n");
}
