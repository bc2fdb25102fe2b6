// Since when a tree, and each of its interfaces, is as it is (§9): for those who ask. No decision depends on it.
import type { InterfaceIndex, Millis } from "../base/units.ts";
import type { Settled, SettledInterface } from "./settled.ts";

/** Since when an interface is what it is in a tree. */
export interface InterfaceTimes {
  readonly role: Millis;
  /** Assert winner or loser (§9.2). */
  readonly assert: Millis;
  /** Downstream interested or not (§9.3). */
  readonly downstream: Millis;
  /** Forwarding or not (§9.4). */
  readonly forwarding: Millis;
}

/** Since when a tree is as it is. */
export interface TreeTimes {
  /** Its state (§9.1). */
  readonly state: Millis;
  readonly interfaces: ReadonlyMap<InterfaceIndex, InterfaceTimes>;
}

/** Of a tree that is made at `now`. */
export const newTimes = (now: Millis): TreeTimes => ({ state: now, interfaces: new Map() });

const isSame = (before: SettledInterface, after: SettledInterface): boolean =>
  before.role === after.role &&
  before.winner === after.winner &&
  before.downstream === after.downstream &&
  before.forwarding === after.forwarding;

/** Whether all is as it was: so it is most often, and costs nothing then. */
function isUnchanged(before: Settled, after: Settled): boolean {
  if (before.state !== after.state) return false;
  if (before.interfaces.size !== after.interfaces.size) return false;
  for (const [index, at] of after.interfaces) {
    const was = before.interfaces.get(index);
    if (was === undefined || !isSame(was, at)) return false;
  }
  return true;
}

function stepInterface(
  times: InterfaceTimes | undefined,
  before: SettledInterface | undefined,
  after: SettledInterface,
  now: Millis,
): InterfaceTimes {
  if (times === undefined || before?.role !== after.role) {
    return { role: now, assert: now, downstream: now, forwarding: now };
  }
  return {
    role: times.role,
    assert: before.winner === after.winner ? times.assert : now,
    downstream: before.downstream === after.downstream ? times.downstream : now,
    forwarding: before.forwarding === after.forwarding ? times.forwarding : now,
  };
}

/** The times of a tree that was settled anew at `now`; the same object if all is as it was. */
export function stepTimes(
  times: TreeTimes,
  before: Settled,
  after: Settled,
  now: Millis,
): TreeTimes {
  if (isUnchanged(before, after)) return times;
  const interfaces = new Map<InterfaceIndex, InterfaceTimes>();
  for (const [index, at] of after.interfaces) {
    const was = before.interfaces.get(index);
    interfaces.set(index, stepInterface(times.interfaces.get(index), was, at, now));
  }
  return { state: before.state === after.state ? times.state : now, interfaces };
}

/** The times with another instant in place of each. */
export const mapTimes = (times: TreeTimes, change: (at: Millis) => Millis): TreeTimes => ({
  state: change(times.state),
  interfaces: new Map(
    [...times.interfaces].map(([index, at]) => [
      index,
      {
        role: change(at.role),
        assert: change(at.assert),
        downstream: change(at.downstream),
        forwarding: change(at.forwarding),
      },
    ]),
  ),
});
