// The parts of a frame of hpim-dm watch: interfaces, neighbors, trees and events, each in as many lines as it is given.
import type { InterfaceRow } from "../../api/lists/interfaces.ts";
import type { NeighborRow } from "../../api/lists/neighbors.ts";
import type { TreeRow } from "../../api/lists/trees.ts";
import { fieldsOfLine, sentenceOf } from "../../api/readable-line.ts";
import { duration, orDash } from "../table.ts";
import type { Column } from "./columns.ts";
import { tableIn } from "./columns.ts";
import type { Flow } from "./flows.ts";
import { treeOf } from "./flows.ts";
import type { Picture } from "./look.ts";

/** How a line is to look. */
export interface Line {
  readonly text: string;
  readonly look: "plain" | "title" | "heading" | "warning" | "alarm" | "past";
}

/** The room of a part, in characters. */
export interface Room {
  readonly columns: number;
  readonly lines: number;
}

/** A part, and how many lines all of it takes. */
export interface Part {
  readonly whole: number;
  readonly weight: number;
  readonly linesIn: (room: Room) => readonly Line[];
}

export const line = (text: string, look: Line["look"] = "plain"): Line => ({ text, look });

/** A table, its first line a heading. */
export const table = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  room: { readonly width: number; readonly note?: string },
): readonly Line[] =>
  tableIn(columns, rows, room).map((text, i) => line(text, i === 0 ? "heading" : "plain"));

/** A list of which there are the first rows, and how many more; without rows, `empty`. */
function listPart<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { weight, empty }: { readonly weight: number; readonly empty: string },
): Part {
  if (rows.length === 0) {
    return { whole: 1, weight, linesIn: ({ lines }) => [line(empty)].slice(0, lines) };
  }
  const linesIn = ({ columns: width, lines }: Room): readonly Line[] => {
    if (lines === 0) return [];
    const shown = rows.slice(0, lines - 1);
    const more = rows.length - shown.length;
    return table(columns, shown, { width, ...(more > 0 && { note: `${more} more` }) });
  };
  return { whole: 1 + rows.length, weight, linesIn };
}

const stateOf = (state: InterfaceRow["hpim"]["state"]): string =>
  state === "running" ? "on" : state;

const INTERFACE_COLUMNS: readonly Column<InterfaceRow>[] = [
  { title: "Interface", rank: 0, cell: ({ name }) => name },
  { title: "Link", rank: 4, cell: ({ up }) => (up ? "up" : "down") },
  { title: "HPIM-DM", rank: 1, cell: ({ hpim }) => stateOf(hpim.state) },
  { title: "Neighbors", rank: 3, cell: ({ hpim }) => orDash(hpim.neighbors || null) },
  { title: "IGMP", rank: 5, cell: ({ igmp }) => stateOf(igmp.state) },
  {
    ...{ title: "Querier", rank: 6 },
    cell: ({ igmp }) => orDash(igmp.role === "Querier" ? "this router" : igmp.querier),
  },
];
const PROBLEM: Column<InterfaceRow> = {
  ...{ title: "Problem", rank: 2, least: 16 },
  cell: ({ problem }) => problem ?? "",
};

const isUsed = ({ hpim, igmp }: InterfaceRow): boolean =>
  hpim.state !== "off" || igmp.state !== "off";

/** Interfaces on which something runs or is to run. */
export function interfacesPart({ interfaces: { interfaces } }: Picture): Part {
  const used = interfaces.filter(isUsed);
  const hasProblem = used.some(({ problem }) => problem !== null);
  const columns = hasProblem ? [...INTERFACE_COLUMNS, PROBLEM] : INTERFACE_COLUMNS;
  return listPart(columns, used, { weight: 2, empty: "Nothing runs on any interface." });
}

const NEIGHBOR_COLUMNS: readonly Column<NeighborRow>[] = [
  { title: "Interface", rank: 2, cell: (row) => row.interface },
  { title: "Neighbor", rank: 0, cell: ({ address }) => address },
  { title: "State", rank: 1, cell: ({ state }) => state },
  { title: "Known", rank: 4, cell: ({ knownSeconds }) => duration(knownSeconds) },
  { title: "Expires", rank: 3, cell: ({ expiresInSeconds }) => duration(expiresInSeconds) },
  { title: "Upstream trees", rank: 5, cell: ({ upstreamTrees }) => String(upstreamTrees) },
];

export const neighborsPart = ({ neighbors: { neighbors } }: Picture): Part =>
  listPart(NEIGHBOR_COLUMNS, neighbors, { weight: 3, empty: "There are no neighbors." });

const UNITS = ["", "k", "M", "G", "T"];

/** A rate in four characters at most, and a unit: "999", "1.2k", "35M". */
export function rate(value: number | null): string {
  if (value === null) return "-";
  let [rest, unit] = [value, 0];
  while (rest >= 999.5 && unit < UNITS.length - 1) {
    rest /= 1_000;
    unit++;
  }
  const isWhole = rest >= 9.95 || (unit === 0 && Number.isInteger(rest));
  return `${isWhole ? Math.round(rest) : rest.toFixed(1)}${UNITS[unit]}`;
}

/** Onto which links other routers forward, as far as that is known. */
function others({ interfaces }: TreeRow): string {
  const winners = interfaces.flatMap(({ interface: name, nonRoot }) => {
    const { winner = true, winnerAddress = null } = nonRoot?.assert ?? {};
    return winner || winnerAddress === null ? [] : [`${winnerAddress} on ${name}`];
  });
  return winners.join(", ");
}

interface ShownTree {
  readonly flow: Flow;
  readonly tree: TreeRow | undefined;
}

const rateColumn = (
  title: string,
  rank: number,
  value: (flow: Flow) => number | null,
): Column<ShownTree> => ({
  ...{ title, rank },
  cell: ({ flow }) => rate(value(flow)).padStart(title.length),
});

const TREE_COLUMNS: readonly Column<ShownTree>[] = [
  rateColumn("Pkt/s", 7, ({ packetsPerSecond }) => packetsPerSecond),
  rateColumn("Bit/s", 2, ({ bitsPerSecond }) => bitsPerSecond),
  { title: "Source", rank: 1, cell: ({ flow }) => flow.source },
  { title: "Group", rank: 0, cell: ({ flow }) => flow.group },
  { title: "State", rank: 4, cell: ({ tree }) => tree?.state ?? "-" },
  { title: "Root", rank: 5, cell: ({ flow, tree }) => orDash(tree?.root ?? flow.incoming) },
  {
    ...{ title: "Outgoing", rank: 3, least: 12 },
    cell: ({ flow: { outgoing } }) => (outgoing.length === 0 ? "nowhere" : outgoing.join(" ")),
  },
  {
    ...{ title: "By others", rank: 6, least: 16 },
    cell: ({ tree }) => (tree === undefined ? "" : others(tree)),
  },
];

/** The trees from the one that is chosen on; without trees, `empty`. */
export function treesPart(
  { flows, details }: Picture,
  { firstIn, empty }: { readonly firstIn: (page: number) => number; readonly empty: string },
): Part {
  const weight = 4;
  if (flows.length === 0) return listPart(TREE_COLUMNS, [], { weight, empty });
  const linesIn = ({ columns: width, lines }: Room): readonly Line[] => {
    if (lines === 0) return [];
    const first = firstIn(lines - 1);
    const shown = flows.slice(first, first + lines - 1);
    const rows = shown.map((flow) => ({ flow, tree: details.get(treeOf(flow)) }));
    const isAll = shown.length === flows.length;
    const note = isAll ? "" : `${first + 1}-${first + shown.length} of ${flows.length}`;
    return table(TREE_COLUMNS, rows, { width, note });
  };
  return { whole: 1 + flows.length, weight, linesIn };
}

interface ShownEvent {
  readonly time: string;
  readonly level: string;
  readonly sentence: string;
}

function shownEvent(text: string): ShownEvent {
  const fields = fieldsOfLine(text);
  if (fields === undefined) return { time: "", level: "", sentence: text };
  const time = /T(\d\d:\d\d:\d\d)/.exec(String(fields.time))?.[1] ?? "";
  const [sentence = ""] = sentenceOf(fields).split("\n");
  return { time, level: String(fields.level), sentence };
}

const EVENT_COLUMNS: readonly Column<ShownEvent>[] = [
  { title: "Time", rank: 1, cell: ({ time }) => time },
  { title: "Level", rank: 2, cell: ({ level }) => level },
  { title: "Event", rank: 0, least: 30, cell: ({ sentence }) => sentence },
];
const UNREMARKABLE = ["", "debug", "info"];

/** The last events. */
export function eventsPart(events: readonly string[]): Part {
  const linesIn = ({ columns: width, lines }: Room): readonly Line[] => {
    if (lines === 0) return [];
    const shown = events.slice(-Math.max(1, lines - 1)).map(shownEvent);
    const all = table(EVENT_COLUMNS, shown, { width }).map((one, i) => {
      const level = shown[i - 1]?.level ?? "";
      return UNREMARKABLE.includes(level) ? one : line(one.text, "warning");
    });
    return all.slice(-lines);
  };
  return { whole: events.length === 0 ? 0 : 1 + events.length, weight: 2, linesIn };
}
