// The terminal that hpim-dm watch draws on: the only place with escape sequences (ECMA-48, and the private modes of xterm).
import { writeSync } from "node:fs";
import { emitKeypressEvents } from "node:readline";
import type { Size } from "./frame.ts";
import type { Line } from "./parts.ts";
import type { Key } from "./view.ts";

const ESCAPE = "\u001b[";
const ENTER = `${ESCAPE}?1049h${ESCAPE}?25l${ESCAPE}?7l`;
const LEAVE = `${ESCAPE}?7h${ESCAPE}?25h${ESCAPE}?1049l`;
const HOME = `${ESCAPE}H`;
const CLEAR_REST_OF_LINE = `${ESCAPE}K`;
const PLAIN = `${ESCAPE}m`;
const LOOKS: Readonly<Record<Line["look"], string>> = {
  plain: "",
  title: `${ESCAPE}1m`,
  heading: `${ESCAPE}7m`,
  warning: `${ESCAPE}1m`,
  alarm: `${ESCAPE}1;7m`,
  past: `${ESCAPE}2m`,
};

const drawn = ({ text, look }: Line): string =>
  `${LOOKS[look]}${text}${PLAIN}${CLEAR_REST_OF_LINE}`;

/** What draws and listens until it is left. */
export interface Screen {
  size(): Size;
  draw(lines: readonly Line[]): void;
  /** Leaves the terminal as it was found. Once is enough, again does no harm. */
  leave(): void;
}

/** Takes the terminal over. `onKey`: a key was pressed; `onResize`: its size has changed; `onGone`: it has gone. */
export function openScreen(on: {
  readonly key: (key: Key) => void;
  readonly resize: () => void;
  readonly gone: () => void;
}): Screen {
  const { stdin, stdout } = process;
  let isOpen = true;
  const leave = (): void => {
    if (!isOpen) return;
    isOpen = false;
    try {
      stdin.setRawMode(false);
      writeSync(stdout.fd, LEAVE);
    } catch {}
  };
  process.on("exit", leave);
  // What is printed of a bug would be lost with the other screen.
  process.on("uncaughtExceptionMonitor", leave);
  stdout.write(ENTER);
  stdin.setRawMode(true);
  emitKeypressEvents(stdin);
  stdin.on("keypress", (_, key: Key) => on.key(key));
  stdin.on("end", on.gone);
  stdin.on("error", on.gone);
  stdout.on("resize", on.resize);
  return {
    // A terminal may not know its own.
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    draw: (lines) => {
      if (isOpen) stdout.write(HOME + lines.map(drawn).join("\r\n"));
    },
    leave,
  };
}
