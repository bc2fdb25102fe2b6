// The kernel's forwarding entries, each beside what the daemon gave it. The table is read in parts, and the daemon goes on
// writing to it meanwhile: two that differ are shown only if the entry, read anew, still differs.
import { inOrderSlowly } from "../../base/slow-order.ts";
import type { KernelEntry } from "../../core/events.ts";
import type { TreeKey } from "../../core/tree-id.ts";
import { treeKey, treeOfKey } from "../../core/tree-id.ts";
import type { EngineReading } from "../engine-view.ts";
import type { InstalledEntry } from "../host.ts";
import type { Filter, Rows } from "./list.ts";
import { wantedTrees, wantsTree } from "./list.ts";

/** The entry of a tree, as the daemon gave it and as the kernel has it; null: it is not there. */
export interface EntryPair {
  readonly key: TreeKey;
  readonly daemon: KernelEntry | null;
  readonly kernel: InstalledEntry | null;
}

function isSame(daemon: KernelEntry, kernel: InstalledEntry): boolean {
  const outgoing = new Set(kernel.outgoing);
  return (
    daemon.incoming === kernel.incoming &&
    daemon.outgoing.length === outgoing.size &&
    daemon.outgoing.every((index) => outgoing.has(index))
  );
}

/** How the kernel's entry differs from the daemon's; null: it does not. Packets that wait for an entry are none. */
export function differenceOf({
  daemon,
  kernel,
}: EntryPair): "not the daemon's" | "not in the kernel" | "other interfaces" | null {
  const entry = kernel?.unresolved ? null : kernel;
  if (daemon === null) return entry === null ? null : "not the daemon's";
  if (entry === null) return "not in the kernel";
  return isSame(daemon, entry) ? null : "other interfaces";
}

function pairOf(engine: EngineReading, key: TreeKey, read: InstalledEntry | undefined): EntryPair {
  const daemon = engine.router.entry(key);
  const pair = { key, daemon, kernel: read ?? null };
  if (differenceOf(pair) === null) return pair;
  const { source, group } = treeOfKey(key);
  return { key, daemon, kernel: engine.readEntry(source, group) };
}

/** The trees of which the daemon has given the kernel an entry that was not read; whoever takes them may rest. */
function* othersThan(
  read: ReadonlyMap<TreeKey, InstalledEntry>,
  engine: EngineReading,
  filter: Filter,
): Rows<TreeKey> {
  for (const key of wantedTrees(engine, filter)) {
    yield key !== undefined && !read.has(key) ? key : undefined;
  }
}

/** The entries of trees that the filter wants, in order, as rows are. Throws HostError, also later on. */
export function* entryPairs(engine: EngineReading, filter: Filter): Rows<EntryPair> {
  const read = new Map<TreeKey, InstalledEntry>();
  const keys: TreeKey[] = [];
  for (const entry of engine.readEntries()) {
    const key = treeKey(entry);
    if (wantsTree(filter, entry)) {
      keys.push(key);
      read.set(key, entry);
    }
    yield undefined;
  }
  for (const key of othersThan(read, engine, filter)) {
    if (key !== undefined) keys.push(key);
    yield undefined;
  }
  for (const key of inOrderSlowly(keys)) yield key && pairOf(engine, key, read.get(key));
}
