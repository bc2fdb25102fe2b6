// A worker: plays the seeds that it is given.
import type { Outcome } from "./play.ts";
import { playSeed } from "./play.ts";

/** Plays a seed. */
export const play = (seed: number): Outcome => playSeed(seed, false);
