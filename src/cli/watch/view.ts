// What whoever watches has chosen, and what keys do to it.
import { parseGroups, parseSources } from "../../api/lists/filters.ts";

/** What is narrowed to, by one prefix of groups or of sources; neither: nothing. */
export interface Narrowing {
  readonly group?: string;
  readonly source?: string;
}

/** What is chosen. */
export interface View {
  /** The first tree that is shown. */
  readonly first: number;
  readonly narrowing: Narrowing;
  /** The text of a prefix that is being typed; null: none is. */
  readonly typing: string | null;
  /** What is wrong with what was typed. */
  readonly remark: string | null;
  readonly isPaused: boolean;
  readonly isHelp: boolean;
  readonly hasEnded: boolean;
}

/** At the beginning. */
export const INITIAL_VIEW: View = {
  ...{ first: 0, narrowing: {}, typing: null, remark: null },
  ...{ isPaused: false, isHelp: false, hasEnded: false },
};

/** A key, as node:readline names it. */
export interface Key {
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  /** Escape came just before it. */
  readonly meta?: boolean | undefined;
  readonly sequence?: string | undefined;
}

/** How many trees there are, and how many are shown at a time. */
export interface Extent {
  readonly trees: number;
  readonly page: number;
}

function narrowingOf(text: string): Narrowing | null {
  if (text === "") return {};
  if (parseGroups(text) !== undefined) return { group: text };
  return parseSources(text) === undefined ? null : { source: text };
}

/** What is narrowed to, as it was typed. */
export const textOf = ({ group, source }: Narrowing): string => group ?? source ?? "";

function typed(view: View, text: string, { name, ctrl = false, sequence = "" }: Key): View {
  if (ctrl && name === "u") return { ...view, typing: "", remark: null };
  switch (name) {
    case "return":
    case "enter": {
      const narrowing = narrowingOf(text.trim());
      if (narrowing !== null) return { ...view, narrowing, typing: null, remark: null, first: 0 };
      const remark = `${text} is no group or source, nor a prefix such as 239.1.0.0/16.`;
      return { ...view, remark };
    }
    case "escape":
      return { ...view, typing: null, remark: null };
    case "backspace":
      return { ...view, typing: text.slice(0, -1), remark: null };
    default:
      return /^[0-9a-f.:/]$/i.test(sequence)
        ? { ...view, typing: text + sequence, remark: null }
        : view;
  }
}

const scrolled = (view: View, by: number, { trees, page }: Extent): View => {
  const last = Math.max(0, trees - page);
  return { ...view, first: Math.min(last, Math.max(0, Math.min(view.first, last) + by)) };
};

/** What each key does that is not typed into something, for the help. */
export const KEYS: readonly (readonly [keys: string, effect: string])[] = [
  ["j, k, arrows", "one tree down, up"],
  ["page keys, space", "a page down, up"],
  ["g, G, home, end", "the busiest trees, and the others"],
  ["/", "only trees of a group, source or prefix; empty: all"],
  ["p", "pause, or go on"],
  ["?", "this help, or no more"],
  ["q, ctrl-C", "end"],
];

function pressNamed(view: View, name: Key["name"], extent: Extent): View {
  switch (name) {
    case "q":
      return { ...view, hasEnded: true };
    case "escape":
      return { ...view, isHelp: false };
    case "p":
      return { ...view, isPaused: !view.isPaused };
    case "j":
    case "down":
      return scrolled(view, 1, extent);
    case "k":
    case "up":
      return scrolled(view, -1, extent);
    case "pagedown":
    case "space":
      return scrolled(view, extent.page, extent);
    case "pageup":
      return scrolled(view, -extent.page, extent);
    case "g":
    case "home":
      return scrolled(view, -extent.trees, extent);
    case "end":
      return scrolled(view, extent.trees, extent);
    default:
      return view;
  }
}

/** What the view becomes by a key. */
export function press(view: View, key: Key, extent: Extent): View {
  const { name, ctrl = false, meta = false, sequence = "" } = key;
  if (meta && name !== "escape") {
    const left = press(view, { name: "escape" }, extent);
    return press(left, { name, ctrl, sequence: sequence.slice(1) }, extent);
  }
  if (ctrl && name === "c") return { ...view, hasEnded: true };
  if (view.typing !== null) return typed(view, view.typing, key);
  switch (sequence) {
    case "/":
      return { ...view, typing: "", remark: null };
    case "?":
      return { ...view, isHelp: !view.isHelp };
    case "G":
      return scrolled(view, extent.trees, extent);
    default:
      return pressNamed(view, name, extent);
  }
}
