// The timers of an interface: how long they run, and what becomes of those that run when its settings change (§16).

import { known } from "../base/invariant.ts";
import { lengthChange, retimed, retimedInFull } from "../base/length-change.ts";
import type { Millis } from "../base/units.ts";
import { millis } from "../base/units.ts";
import type { InterfaceSettings } from "./settings.ts";
import type { RunningInterface } from "./state.ts";
import { isSynced } from "./state.ts";
import type { InterfaceTimerEvent, TimerEvent } from "./timers.ts";
import type { Turn } from "./turn.ts";

/** The settings in force on the interface. */
export const settingsOf = (at: RunningInterface): InterfaceSettings =>
  known(at.facts.protocol, "settings of an interface that HPIM-DM runs on");

/** How long a timer runs under these settings; a liveness timer: while the neighbor synchronises (§6.2). */
function lengthOf(event: InterfaceTimerEvent, settings: InterfaceSettings): Millis {
  switch (event.kind) {
    case "firstHello":
      return millis(Math.floor(event.drawn * (settings.triggeredHelloDelay + 1)));
    case "hello":
      return settings.helloPeriod;
    case "earlyHello":
      return event.period;
    case "liveness":
      return settings.syncHoldTime;
    case "syncRetransmission":
      return settings.syncRetransmissionTime;
    case "retransmission":
      return settings.retransmissionTime;
  }
}

/** Starts a timer, or starts it anew, with the length that the settings give it. */
export const startTimer = (turn: Turn, at: RunningInterface, event: InterfaceTimerEvent): void =>
  turn.setTimer(event, lengthOf(event, settingsOf(at)));

/** Neighbors count by the HoldTime that they heard last, and one that was refused for want of room is met by what it answers. */
function callsForHello(at: RunningInterface, was: InterfaceSettings): boolean {
  const { helloPeriod, neighborLimit } = settingsOf(at);
  const wasFull = at.running.neighbors.size >= was.neighborLimit;
  return helloPeriod !== was.helloPeriod || (wasFull && neighborLimit > was.neighborLimit);
}

/** Four Hellos in all announce a HelloPeriod that was raised: as many as a HoldTime lasts (§5.2). */
const EARLY_HELLOS = 3;

/** The Hello that leaves at once because the settings were others, `was`. */
function nextHello(
  at: RunningInterface,
  was: InterfaceSettings,
  running: TimerEvent,
): InterfaceTimerEvent {
  const hello = { kind: "hello", interface: at.facts.index } as const;
  const period = running.kind === "earlyHello" ? running.period : was.helloPeriod;
  const isRaised = settingsOf(at).helloPeriod > period;
  return isRaised ? { ...hello, kind: "earlyHello", period, left: EARLY_HELLOS } : hello;
}

/** §16: the settings of the interface were others, `was`. */
export function retimeInterface(turn: Turn, at: RunningInterface, was: InterfaceSettings): void {
  const { timers } = turn.state;
  timers.retime(({ event, due }) => {
    if (!("interface" in event) || event.interface !== at.facts.index) return due;
    if (event.kind === "hello") return due;
    const change = lengthChange((settings) => lengthOf(event, settings), was, settingsOf(at));
    if (event.kind !== "liveness") return retimed(due, change);
    const neighbor = known(at.running.neighbors.get(event.neighbor), "neighbor of a timer");
    return isSynced(neighbor) ? due : retimedInFull(due, change, turn.now);
  });
  const running = known(timers.get({ kind: "hello", interface: at.facts.index }), "Hello timer");
  if (running.event.kind === "firstHello" || !callsForHello(at, was)) return;
  timers.set(turn.now, nextHello(at, was, running.event));
}
