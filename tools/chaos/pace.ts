// How fast a chaos run goes: timers of the protocols, and how long things last.
import { millis, seconds } from "../../src/base/units.ts";
import type { Settings } from "./daemons.ts";
import type { Patience } from "./judge.ts";
import type { Temper } from "./shock.ts";

/** A pace. */
export interface Pace {
  readonly settings: Settings;
  readonly temper: Omit<Temper, "spared">;
  readonly patience: Patience;
  /** Sources fall silent in one of so many rounds. */
  readonly silentEvery: number;
}

/** Rounds of more than a minute: neighbors hold for four seconds. */
export const LONG: Pace = {
  settings: {
    hpim: {
      helloPeriod: "1s",
      syncRetransmissionTime: "1s",
      syncHoldTime: "4s",
      retransmissionTime: "1s",
      sourceActiveTime: "10s",
      initialFloodTime: "5s",
    },
    igmp: { queryInterval: "5s", queryResponseInterval: "1s" },
  },
  temper: {
    span: seconds(60),
    pause: seconds(1),
    holdTime: seconds(4),
    longestHarm: seconds(60),
  },
  patience: { restMillis: 120_000, packets: 100 },
  silentEvery: 5,
};

/** Rounds of some seconds: neighbors hold for two, which also a busy machine keeps. */
export const SHORT: Pace = {
  settings: {
    hpim: {
      helloPeriod: "500ms",
      triggeredHelloDelay: "20ms",
      syncRetransmissionTime: "250ms",
      syncHoldTime: "2s",
      retransmissionTime: "500ms",
      sourceActiveTime: "3s",
      initialFloodTime: "1s",
    },
    igmp: { queryInterval: "2s", queryResponseInterval: "500ms" },
  },
  temper: {
    span: seconds(5),
    pause: millis(250),
    holdTime: seconds(2),
    longestHarm: seconds(5),
  },
  patience: { restMillis: 90_000, packets: 40 },
  silentEvery: 2,
};
