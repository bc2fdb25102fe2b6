// A frame of hpim-dm watch: what was seen and what is chosen, as the lines of a terminal of some size. No line has control
// characters of its own: names and sentences may come from others.
import type { InterfaceRow } from "../../api/lists/interfaces.ts";
import type { NeighborRow } from "../../api/lists/neighbors.ts";
import type { TreeRow } from "../../api/lists/trees.ts";
import { fieldsOfLine, sentenceOf } from "../../api/readable-line.ts";
import { counted } from "../show/render.ts";
import type { Row } from "../table.ts";
import { duration, orDash, tableLines } from "../table.ts";
import type { Flow } from "./flows.ts";
import { treeOf } from "./flows.ts";
import type { Picture } from "./look.ts";
import type { Extent, View } from "./view.ts";
import { KEYS, textOf } from "./view.ts";

/** How a line is to look. */
export interface Line {
  readonly text: string;
  readonly look: "plain" | "title" | "heading" | "warning";
}

/** Of a terminal, in characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What there is to show. */
export interface Scene {
  /** What was seen last; null: nothing yet. */
  readonly picture: Picture | null;
  /** Why the daemon does not answer, in a sentence; null: it does. */
  readonly absence: string | null;
  /** Lines of the event stream, the last ones. */
  readonly events: readonly string[];
}

const line = (text: string, look: Line["look"] = "plain"): Line => ({ text, look });
const EMPTY = line("");

/** A table, its first line a heading. */
const table = (head: Row, rows: readonly Row[]): readonly Line[] =>
  [...tableLines(head, rows, { empty: "" })].map((text, i) =>
    line(text, i === 0 ? "heading" : "plain"),
  );

/** So many rows of them as there is room for; the last one says how many more there are. */
function upTo(most: number, rows: readonly Row[], what: string): readonly Row[] {
  if (rows.length <= most) return rows;
  const shown = rows.slice(0, Math.max(0, most - 1));
  return [...shown, [`and ${counted(rows.length - shown.length, what)} more`]];
}

const stateOf = (state: InterfaceRow["hpim"]["state"]): string =>
  state === "running" ? "on" : state;

const interfaceRow = ({ name, up, hpim, igmp, problem }: InterfaceRow): Row => [
  ...[name, up ? "up" : "down", stateOf(hpim.state), orDash(hpim.neighbors || null)],
  ...[stateOf(igmp.state), orDash(igmp.role === "Querier" ? "this router" : igmp.querier)],
  problem ?? "",
];

const neighborRow = (neighbor: NeighborRow): Row => [
  ...[neighbor.interface, neighbor.address, neighbor.state, duration(neighbor.knownSeconds)],
  ...[duration(neighbor.expiresInSeconds), String(neighbor.upstreamTrees)],
];

const isUsed = ({ hpim, igmp }: InterfaceRow): boolean =>
  hpim.state !== "off" || igmp.state !== "off";

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

const TREE_HEAD = [
  ...["Packets/s", "Bit/s", "Source", "Group", "State", "Root", "Forwarded to"],
  "Forwarded by others",
];

function treeRow(flow: Flow, tree: TreeRow | undefined): Row {
  const { source, group, incoming, outgoing } = flow;
  return [
    rate(flow.packetsPerSecond).padStart("Packets/s".length),
    rate(flow.bitsPerSecond).padStart("Bit/s".length),
    ...[source, group, tree?.state ?? "-", orDash(tree?.root ?? incoming)],
    outgoing.length === 0 ? "nowhere" : outgoing.join(" "),
    tree === undefined ? "" : others(tree),
  ];
}

function eventLine(text: string): Line {
  const fields = fieldsOfLine(text);
  if (fields === undefined) return line(text);
  const time = /T(\d\d:\d\d:\d\d)/.exec(String(fields.time))?.[1] ?? "";
  const level = String(fields.level);
  const isGood = level === "info" || level === "debug";
  const [sentence = ""] = sentenceOf(fields).split("\n");
  return line(`${time}  ${level.padEnd(5)}  ${sentence}`, isGood ? "plain" : "warning");
}

function headline({ version, summary }: Picture): Line {
  const { program, pid, uptimeSeconds } = version;
  const trees = summary.trees.map(({ state, trees: count }) => `${count} ${state}`);
  const up = duration(uptimeSeconds);
  return line(`${program}, process ${pid}, up ${up}    trees: ${trees.join(", ")}`, "title");
}

function status({ absence, picture }: Scene, { isPaused, narrowing }: View): Line {
  if (absence !== null) return line(absence, "warning");
  const parts: string[] = [];
  if (isPaused) parts.push("PAUSED (p goes on)");
  const narrowed = textOf(narrowing);
  if (narrowed !== "") parts.push(`only ${narrowed}`);
  const span = picture?.ratesOver ?? null;
  if (span !== null) parts.push(`rates over ${span.toFixed(1)}s`);
  return line(parts.join("; "), isPaused ? "warning" : "plain");
}

/** The parts above the trees. */
function upper(picture: Picture, { rows }: Size): readonly Line[] {
  const most = Math.max(2, Math.floor(rows / 5));
  const interfaces = picture.interfaces.interfaces.filter(isUsed).map(interfaceRow);
  const neighbors = picture.neighbors.neighbors.map(neighborRow);
  const ofInterfaces = table(
    ["Interface", "Link", "HPIM-DM", "Neighbors", "IGMP", "Querier", ""],
    upTo(most, interfaces, "interface"),
  );
  const ofNeighbors = table(
    ["Interface", "Neighbor", "State", "Known", "Expires", "Upstream trees"],
    upTo(most, neighbors, "neighbor"),
  );
  return [
    ...(interfaces.length === 0 ? [line("Nothing runs on any interface.")] : ofInterfaces),
    EMPTY,
    ...(neighbors.length === 0 ? [line("There are no neighbors.")] : ofNeighbors),
    EMPTY,
  ];
}

const HEAD_ROWS = 2;
/** A heading and a sentence. */
const TREES_ROWS = 2;
const BOTTOM_ROWS = 1;
/** With fewer rows, there are only trees. */
const SMALL_ROWS = 16;

interface Heights {
  readonly upper: number;
  readonly trees: number;
  readonly events: number;
}

/** How many rows each part has, headings left out; where there are few, trees go first. */
function heightsOf(picture: Picture | null, size: Size): Heights {
  const room = size.rows - HEAD_ROWS - TREES_ROWS - BOTTOM_ROWS;
  if (picture === null || size.rows < SMALL_ROWS) {
    return { upper: 0, trees: Math.max(0, room), events: 0 };
  }
  const events = Math.min(10, Math.floor(size.rows / 5));
  const above = upper(picture, size).length;
  // The events have an empty line before them.
  const trees = Math.max(1, room - above - events - 1);
  return { upper: Math.max(0, room - trees - events - 1), trees, events };
}

/** How far the trees can be scrolled. */
export function extentOf(trees: number, picture: Picture | null, size: Size): Extent {
  return { trees, page: Math.max(1, heightsOf(picture, size).trees) };
}

/** Where the shown trees begin: trees may have gone since that was chosen. */
const firstOf = ({ first }: View, { trees, page }: Extent): number =>
  Math.max(0, Math.min(first, trees - page));

/** Those of the flows that are shown. */
export function shownFlows(
  flows: readonly Flow[],
  view: View,
  { picture, size }: { readonly picture: Picture | null; readonly size: Size },
): readonly Flow[] {
  const extent = extentOf(flows.length, picture, size);
  const first = firstOf(view, extent);
  return flows.slice(first, first + extent.page);
}

function treeLines(picture: Picture, view: View, size: Size): readonly Line[] {
  const { flows, details } = picture;
  const shown = shownFlows(flows, view, { picture, size });
  if (shown.length === 0) {
    return [line(textOf(view.narrowing) === "" ? "There are no trees." : "Nothing matches.")];
  }
  const rows = shown.map((flow) => treeRow(flow, details.get(treeOf(flow))));
  const first = firstOf(view, extentOf(flows.length, picture, size));
  const place =
    shown.length === flows.length
      ? EMPTY
      : line(`trees ${first + 1} to ${first + shown.length} of ${flows.length}, the busiest first`);
  return [...table(TREE_HEAD, rows), place];
}

const helpLines = (): readonly Line[] =>
  table(
    ["Key", ""],
    KEYS.map((row) => [...row]),
  );

function bottom({ typing, remark }: View): Line {
  if (remark !== null) return line(remark, "warning");
  return line(typing === null ? "q ends, ? helps" : `group or source: ${typing}_`);
}

/** Control characters would be commands to the terminal. */
const harmless = (text: string): string => text.replaceAll(/\p{Cc}/gu, "?");

const cut = ({ text, look }: Line, columns: number): Line => ({
  text: harmless(text).slice(0, columns),
  look,
});

function filled(lines: readonly Line[], height: number): readonly Line[] {
  const missing = Math.max(0, height - lines.length);
  return [...lines.slice(0, height), ...Array.from({ length: missing }, () => EMPTY)];
}

function middle(scene: Scene, view: View, size: Size): readonly Line[] {
  const { picture, events } = scene;
  const height = Math.max(0, size.rows - HEAD_ROWS - BOTTOM_ROWS);
  if (view.isHelp) return filled(helpLines(), height);
  if (picture === null) return filled([], height);
  const heights = heightsOf(picture, size);
  const last = heights.events === 0 ? [] : events.slice(-heights.events).map(eventLine);
  const lower = heights.events === 0 ? [] : filled([EMPTY, ...last], heights.events + 1);
  const above = upper(picture, size).slice(0, heights.upper);
  const trees = treeLines(picture, view, size);
  return [...filled([...above, ...trees], height - lower.length), ...lower];
}

/** The lines of a frame: as many as the terminal has rows, none longer than it is wide. */
export function frameOf(scene: Scene, view: View, size: Size): readonly Line[] {
  const head = scene.picture === null ? line("hpim-dm", "title") : headline(scene.picture);
  const lines = [head, status(scene, view), ...middle(scene, view, size), bottom(view)];
  return filled(lines, size.rows).map((one) => cut(one, size.columns));
}
