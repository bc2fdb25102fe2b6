// Makes a failing story short: events are left out, in ever smaller pieces, as long as it still fails.
import { live } from "./live.ts";
import type { Story } from "./story.ts";

const fails = (story: Story): boolean => live(story).problems.length > 0;

/** A part of `story` that fails and from which no single event can be left out. */
export function shrink(story: Story): Story {
  let shortest = story;
  for (let size = Math.ceil(story.events.length / 2); size >= 1; ) {
    let hasShrunk = false;
    for (let from = 0; from < shortest.events.length; ) {
      const events = shortest.events.toSpliced(from, size);
      const candidate = { ...shortest, events };
      if (fails(candidate)) {
        shortest = candidate;
        hasShrunk = true;
      } else from += size;
    }
    if (!hasShrunk || size > 1) size = size === 1 ? 0 : Math.floor(size / 2);
  }
  return shortest;
}
