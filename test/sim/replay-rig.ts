// Routers of the simulator that are recorded, and what becomes of their recordings when they are replayed.
import assert from "node:assert/strict";
import type { Network } from "../../src/sim/network.ts";
import type { ReplayEnd } from "../../src/sim/replay/replay.ts";
import { Replay } from "../../src/sim/replay/replay.ts";

/** A recording of a daemon: its lines. */
export interface Recording {
  readonly router: string;
  readonly lines: string[];
}

/** From now on, all daemons that start are recorded here. */
export function recordAll(network: Network): readonly Recording[] {
  const recordings: Recording[] = [];
  for (const router of network.topology.routers.keys()) {
    network.machine(router).newRecording = () => {
      const lines: string[] = [];
      recordings.push({ router, lines });
      return (line) => lines.push(line);
    };
  }
  return recordings;
}

/** How the replay of a recording ends. */
export const replayed = (lines: readonly string[]): ReplayEnd =>
  new Replay(lines, () => undefined).run();

/** Replays all recordings, of which there must be some: none may differ, or leave a line out. */
export function expectSame(recordings: readonly Recording[]): void {
  assert.notEqual(recordings.length, 0, "something is recorded");
  for (const { router, lines } of recordings) {
    const { last, ...end } = replayed(lines);
    assert.deepEqual(end, { kind: "same" }, `${router}, upon ${JSON.stringify(last)}`);
    assert.equal(last?.input, lines.filter((line) => line.startsWith('{"at"')).length);
  }
}
