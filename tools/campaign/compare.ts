// Where routers differ from what the oracle says of them, in words.
import type { Address } from "../../src/base/address.ts";
import { formatAddress } from "../../src/base/address.ts";
import type {
  Rest,
  RestingEnd,
  RestingInterface,
  RestingNeighbor,
  RestingRouter,
  RestingTree,
} from "../../src/oracle/rest.ts";
import type { Truth } from "../../src/oracle/truth.ts";

/** A neighbor, as a router shows it. */
export interface SeenNeighbor {
  readonly address: string;
  readonly state: string;
  readonly bootTime: number;
  readonly mySsn: number;
  readonly neighborSsn: number;
}

/** An interface of a router. */
export interface SeenInterface {
  readonly name: string;
  /** null: HPIM-DM does not run there. */
  readonly running: {
    readonly bootTime: number;
    readonly interfaceSn: number;
    readonly checkpointSn: number;
    readonly neighbors: readonly SeenNeighbor[];
  } | null;
}

/** A tree on an interface of a router. */
export interface SeenTreeInterface {
  readonly name: string;
  readonly role: "root" | "non-root";
  readonly bun: string | null;
  /** null on the root. */
  readonly nonRoot: {
    readonly winner: boolean;
    readonly interested: boolean;
    readonly forwarding: boolean;
  } | null;
}

/** Source and group of a tree. */
interface SeenTreeId {
  readonly source: string;
  readonly group: string;
}

/** A tree at a router. */
export interface SeenTree extends SeenTreeId {
  readonly state: string;
  readonly root: string | null;
  readonly originator: boolean;
  readonly interested: boolean;
  readonly interfaces: readonly SeenTreeInterface[];
}

/** An entry of a router's kernel. `incoming` null: packets wait for an entry. */
export interface SeenEntry extends SeenTreeId {
  readonly incoming: string | null;
  readonly outgoing: readonly string[];
}

/** A router as it shows itself: interfaces by name, addresses as text. */
export interface SeenRouter {
  readonly interfaces: readonly SeenInterface[];
  readonly trees: readonly SeenTree[];
  readonly entries: readonly SeenEntry[];
}

/** Routers that run, by name. */
export type SeenRouters = ReadonlyMap<string, SeenRouter>;

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
  readonly neighbor: SeenNeighbor | undefined;
}

function sideOf(seen: SeenRouters, at: RestingEnd, address: Address): Side {
  const port = seen.get(at.router)?.interfaces.find(({ name }) => name === at.interface);
  const text = formatAddress(address);
  const neighbor = port?.running?.neighbors.find((other) => other.address === text);
  return { bootTime: port?.running?.bootTime ?? -1, neighbor };
}

const endText = ({ router, interface: name }: RestingEnd): string => `${router}.${name}`;

/** P1: both sides of a pair know each other's numbers. */
function comparePair(seen: SeenRouters, pair: RestingNeighbor): readonly string[] {
  const differences = new Differences();
  const own = sideOf(seen, pair, pair.neighbor.address);
  const other = sideOf(seen, pair.neighbor, pair.address);
  const about = `P1: ${endText(pair)} about ${endText(pair.neighbor)}`;
  differences.expect(`${about}: BT`, own.neighbor?.bootTime, other.bootTime);
  differences.expect(`${about}: SSN`, own.neighbor?.mySsn, other.neighbor?.neighborSsn);
  return differences.lines;
}

/** P1: who is SYNCED with whom. P2: nothing is outstanding. */
function compareNeighbors(seen: SeenRouters, rest: Rest): readonly string[] {
  const differences = new Differences();
  const textsOf = (pairs: readonly RestingNeighbor[], where: string): readonly string[] =>
    pairs
      .filter((pair) => endText(pair) === where)
      .map(({ neighbor }) => formatAddress(neighbor.address));
  for (const [router, { interfaces }] of seen) {
    for (const { name, running } of interfaces) {
      const where = `${router}.${name}`;
      const half = textsOf(rest.halfHeard, where);
      const states = (running?.neighbors ?? [])
        .filter(({ address }) => !half.includes(address))
        .map(({ address, state }) => `${address} ${state}`);
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
  actual: SeenTreeInterface | undefined,
): void {
  const role = expected.isRoot ? "root" : "non-root";
  differences.expect(`${where} role`, actual?.role, role);
  const bun = expected.bun === null ? null : formatAddress(expected.bun);
  differences.expect(`${where} BUN`, actual?.bun ?? null, bun);
  const nonRoot = actual?.nonRoot ?? null;
  if (nonRoot === null || expected.isWinner === null) return;
  differences.expect(`${where} AW`, nonRoot.winner, expected.isWinner);
  differences.expectTruth(`${where} DI`, nonRoot.interested, expected.downstream);
  differences.expectTruth(`${where} forwarding`, nonRoot.forwarding, expected.forwarding);
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

function compareTree(
  seen: SeenRouter,
  tree: RestingTree,
  expected: RestingRouter,
): readonly string[] {
  const differences = new Differences();
  const [source, group] = [formatAddress(tree.source), formatAddress(tree.group)];
  const where = `${expected.name} (${source}, ${group})`;
  const isSame = (other: SeenTreeId): boolean => other.source === source && other.group === group;
  const actual = seen.trees.find(isSame);
  differences.expect(`${where} state`, actual?.state ?? "INACTIVE", expected.state);
  if (actual !== undefined) {
    differences.expect(`${where} root`, actual.root, expected.root);
    differences.expect(`${where} originator`, actual.originator, expected.isOriginator);
    differences.expectTruth(`${where} IT`, actual.interested, expected.interested);
    for (const port of expected.interfaces) {
      const at = actual.interfaces.find(({ name }) => name === port.name);
      compareInterface(differences, `${where} ${port.name}`, port, at);
    }
  }
  const entry = seen.entries.find(isSame);
  const incoming = entry?.incoming ?? null;
  const installed =
    entry === undefined || incoming === null ? null : { incoming, outgoing: entry.outgoing };
  compareEntry(differences, where, expected, installed);
  return differences.lines;
}

/** All differences between the routers that run and `rest`. */
export function compareStates(seen: SeenRouters, rest: Rest): readonly string[] {
  const lines = [...compareNeighbors(seen, rest)];
  for (const tree of rest.halfHeard.length === 0 ? rest.trees : []) {
    for (const router of tree.routers) {
      const own = seen.get(router.name);
      if (own !== undefined) lines.push(...compareTree(own, tree, router));
    }
  }
  return lines;
}
