// A frame of hpim-dm watch: what was seen and what is chosen, as the lines of a terminal of some size. No line has control
// characters of its own: names and sentences may come from others.
import { counted } from "../show/render.ts";
import { broken, duration } from "../table.ts";
import { fitting, shortened } from "./columns.ts";
import type { Flow } from "./flows.ts";
import type { Picture } from "./look.ts";
import type { Line, Part } from "./parts.ts";
import { eventsPart, interfacesPart, line, neighborsPart, table, treesPart } from "./parts.ts";
import { shared } from "./shares.ts";
import type { Extent, View } from "./view.ts";
import { KEYS, textOf } from "./view.ts";

/** Of a terminal, in characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** That the daemon does not answer. */
export interface Absence {
  readonly since: Date;
  readonly seconds: number;
  /** Why, in a sentence. */
  readonly reason: string;
}

/** What there is to show. */
export interface Scene {
  /** What was seen last; null: nothing yet. */
  readonly picture: Picture | null;
  /** null: the daemon answers. */
  readonly absence: Absence | null;
  /** Lines of the event stream, the last ones. */
  readonly events: readonly string[];
}

const EMPTY = line("");

function headline({ version, summary }: Picture, columns: number): Line {
  const { program, pid, uptimeSeconds } = version;
  const states = summary.trees.map(({ state, trees }) => `${trees} ${state}`).join(", ");
  const all = counted(
    summary.trees.reduce((sum, { trees }) => sum + trees, 0),
    "tree",
  );
  const up = `up ${duration(uptimeSeconds)}`;
  const text = fitting(
    columns,
    `${program}, process ${pid}, ${up}    trees: ${states}`,
    `${program}, ${up}    trees: ${states}`,
    `${program}, ${up}    ${all}`,
    `${up}, ${all}`,
  );
  return line(text, "title");
}

function absenceLines({ since, seconds, reason }: Absence, { columns, rows }: Size): Line[] {
  const at = `since ${since.toISOString().slice(11, 19)}`;
  const text = fitting(
    columns,
    `NO ANSWER from the daemon ${at} (${duration(seconds)}): this is what was seen last.`,
    `NO ANSWER from the daemon ${at} (${duration(seconds)})`,
    `NO ANSWER ${at} (${duration(seconds)})`,
    `NO ANSWER ${at}`,
    "NO ANSWER",
  );
  const why = broken(reason, columns).slice(0, Math.floor(rows / 4));
  return [line(text.padEnd(columns), "alarm"), ...why.map((one) => line(one, "warning"))];
}

function head({ picture, absence }: Scene, size: Size): readonly Line[] {
  if (absence !== null) return absenceLines(absence, size);
  return [picture === null ? line("hpim-dm", "title") : headline(picture, size.columns)];
}

/** What is out of the ordinary in the view, and over which time the rates are. */
export function statusOf({ picture }: Scene, { isPaused, narrowing }: View): readonly string[] {
  const narrowed = textOf(narrowing);
  const span = picture?.ratesOver ?? null;
  return [
    ...(isPaused ? ["PAUSED (p goes on)"] : []),
    ...(narrowed === "" ? [] : [`only ${narrowed}`]),
    ...(span === null ? [] : [`rates over ${span.toFixed(1)}s`]),
  ];
}

function bottom(scene: Scene, view: View, columns: number): Line {
  const { typing, remark, isPaused } = view;
  if (remark !== null) return line(remark, "warning");
  if (typing !== null) {
    const keys = "ctrl-U clears, escape leaves, empty: all";
    const prompt = fitting(
      columns,
      `group or source (${keys}): ${typing}_`,
      `group or source: ${typing}_`,
    );
    return line(prompt);
  }
  const all = [...statusOf(scene, view), "q ends, ? helps"];
  const texts = all.map((_, i) => all.slice(0, all.length - i).join("; "));
  return line(fitting(columns, ...texts), isPaused ? "warning" : "plain");
}

/** So many events want to be seen before there is room for anything that is empty. */
const WANTED_EVENTS = 10;
const BOTTOM_ROWS = 1;

/** Where the shown trees begin: trees may have gone since that was chosen. */
const firstOf = ({ first }: View, trees: number, page: number): number =>
  Math.max(0, Math.min(first, trees - page));

function partsOf(scene: Scene, picture: Picture, view: View): readonly Part[] {
  const firstIn = (page: number): number => firstOf(view, picture.flows.length, page);
  const empty = textOf(view.narrowing) === "" ? "There are no trees." : "Nothing matches.";
  return [
    interfacesPart(picture),
    neighborsPart(picture),
    treesPart(picture, { firstIn, empty }),
    eventsPart(scene.events),
  ];
}
const [TREES, EVENTS] = [2, 3] as const;

/** How many lines each part has, and whether there are empty ones between them: only if nothing is hidden for it. */
interface Layout {
  readonly parts: readonly Part[];
  readonly lines: readonly number[];
  readonly hasGaps: boolean;
}

function layoutOf(scene: Scene, view: View, size: Size): Layout {
  const { picture } = scene;
  if (picture === null) return { parts: [], lines: [], hasGaps: false };
  const room = Math.max(0, size.rows - head(scene, size).length - BOTTOM_ROWS);
  const parts = partsOf(scene, picture, view);
  const wishes = parts.map((part, i) => ({
    lines: i === EVENTS ? Math.min(part.whole, 1 + WANTED_EVENTS) : part.whole,
    weight: part.weight,
  }));
  const lines = [...shared(room, wishes)];
  const left = room - lines.reduce((sum, one) => sum + one, 0);
  const gaps = lines.filter((one) => one > 0).length - 1;
  const hasGaps = left >= gaps;
  // Older events take what nobody else wants.
  const whole = parts[EVENTS]?.whole ?? 0;
  lines[EVENTS] = Math.min(whole, (lines[EVENTS] ?? 0) + left - (hasGaps ? gaps : 0));
  return { parts, lines, hasGaps };
}

const pageOf = ({ lines }: Layout): number => Math.max(0, (lines[TREES] ?? 0) - 1);

/** How far the trees can be scrolled. */
export function extentOf(scene: Scene, view: View, size: Size): Extent {
  const trees = scene.picture?.flows.length ?? 0;
  return { trees, page: Math.max(1, pageOf(layoutOf(scene, view, size))) };
}

/** Those of the flows that are shown. */
export function shownFlows(scene: Scene, view: View, size: Size): readonly Flow[] {
  const flows = scene.picture?.flows ?? [];
  const page = pageOf(layoutOf(scene, view, size));
  const first = firstOf(view, flows.length, page);
  return flows.slice(first, first + page);
}

function partLines(scene: Scene, view: View, size: Size): readonly Line[] {
  const { parts, lines, hasGaps } = layoutOf(scene, view, size);
  const drawn = parts
    .map(({ linesIn }, i) => linesIn({ columns: size.columns, lines: lines[i] ?? 0 }))
    .filter(({ length }) => length > 0);
  return drawn.flatMap((part, i) => (hasGaps && i > 0 ? [EMPTY, ...part] : part));
}

const helpLines = (width: number): readonly Line[] =>
  table(
    [
      { title: "Key", rank: 0, cell: ([keys]) => keys },
      { title: "", rank: 1, least: 20, cell: ([, effect]) => effect },
    ],
    KEYS,
    { width },
  );

/** Control characters would be commands to the terminal. */
const harmless = (text: string): string => text.replaceAll(/\p{Cc}/gu, "?");

function filled(lines: readonly Line[], height: number): readonly Line[] {
  const missing = Math.max(0, height - lines.length);
  return [...lines.slice(0, height), ...Array.from({ length: missing }, () => EMPTY)];
}

/** What was seen before the daemon fell silent looks like it. */
const past = (one: Line): Line => line(one.text, "past");

/** The lines of a frame: as many as the terminal has rows, none longer than it is wide. */
export function frameOf(scene: Scene, view: View, size: Size): readonly Line[] {
  const above = head(scene, size);
  const height = Math.max(0, size.rows - above.length - BOTTOM_ROWS);
  const seen = view.isHelp ? helpLines(size.columns) : partLines(scene, view, size);
  const isPast = scene.absence !== null && !view.isHelp;
  const middle = filled(isPast ? seen.map(past) : seen, height);
  const lines = [...above, ...middle, bottom(scene, view, size.columns)];
  return filled(lines, size.rows).map(({ text, look }) =>
    line(shortened(harmless(text), size.columns), look),
  );
}
