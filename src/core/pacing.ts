// Pacing (§8.6): how many messages that one neighbor has not acknowledged may be under way, so that a slow one is not buried.

/** How one neighbor is kept up with. */
export interface Pace {
  /** How many may be under way to it. */
  readonly window: number;
  /** Messages that were sent, and that it owes an Ack of. */
  readonly underWay: number;
  /** It has missed an Ack since its last one: what it may be sent tells nothing of how fast it is. */
  readonly stalled: boolean;
}

/** No window is smaller. It is small enough for whoever acknowledges three messages a second (§5.5). */
export const SMALLEST_WINDOW = 32;

/** Of a neighbor that has not been sent anything. */
export const FIRST_PACE: Pace = { window: SMALLEST_WINDOW, underWay: 0, stalled: false };

/** Whether another message may be sent. `limit`: of all windows. */
export const hasRoom = ({ window, underWay }: Pace, limit: number): boolean =>
  underWay < Math.min(window, limit);

/** `change`: how many more messages are under way than before. */
export const stepUnderWay = ({ window, underWay, stalled }: Pace, change: number): Pace => ({
  window,
  underWay: underWay + change,
  stalled,
});

/** An Ack has come: a window that was just full is too small; what exceeds one that was halved tells nothing. `limit`: of all windows. */
export const stepAcked = ({ window, underWay }: Pace, limit: number): Pace => ({
  window: window + (underWay === window && window < limit ? 1 : 0),
  underWay,
  stalled: false,
});

/** No Ack has come in time. */
export const stepMissed = ({ window, underWay }: Pace): Pace => ({
  window: Math.max(Math.floor(window / 2), SMALLEST_WINDOW),
  underWay,
  stalled: true,
});
