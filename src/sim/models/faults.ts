// What models with faults have in common: a clock by which what is lost is sent again, and what must hold of reliable
// transmission (§8, §15) whatever happens to messages.
import { type Address, formatAddress } from "../../base/address.ts";
import { orderedValues } from "../../base/ordered.ts";
import type { RouterMemory } from "../../core/memory.ts";
import type { RouterInterface } from "../../core/state.ts";
import { timerKey } from "../../core/timers.ts";
import { NOW } from "../explorer/clock.ts";
import type { Clock, Faults, Rest, TakenStep } from "../explorer/model.ts";

/** Everything that is sent again or given up by time. */
export const CLOCK: Clock = {
  timers: ["liveness", "retransmission", "syncRetransmission"],
  within: null,
};

/** Faults that happen to all kinds of messages. */
export const toAll = (budget: Omit<Faults, "hit">): Faults => ({ ...budget, hit: () => true });

/**
 * Faults that happen to what is said of trees, and the loss of Acks. Between SYNCED neighbors an Ack that comes twice or
 * late is one that comes once (§8.2, reduction.ts), and a Hello that is lost is made good by the next.
 */
export const toTrees = (budget: Omit<Faults, "hit">): Faults => ({
  ...budget,
  hit: ({ kind }, fault) =>
    kind === "ack" ? fault === "losses" : kind !== "hello" && kind !== "sync",
});

/** What the router still awaits Acks of, by interface. */
function outstandingSns(memory: RouterMemory | null): ReadonlyMap<number, readonly number[]> {
  const sns = new Map<number, readonly number[]>();
  for (const { facts, running } of orderedValues<number, RouterInterface>(
    memory?.interfaces ?? new Map(),
  )) {
    const messages = running === null ? [] : orderedValues(running.outstanding).flat();
    sns.set(
      facts.index,
      messages.map(({ message }) => message.sn),
    );
  }
  return sns;
}

/** P2: at rest nothing awaits an Ack, or it would be sent again. */
export const brokenReliability = (rest: Rest, routers: readonly number[]): readonly string[] =>
  routers.flatMap((router) =>
    [...outstandingSns(rest.memory(router))]
      .filter(([, sns]) => sns.length > 0)
      .map(([index, sns]) => `R${router} awaits Acks on if${index} of SN ${sns.join(", ")}`),
  );

/** §15: the CheckpointSN that is advertised is below every SN that is outstanding. */
export const brokenCheckpoints = ({ router, actions, after }: TakenStep): readonly string[] =>
  actions.flatMap((action) => {
    if (action.kind !== "send" || action.message.kind !== "hello") return [];
    const { checkpointSn = 0 } = action.message.options;
    const lowest = Math.min(...(outstandingSns(after).get(action.interface) ?? []));
    return checkpointSn < lowest
      ? []
      : [`R${router} advertises CheckpointSN ${checkpointSn}, and awaits an Ack of SN ${lowest}`];
  });

/** §8.3: nothing is sent again for ever: who owes an Ack for so long is given up. */
export const brokenPatience = ({ router, after }: TakenStep): readonly string[] =>
  orderedValues<number, RouterInterface>(after?.interfaces ?? new Map()).flatMap(
    ({ facts, running }) => {
      const limit = facts.protocol?.ackFailureThreshold ?? 0;
      const late = running === null ? [] : orderedValues(running.outstanding).flat();
      return late
        .filter(({ expiries }) => expiries > limit)
        .map(({ message }) => `R${router} goes on sending SN ${message.sn} on ${facts.name}`);
    },
  );

/** Whether an incident has a hold time end before it is over. */
const isSuspicion = ({ act, before }: TakenStep): boolean => {
  if (act.kind !== "expire" || act.timer.kind !== "liveness") return false;
  const key = timerKey(act.timer);
  return before.timers.some((timer) => timer.key === key && timer.due > NOW);
};

/**
 * §6.5, §8.3: no neighbor is given up of which so little was lost: what is sent again comes through in time.
 * `isGone`: whether a neighbor may have failed.
 */
export const brokenNeighborhoods = (
  taken: TakenStep,
  isGone: (neighbor: Address) => boolean,
): readonly string[] =>
  taken.actions.flatMap((action) => {
    if (action.kind !== "notice" || action.notice.kind !== "neighborFailed") return [];
    const { neighbor, why } = action.notice;
    if (isGone(neighbor) || isSuspicion(taken)) return [];
    return [`R${taken.router} gives ${formatAddress(neighbor)} up: ${why}`];
  });
