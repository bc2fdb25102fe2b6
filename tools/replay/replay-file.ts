// A recording file replayed for people: what was reported, with its time of day, then whether all went as recorded.
import type { ListName } from "../../src/api/lists/lists.ts";
import type { Answer } from "../../src/api/lists/schemas.ts";
import { LIST_SCHEMAS } from "../../src/api/lists/schemas.ts";
import type { Millis } from "../../src/base/units.ts";
import type { Render } from "../../src/cli/show/render.ts";
import { RENDERERS } from "../../src/cli/show/renderers.ts";
import type { Engine } from "../../src/daemon/engine.ts";
import { documentOf } from "../../src/daemon/lists/document.ts";
import { NO_FILTER } from "../../src/daemon/lists/list.ts";
import { LIST_ROWS } from "../../src/daemon/lists/lists.ts";
import type { Heading } from "../../src/daemon/recording/lines.ts";
import { noticeSentence } from "../../src/daemon/sentences.ts";
import type { ReplayEnd } from "../../src/sim/replay/replay.ts";
import { Replay } from "../../src/sim/replay/replay.ts";
import { linesOfFile } from "./lines-of-file.ts";

/** Lists that a recording tells all of: the kernel's own entries are not in it. */
export type ShownList = Exclude<ListName, "mroute">;

const MOST_CHARACTERS = 2_000;

const clipped = (text: string | null): string => {
  if (text === null) return "nothing more";
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)} ...`;
};

/** The time of day at an instant of a recording. */
const timeOf = ({ time, at: begin }: Heading, at: Millis): string =>
  new Date(Date.parse(time) + at - begin).toISOString();

function endLines(end: ReplayEnd, heading: Heading): readonly string[] {
  const { last } = end;
  if (last === null) return ["Nothing is recorded."];
  const where = `input ${last.input} (line ${last.line}, ${timeOf(heading, last.at)})`;
  if (end.kind === "same") return [`The same, to its end: ${where}.`];
  const upon = `upon ${where}: ${clipped(last.text)}`;
  if (end.kind === "different") {
    const { recorded, done } = end;
    return [
      `DIFFERENT ${upon}`,
      `  recorded  ${clipped(recorded)}`,
      `  done      ${clipped(done)}`,
    ];
  }
  const { error, isEnd } = end;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const met = isEnd ? ["The recording ends there: its daemon met the same."] : [];
  return [`THROWS ${upon}`, stack, ...met];
}

function* listLines<Name extends ShownList>(name: Name, engine: Engine): Generator<string> {
  const rows = LIST_ROWS[name](engine, NO_FILTER);
  const answer = LIST_SCHEMAS[name].parse(JSON.parse([...documentOf(rows)].join("")));
  const render: Render<Answer<Name>> = RENDERERS[name];
  yield `\n${name}:`;
  yield* render(answer as Answer<Name>, { width: process.stdout.columns, isNarrowed: false });
}

/**
 * Replays a file. `say` gets each line of the report, which ends with these lists. Returns how the replay ends. Throws
 * RecordingError, or what node:fs throws.
 */
export function replayFile(
  path: string,
  lists: readonly ShownList[],
  say: (line: string) => void,
): ReplayEnd["kind"] {
  let isCut = false;
  const lines = linesOfFile(path, () => {
    isCut = true;
  });
  const replay = new Replay(lines, (notice, at) => {
    const { engine } = replay;
    const sentence = noticeSentence(notice, (index) => engine.nameOf(index));
    say(`${timeOf(heading, at)} ${sentence}`);
  });
  const { engine, heading } = replay;
  say(`Recorded by ${heading.program}, from ${heading.time} on.`);
  const end = replay.run();
  if (isCut) say("The last line is cut off, as that of a daemon that was killed; it is left out.");
  for (const line of endLines(end, heading)) say(line);
  for (const name of lists) for (const line of listLines(name, engine)) say(line);
  return end.kind;
}
