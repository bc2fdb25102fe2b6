// What is said of a failing story: it is made short first, by leaving out events in ever smaller pieces.
import { live } from "./live.ts";
import type { Story } from "./story.ts";
import { storyLines } from "./story.ts";

const fails = (story: Story): boolean => live(story).problems.length > 0;

/** `story` without all those pieces of `size` events that it fails without. */
function withoutPieces(story: Story, size: number): Story {
  let shortest = story;
  for (let from = 0; from < shortest.events.length; ) {
    const candidate = { ...shortest, events: shortest.events.toSpliced(from, size) };
    if (fails(candidate)) shortest = candidate;
    else from += size;
  }
  return shortest;
}

/** A part of the failing `story` that fails, from which no single event can be left out. */
function shrink(story: Story): Story {
  let shortest = story;
  for (let size = Math.ceil(story.events.length / 2); size > 1; size = Math.ceil(size / 2)) {
    shortest = withoutPieces(shortest, size);
  }
  for (let before = -1; before !== shortest.events.length; ) {
    before = shortest.events.length;
    shortest = withoutPieces(shortest, 1);
  }
  return shortest;
}

/** The failing `story`, made short, and its problems, in lines. */
export function reportOf(story: Story): readonly string[] {
  const short = shrink(story);
  const title = `FAILED seed ${story.seed}, shrunk from ${story.events.length} to ${short.events.length} events:`;
  return [title, ...storyLines(short), ...live(short).problems].map((line, i) =>
    i === 0 ? line : `  ${line}`,
  );
}
