// The list of the kernel's forwarding entries, each compared with what the daemon gave it.
import type { MrouteRow } from "../../api/lists/mroute.ts";
import { formatAddress } from "../../base/address.ts";
import { known } from "../../base/invariant.ts";
import type { InterfaceIndex } from "../../base/units.ts";
import type { TreeId } from "../../core/messages.ts";
import { treeKey, treeOfKey } from "../../core/tree-id.ts";
import type { EngineReading } from "../engine-view.ts";
import type { NameOf } from "../reasons.ts";
import type { EntryPair } from "./entry-pairs.ts";
import { differenceOf, entryPairs } from "./entry-pairs.ts";
import type { Filter, List, Rows } from "./list.ts";
import { wantsIndex } from "./list.ts";

const NOTHING = { incoming: null, outgoing: [], packets: 0, bytes: 0, wrongInterface: 0 } as const;

const way = (incoming: string, outgoing: readonly string[]): string =>
  `${incoming} to ${outgoing.length === 0 ? "nowhere" : outgoing.join(" ")}`;

/** How the two differ, in words; null: they do not. */
function difference(pair: EntryPair, nameOf: NameOf): string | null {
  switch (differenceOf(pair)) {
    case "not the daemon's":
      return "the daemon knows no such entry";
    case "not in the kernel":
      return "the kernel does not have the entry";
    case "other interfaces": {
      const { incoming, outgoing } = known(pair.daemon, "the daemon's side of a difference");
      return `the daemon wants ${way(nameOf(incoming), outgoing.map(nameOf))}`;
    }
    case null:
      return null;
  }
}

function row(pair: EntryPair, nameOf: NameOf): MrouteRow {
  const { source, group } = treeOfKey(pair.key);
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

function interfacesOf({ daemon, kernel }: EntryPair): readonly (InterfaceIndex | null)[] {
  const ofDaemon = daemon === null ? [] : [daemon.incoming, ...daemon.outgoing];
  return kernel === null ? ofDaemon : [kernel.incoming, ...kernel.outgoing, ...ofDaemon];
}

function* rows(engine: EngineReading, filter: Filter): Rows<MrouteRow> {
  const nameOf: NameOf = (index) => engine.nameOf(index);
  const isWanted = (index: InterfaceIndex | null): boolean =>
    index === null ? filter.interface === null : wantsIndex(engine, filter, index);
  for (const pair of entryPairs(engine, filter)) {
    const isShown = pair !== undefined && interfacesOf(pair).some(isWanted);
    yield isShown ? row(pair, nameOf) : undefined;
  }
}

/** The entry of one tree, as it is now. Throws HostError. */
export function mrouteRow(engine: EngineReading, { source, group }: TreeId): MrouteRow {
  const key = treeKey({ source, group });
  const pair = { key, daemon: engine.router.entry(key), kernel: engine.readEntry(source, group) };
  return row(pair, (index) => engine.nameOf(index));
}

/** The list of forwarding entries. */
export const listMroute: List<"mroute"> = (engine, filter) => ({ entries: rows(engine, filter) });
