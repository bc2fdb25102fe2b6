// Neighborhoods that go on and flows that arrive whole, while something is done to the network.
import assert from "node:assert/strict";
import type { LabNetwork } from "../scenarios/lab-network.ts";

/** A neighborhood as one side sees it. One that has ended and begun anew has other numbers. */
interface Neighborhood {
  readonly numbers: string;
  readonly syncedSeconds: number;
}

/** By "R4 eth1 10.5.5.5". */
type Neighborhoods = ReadonlyMap<string, Neighborhood>;

/** All neighborhoods at the ends that `counts` takes. */
async function neighborhoodsOf(
  network: LabNetwork,
  counts: (end: string) => boolean,
): Promise<Neighborhoods> {
  const routers = [...network.lab.topology.routers.keys()].map(async (router) => {
    const rows = (await network.neighbors(router)).map((row) => {
      const { state, bootTime, mySsn, neighborSsn, syncedSeconds } = row;
      const numbers = `${state} ${bootTime} ${mySsn} ${neighborSsn}`;
      const end = `${router} ${row.interface} ${row.address}`;
      return [end, { numbers, syncedSeconds: syncedSeconds ?? -1 }] as const;
    });
    return rows.filter(([end]) => counts(end));
  });
  return new Map((await Promise.all(routers)).flat());
}

/** Fails unless a host has got every packet of a group since the mark, once and in order. */
export async function expectWhole(network: LabNetwork, host: string, group: string): Promise<void> {
  const numbers = await network.received(host, group);
  assert.ok(numbers.length > 0, `${host} gets packets to ${group}`);
  const first = numbers[0] ?? 0;
  const wrong = numbers.findIndex((number, i) => number !== first + i);
  const around = numbers.slice(Math.max(0, wrong - 2), wrong + 3);
  assert.equal(wrong, -1, `${host} gets packets to ${group} out of order: ${around}`);
}

/** What is not to be disturbed. */
export interface Undisturbed {
  /** Hosts with the groups that they listen to. */
  readonly flows: readonly (readonly [host: string, group: string])[];
  /** Ends of neighborhoods, "R4 eth1 10.5.5.5", that may go, come and change. */
  readonly but?: RegExp;
}

/**
 * Does something to the network. Fails unless meanwhile all neighborhoods but those that may change have gone on, and all
 * packets of the flows have arrived. `act` may look itself: at each call of what it is given, neighborhoods are looked at.
 */
export async function undisturbed(
  network: LabNetwork,
  { flows, but }: Undisturbed,
  act: (look: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const counts = (end: string): boolean => but?.test(end) !== true;
  let before = await neighborhoodsOf(network, counts);
  const look = async (): Promise<void> => {
    const now = await neighborhoodsOf(network, counts);
    assert.deepEqual([...now.keys()], [...before.keys()]);
    for (const [end, { numbers, syncedSeconds }] of now) {
      const then = before.get(end);
      assert.equal(numbers, then?.numbers, end);
      assert.ok(syncedSeconds >= (then?.syncedSeconds ?? 0), `${end} synchronised again`);
    }
    before = now;
  };
  await network.mark();
  await act(look);
  await look();
  for (const [host, group] of flows) await expectWhole(network, host, group);
}
