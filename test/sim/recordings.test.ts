// What a daemon does follows from its recording alone: replayed, the engine does the same.
import { test } from "node:test";
import { millis } from "../../src/base/units.ts";
import { storyOf } from "../../tools/campaign/story.ts";
import { World } from "../../tools/campaign/world.ts";
import { expectSame, recordAll } from "./replay-rig.ts";

const SEEDS = 20;

test(`recorded and replayed: the routers of ${SEEDS} random networks`, () => {
  const now = { pause: millis(0), lag: millis(0) };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { scene, configuration, events } = storyOf(seed);
    const world = new World({ ...scene, running: new Set() }, configuration, seed);
    const recordings = recordAll(world.network);
    for (const router of scene.running) world.play({ ...now, what: { kind: "start", router } });
    for (const event of events) {
      world.play(event);
    }
    expectSame(recordings);
  }
});
