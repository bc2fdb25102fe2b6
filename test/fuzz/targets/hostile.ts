// A hostile neighbor, whole stories of it: an insider, with a key and without, in its own name and in others'; and an
// outsider, who forges and replays. The input is the kind of story and its seed.
import type { Target, Verdict } from "../../../tools/fuzz/target.ts";
import { QUICK } from "../../../tools/fuzz/target.ts";
import { playInsider } from "../../hostile/insider.ts";
import { playForgeries, playReplays } from "../../hostile/outsider.ts";

const STEPS = 100;

type Story = (seed: number) => void;

const insider =
  (isKeyed: boolean, isForging: boolean): Story =>
  (seed) =>
    playInsider({ seed, isKeyed, isForging, steps: STEPS });

const STORIES: readonly (readonly [kind: string, play: Story])[] = [
  ["insider without keys", insider(false, false)],
  ["insider with a key", insider(true, false)],
  ["insider in others' names, without keys", insider(false, true)],
  ["insider in others' names, with a key", insider(true, true)],
  ["forgeries", (seed) => playForgeries({ seed, steps: STEPS })],
  ["replays", (seed) => playReplays({ seed, steps: STEPS })],
];

function execute(input: Uint8Array): Verdict {
  const bytes = new Uint8Array(5);
  bytes.set(input.subarray(0, bytes.length));
  const view = new DataView(bytes.buffer);
  const [kind, play] = STORIES[view.getUint8(0) % STORIES.length] ?? ["none", () => undefined];
  play(view.getUint32(1));
  return { accepted: true, kind };
}

/** Of a million executions, a hundred are of this. */
export const target: Target = {
  ...QUICK,
  ...{ name: "hostile", share: 0.0001, patienceSeconds: 600 },
  seeds: () => STORIES.map((_, n) => Uint8Array.of(n, 0, 0, 0, 1)),
  vary: ({ random }) => Uint8Array.from({ length: 5 }, () => random.below(256)),
  execute,
};
