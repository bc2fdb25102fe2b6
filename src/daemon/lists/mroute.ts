// The list of the kernel's forwarding entries, each compared with what the daemon gave it. The table is read in parts,
// and the daemon goes on writing to it meanwhile: a difference is shown only if the entry, read anew, still has it.
import type { MrouteRow } from "../../api/lists/mroute.ts";
import { formatAddress } from "../../base/address.ts";
import type { InterfaceIndex } from "../../base/units.ts";
import type { KernelEntry } from "../../core/events.ts";
import type { TreeId } from "../../core/messages.ts";
import type { TreeKey } from "../../core/tree-id.ts";
import { treeKey, treeOfKey } from "../../core/tree-id.ts";
import type { EngineReading } from "../engine-view.ts";
import type { InstalledEntry } from "../host.ts";
import type { NameOf } from "../reasons.ts";
import type { Filter, List, Rows } from "./list.ts";
import { wantedTrees, wantsIndex, wantsTree } from "./list.ts";

const NOTHING = { incoming: null, outgoing: [], packets: 0, bytes: 0, wrongInterface: 0 } as const;

function isSame(daemon: KernelEntry, kernel: InstalledEntry): boolean {
  const outgoing = new Set(kernel.outgoing);
  return (
    daemon.incoming === kernel.incoming &&
    daemon.outgoing.length === outgoing.size &&
    daemon.outgoing.every((index) => outgoing.has(index))
  );
}

const way = (incoming: string, outgoing: readonly string[]): string =>
  `${incoming} to ${outgoing.length === 0 ? "nowhere" : outgoing.join(" ")}`;

/** The entry of a tree, as the daemon gave it and as the kernel has it. */
interface Pair {
  readonly daemon: KernelEntry | null;
  readonly kernel: InstalledEntry | null;
}

/** How the two differ, in words; null: they do not. Packets that wait for an entry are none. */
function difference({ daemon, kernel }: Pair, nameOf: NameOf): string | null {
  const entry = kernel?.unresolved ? null : kernel;
  if (daemon === null) return entry === null ? null : "the daemon knows no such entry";
  if (entry === null) return "the kernel does not have the entry";
  if (isSame(daemon, entry)) return null;
  return `the daemon wants ${way(nameOf(daemon.incoming), daemon.outgoing.map(nameOf))}`;
}

function pairOf(engine: EngineReading, key: TreeKey, read: InstalledEntry | undefined): Pair {
  const daemon = engine.router.entry(key);
  const pair = { daemon, kernel: read ?? null };
  if (difference(pair, () => "") === null) return pair;
  const { source, group } = treeOfKey(key);
  return { daemon, kernel: engine.readEntry(source, group) };
}

function row(key: TreeKey, pair: Pair, nameOf: NameOf): MrouteRow {
  const { source, group } = treeOfKey(key);
  const { daemon, kernel } = pair;
  const { incoming, outgoing, packets, bytes, wrongInterface } = kernel ?? NOTHING;
  return {
    source: formatAddress(source),
    group: formatAddress(group),
    inKernel: kernel !== null,
    incoming: incoming === null ? null : nameOf(incoming),
    outgoing: outgoing.map(nameOf),
    ...{ packets, bytes, wrongInterface },
    unresolved: kernel?.unresolved === true,
    daemon: daemon && {
      incoming: nameOf(daemon.incoming),
      outgoing: daemon.outgoing.map(nameOf),
    },
    difference: difference(pair, nameOf),
  };
}

function interfacesOf({ daemon, kernel }: Pair): readonly (InterfaceIndex | null)[] {
  const ofDaemon = daemon === null ? [] : [daemon.incoming, ...daemon.outgoing];
  return kernel === null ? ofDaemon : [kernel.incoming, ...kernel.outgoing, ...ofDaemon];
}

/** The trees that either side has an entry of, in order; whoever takes them may rest between the steps. */
function* keysOf(
  engine: EngineReading,
  filter: Filter,
  read: ReadonlyMap<TreeKey, InstalledEntry>,
): Rows<TreeKey> {
  const keys = new Set(read.keys());
  for (const key of wantedTrees(engine, filter)) {
    if (key !== undefined) keys.add(key);
    yield undefined;
  }
  yield* [...keys].sort();
}

function* rows(engine: EngineReading, filter: Filter): Rows<MrouteRow> {
  const read = new Map<TreeKey, InstalledEntry>();
  for (const entry of engine.readEntries()) {
    if (wantsTree(filter, entry)) read.set(treeKey(entry), entry);
    yield undefined;
  }
  const nameOf: NameOf = (index) => engine.nameOf(index);
  const isWanted = (index: InterfaceIndex | null): boolean =>
    index === null ? filter.interface === null : wantsIndex(engine, filter, index);
  for (const key of keysOf(engine, filter, read)) {
    const pair = key && pairOf(engine, key, read.get(key));
    const isShown = pair !== undefined && interfacesOf(pair).some(isWanted);
    yield key && isShown ? row(key, pair, nameOf) : undefined;
  }
}

/** The entry of one tree, as it is now. Throws HostError. */
export function mrouteRow(engine: EngineReading, { source, group }: TreeId): MrouteRow {
  const key = treeKey({ source, group });
  const pair = { daemon: engine.router.entry(key), kernel: engine.readEntry(source, group) };
  return row(key, pair, (index) => engine.nameOf(index));
}

/** The list of forwarding entries. */
export const listMroute: List<"mroute"> = (engine, filter) => ({ entries: rows(engine, filter) });
