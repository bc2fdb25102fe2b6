// P7: what a message costs does not grow with how many there were before. Effort is counted, not timed: calls of
// functions, as V8 counts them; where branches are measured the same way, this would be in the way.
import assert from "node:assert/strict";
import { Session } from "node:inspector/promises";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { Random } from "../../src/base/random.ts";
import { bootTime, millis, seconds } from "../../src/base/units.ts";
import type { World } from "../../tools/campaign/world.ts";
import { Attacker } from "../hostile/attacker.ts";
import { ADDRESSES, ATTACKED, engineAt, fortress, GROUP, SOURCE } from "../hostile/fortress.ts";
import { data, igmp } from "../hostile/packets.ts";

/** Nothing is refused. */
const LIMITS = {
  ...{ neighborLimit: 2_000, treesPerNeighborLimit: 5_000, treeLimit: 10_000 },
  ...{ dataEntryLimit: 5_000, groupLimit: 5_000 },
};
const OWN = ip("10.0.2.66");
const R1 = ip("10.0.2.11");
/** All in all not more than there are addresses on the link. */
const IN_A_BLOCK = 40;
const BLOCKS = 5;
/** If each cost more with those before, the last block would take several times what an early one does. */
const MOST_GROWTH = 1.5;
const SETTLED = seconds(30);

/** Says message number n of a flood. */
type Flood = (attacker: Attacker, n: number) => void;

const groupOf = (n: number): string => `239.7.${n >> 8}.${n & 0xff}`;
const treeOf = (n: number) => ({ source: SOURCE, group: ip(groupOf(n)) });

const FLOODS: readonly (readonly [name: string, flood: Flood])[] = [
  [
    "offers of new trees",
    (attacker, n) =>
      attacker.say(OWN, R1, {
        ...{ kind: "iamUpstream", bootTime: attacker.bootTimeOf(OWN), sn: attacker.nextSn(OWN) },
        ...{ ...treeOf(n), rpc: { preference: 0, metric: 0 } },
      }),
  ],
  [
    "interest in new trees",
    (attacker, n) =>
      attacker.say(OWN, R1, {
        ...{ kind: "interest", bootTime: attacker.bootTimeOf(OWN), sn: attacker.nextSn(OWN) },
        ...treeOf(n),
      }),
  ],
  [
    "new lives",
    (attacker, n) =>
      attacker.say(OWN, R1, {
        ...{ kind: "hello", bootTime: bootTime(attacker.bootTimeOf(OWN) + n) },
        options: { holdTimeSeconds: 100 },
      }),
  ],
  [
    "new neighbors",
    (attacker, n) =>
      attacker.say(ip(`10.0.2.${20 + n}`), R1, {
        ...{ kind: "hello", bootTime: bootTime(7), options: { holdTimeSeconds: 100 } },
      }),
  ],
  [
    "reports of new groups",
    (attacker, n) => {
      const to = groupOf(n);
      attacker.send(igmp({ kind: "report", version: 2, group: ip(to) }, { from: "10.0.2.66", to }));
    },
  ],
  [
    "data from nowhere",
    (attacker, n) => attacker.send(data({ from: "203.0.113.9", to: groupOf(n) })),
  ],
];

/** Calls of functions of the daemon while `act` runs. */
async function effortOf(session: Session, act: () => void): Promise<number> {
  await session.post("Profiler.takePreciseCoverage");
  act();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const ours = result.filter(({ url }) => /\/src\/(core|daemon|membership|wire|base)\//.test(url));
  const counts = ours.flatMap(({ functions }) =>
    functions.flatMap(({ ranges }) => ranges[0] ?? []),
  );
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/** A network that is believed to have one router more. */
function besieged(): { readonly world: World; readonly attacker: Attacker } {
  const world = fortress(null, 1, LIMITS);
  const attacker = new Attacker({
    ...{ link: world.network.link(ATTACKED), random: new Random(6), routers: ADDRESSES },
    ...{ own: [OWN], tree: { source: SOURCE, group: GROUP }, key: null },
  });
  world.run(SETTLED);
  attacker.cooperates = true;
  const life = attacker.bootTimeOf(OWN);
  attacker.say(OWN, R1, { kind: "hello", bootTime: life, options: { holdTimeSeconds: 100 } });
  world.run(seconds(1));
  attacker.cooperates = false;
  const neighbors = engineAt(world, "r1")
    .router.interfaces()
    .flatMap(({ running }) => running?.neighbors ?? []);
  assert.equal(neighbors.find(({ address }) => address === OWN)?.state, "SYNCED");
  return { world, attacker };
}

for (const [name, flood] of FLOODS) {
  test(`P7: ${name}: the last of many costs what the first ones do`, async () => {
    const { world, attacker } = besieged();
    const session = new Session();
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    const efforts: number[] = [];
    for (let block = 0; block < BLOCKS; block++) {
      const act = (): void => {
        for (let n = 0; n < IN_A_BLOCK; n++) flood(attacker, 1 + block * IN_A_BLOCK + n);
        world.run(millis(1));
      };
      efforts.push(await effortOf(session, act));
    }
    session.disconnect();
    const [, second = 0, ...rest] = efforts;
    assert.ok(second > 100 * IN_A_BLOCK, `it takes effort: ${efforts.join()}`);
    assert.ok((rest.at(-1) ?? 0) < MOST_GROWTH * second, `efforts: ${efforts.join()}`);
  });
}
