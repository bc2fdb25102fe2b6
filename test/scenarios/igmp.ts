// The published IGMP tests 1 to 9: two routers and two clients on a snooping switch.
import assert from "node:assert/strict";
import { formatAddress } from "../../src/base/address.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import type { Scenario, ScenarioNetwork, ScenarioSettings, Seen } from "./scenario-network.ts";

const GROUP = "224.12.12.12";
const R1 = "10.0.0.1";
const R2 = "10.0.0.2";

/** The timers of RFC 2236 §8, in milliseconds, as they follow from what the scenario sets. */
interface Timers {
  readonly queryInterval: number;
  readonly responseInterval: number;
  readonly lastMemberInterval: number;
}

const DEFAULTS: Timers = {
  queryInterval: 125_000,
  responseInterval: 10_000,
  lastMemberInterval: 1_000,
};

const otherQuerierPresent = (t: Timers): number => 2 * t.queryInterval + t.responseInterval / 2;
const groupMembership = (t: Timers): number => 2 * t.queryInterval + t.responseInterval;
/** A query that leaves so soon after a report was under way before the report was heard. */
const CROSSING_MILLIS = 100;
/** Seconds within which anything that takes `millis` has come about. */
const within = (millis: number): number => (1.5 * millis) / 1000 + 20;

async function rolesAre(
  network: ScenarioNetwork,
  expected: Readonly<Record<string, "Querier" | "NonQuerier">>,
): Promise<void> {
  for (const [router, role] of Object.entries(expected)) {
    assert.equal(
      (await network.interfaces(router)).find(({ name }) => name === "eth0")?.igmp.role,
      role,
      router,
    );
  }
}

async function queries(
  network: ScenarioNetwork,
  from: string,
  group: string | null,
): Promise<readonly Seen<IgmpMessage>[]> {
  return (await network.igmp("L")).filter(({ from: sender, message }) => {
    if (message.kind !== "query" || formatAddress(sender) !== from) return false;
    return (message.group === null ? null : formatAddress(message.group)) === group;
  });
}

/** Reports of the group; a router's own kernel reports groups such as 224.0.0.2. */
async function reports(network: ScenarioNetwork): Promise<readonly Seen<IgmpMessage>[]> {
  return (await network.igmp("L")).filter(
    ({ message }) => message.kind === "report" && formatAddress(message.group) === GROUP,
  );
}

async function reporters(network: ScenarioNetwork): Promise<readonly string[]> {
  return [...new Set((await reports(network)).map(({ from }) => formatAddress(from)))].sort();
}

async function statesAre(
  network: ScenarioNetwork,
  expected: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const [router, state] of Object.entries(expected)) {
    assert.equal((await network.groups(router))[0]?.state, state, `${router}'s group`);
  }
}

/** Milliseconds from the first to the last of the queries. */
const spanOf = (seen: readonly Seen<IgmpMessage>[]): number =>
  (seen.at(-1)?.at ?? 0) - (seen[0]?.at ?? 0);

/** A switch keeps hosts from hearing each other's reports once the answers to the first query are over. */
async function switchSnoops(network: ScenarioNetwork, timers: Timers): Promise<void> {
  await network.until(
    async () => {
      const seen = (await network.igmp("L")).filter(({ message }) => message.kind === "query");
      assert.ok(spanOf(seen) > timers.responseInterval, "queries");
    },
    within(timers.queryInterval + timers.responseInterval),
  );
}

/** R1 is the querier, R2 is not, whichever began. */
async function elected(network: ScenarioNetwork, first: string, second: string): Promise<void> {
  await network.start(first);
  await network.until(async () => rolesAre(network, { [first]: "Querier" }));
  await network.start(second);
  await network.until(async () => rolesAre(network, { R1: "Querier", R2: "NonQuerier" }), 60);
}

async function bothSeeMembers(network: ScenarioNetwork): Promise<void> {
  await network.until(() => statesAre(network, { R1: "MembersPresent", R2: "MembersPresent" }));
}

async function querierElected(network: ScenarioNetwork, timers: Timers): Promise<void> {
  await elected(network, "R1", "R2");
  assert.ok((await queries(network, R2, null)).length >= 1, "R2's query at its start");
  await network.mark();
  await network.until(
    async () => {
      assert.ok((await queries(network, R1, null)).length >= 3, "R1's queries");
    },
    within(4 * timers.queryInterval),
  );
  assert.equal((await queries(network, R2, null)).length, 0, "R2 is silent");
  const [general] = await queries(network, R1, null);
  assert.ok(general?.message.kind === "query");
  assert.equal(general.message.maxResponseTenths, timers.responseInterval / 100);
  assert.equal(formatAddress(general.to), "224.0.0.1");
  await rolesAre(network, { R1: "Querier", R2: "NonQuerier" });
}

async function querierDies(network: ScenarioNetwork, timers: Timers): Promise<void> {
  await elected(network, "R2", "R1");
  const last = (await queries(network, R1, null)).at(-1)?.at ?? 0;
  await network.kill("R1");
  await network.mark();
  await network.until(
    () => rolesAre(network, { R2: "Querier" }),
    within(otherQuerierPresent(timers)),
  );
  await network.until(async () => {
    assert.ok((await queries(network, R2, null)).length >= 2, "R2's queries");
  }, within(timers.queryInterval));
  const [first, second] = await queries(network, R2, null);
  assert.ok(Math.abs((first?.at ?? 0) - last - otherQuerierPresent(timers)) < 100);
  assert.ok(Math.abs((second?.at ?? 0) - (first?.at ?? 0) - timers.queryInterval) < 100);
}

async function nonQuerierDies(network: ScenarioNetwork, timers: Timers): Promise<void> {
  await elected(network, "R2", "R1");
  await network.kill("R2");
  await network.mark();
  await network.until(
    async () => {
      assert.ok((await queries(network, R1, null)).length >= 4, "R1's queries");
    },
    within(4 * timers.queryInterval),
  );
  const last = (await queries(network, R1, null)).slice(-3);
  assert.ok(Math.abs(spanOf(last) - 2 * timers.queryInterval) < 100);
  await rolesAre(network, { R1: "Querier" });
}

async function nobodyJoins(network: ScenarioNetwork): Promise<void> {
  await elected(network, "R1", "R2");
  await statesAre(network, { R1: undefined, R2: undefined });
  const others = (await network.igmp("L")).filter(
    ({ from }) => ![R1, R2].includes(formatAddress(from)),
  );
  assert.deepEqual(others, []);
}

async function oneHostJoins(network: ScenarioNetwork, timers: Timers): Promise<void> {
  await elected(network, "R1", "R2");
  await network.mark();
  await network.join("Client1", GROUP);
  await bothSeeMembers(network);
  await network.until(async () => {
    assert.ok((await queries(network, R1, null)).length >= 1, "a General Query");
  }, within(timers.queryInterval));
  const asked = (await queries(network, R1, null))[0]?.at ?? 0;
  await network.until(async () => {
    const answers = (await reports(network)).filter(({ at }) => at > asked);
    assert.ok(answers.length >= 1, "a report after the query");
  }, within(timers.responseInterval));
  await statesAre(network, { R1: "MembersPresent", R2: "MembersPresent" });
}

async function secondHostJoins(network: ScenarioNetwork): Promise<void> {
  await elected(network, "R1", "R2");
  await network.join("Client1", GROUP);
  await bothSeeMembers(network);
  await network.join("Client2", GROUP);
  await network.until(async () => {
    assert.deepEqual(await reporters(network), ["10.0.0.3", "10.0.0.4"]);
  });
  await statesAre(network, { R1: "MembersPresent", R2: "MembersPresent" });
}

async function oneOfTwoLeaves(network: ScenarioNetwork, timers: Timers): Promise<void> {
  await elected(network, "R1", "R2");
  await switchSnoops(network, timers);
  await network.join("Client1", GROUP);
  await network.join("Client2", GROUP);
  await network.until(async () => {
    assert.deepEqual(await reporters(network), ["10.0.0.3", "10.0.0.4"]);
  });
  await network.mark();
  await network.leave("Client1", GROUP);
  await network.until(async () => {
    assert.ok((await queries(network, R1, GROUP)).length >= 1, "a Group-Specific Query");
  });
  await bothSeeMembers(network);
  const asked = (await queries(network, R1, GROUP))[0]?.at ?? 0;
  const answered = (await reports(network)).find(({ at }) => at > asked);
  assert.ok(answered !== undefined, "the other host's report");
  assert.equal(formatAddress(answered.from), "10.0.0.4");
  const nextSpecific = answered.at + timers.lastMemberInterval;
  await network.until(
    async () => {
      const later = (await queries(network, R1, null)).filter(({ at }) => at > nextSpecific);
      assert.ok(later.length >= 1, "a General Query when another Group-Specific one would be over");
    },
    within(2 * timers.queryInterval),
  );
  const after = (await queries(network, R1, GROUP)).filter(
    ({ at }) => at > answered.at + CROSSING_MILLIS,
  );
  assert.equal(after.length, 0, "queries after it");
  assert.equal((await queries(network, R2, GROUP)).length, 0, "R2 asks nothing");
}

async function lastHostLeaves(network: ScenarioNetwork, timers: Timers): Promise<void> {
  await elected(network, "R1", "R2");
  await network.join("Client2", GROUP);
  await bothSeeMembers(network);
  await network.mark();
  await network.leave("Client2", GROUP);
  await network.until(() => statesAre(network, { R1: undefined, R2: undefined }));
  const specific = await queries(network, R1, GROUP);
  assert.equal(specific.length, 2, "Group-Specific Queries");
  for (const { message } of specific) {
    assert.ok(message.kind === "query");
    assert.equal(message.maxResponseTenths, timers.lastMemberInterval / 100);
  }
}

async function hostVanishes(network: ScenarioNetwork, timers: Timers): Promise<void> {
  await elected(network, "R1", "R2");
  await network.join("Client1", GROUP);
  await bothSeeMembers(network);
  await network.unplug("Client1");
  const last = (await reports(network)).at(-1)?.at ?? 0;
  const gone = await network.timeUntil(
    () => statesAre(network, { R1: undefined, R2: undefined }),
    within(groupMembership(timers)),
  );
  assert.ok(Math.abs(gone - last - groupMembership(timers)) < 100);
}

type Test = (network: ScenarioNetwork, timers: Timers) => Promise<void>;

const TESTS: readonly (readonly [title: string, test: Test])[] = [
  ["IGMP test 1: the querier is elected", querierElected],
  ["IGMP test 2: the querier dies", querierDies],
  ["IGMP test 3: the non-querier dies", nonQuerierDies],
  ["IGMP test 4: nobody joins", nobodyJoins],
  ["IGMP test 5: one host joins", oneHostJoins],
  ["IGMP test 6: a second host joins", secondHostJoins],
  ["IGMP test 7: one of two hosts leaves", oneOfTwoLeaves],
  ["IGMP test 8: the last host leaves", lastHostLeaves],
  ["IGMP test 9: a host vanishes", hostVanishes],
];

const scenarios = (timers: Timers, settings?: ScenarioSettings): readonly Scenario[] =>
  TESTS.map(([title, test]) => ({
    title,
    topology: "igmp",
    ...(settings === undefined ? {} : { settings }),
    run: (network) => test(network, timers),
  }));

/** With the timers of the RFC. */
export const IGMP: readonly Scenario[] = scenarios(DEFAULTS);

/** With timers that let them end soon where time cannot jump. */
export const QUICK_IGMP: readonly Scenario[] = scenarios(
  { queryInterval: 2_000, responseInterval: 1_000, lastMemberInterval: 1_000 },
  { igmp: { queryInterval: "2s", queryResponseInterval: "1s" } },
);
