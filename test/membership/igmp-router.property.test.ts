// What holds of the router side of IGMP after any events whatsoever.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Address } from "../../src/base/address.ts";
import { ip } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import type { SourceFilter } from "../../src/base/source-filter.ts";
import { EVERY_SOURCE, NO_SOURCE, wantsAny } from "../../src/base/source-filter.ts";
import { ALL_TREES, allowsGroup, type TreeFilter } from "../../src/base/tree-filter.ts";
import { type InterfaceIndex, interfaceIndex, millis, seconds } from "../../src/base/units.ts";
import type { GroupView, MembershipAction, MembershipEvent } from "../../src/membership/events.ts";
import { IgmpRouter } from "../../src/membership/igmp-router.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import type { MembershipSettings } from "../../src/membership/settings.ts";
import type { StaticJoin } from "../../src/membership/static-joins.ts";
import { prefix } from "../support/core-network.ts";
import { SUBNET } from "./lan.ts";

const GROUP_LIMIT = 3;

const addresses = (...texts: string[]): fc.Arbitrary<Address> => fc.constantFrom(...texts.map(ip));

const index = fc.constantFrom(interfaceIndex(1), interfaceIndex(2));
const router = addresses("10.0.0.1", "10.0.0.5", "10.0.0.9");
const source = addresses("0.0.0.0", "10.0.0.1", "10.0.0.3", "10.0.0.7", "10.0.0.200", "9.9.9.9");
const group = addresses(
  "225.0.0.1",
  "225.0.0.2",
  "225.0.0.3",
  "225.0.0.4",
  "224.0.0.251",
  "10.0.0.1",
);
const interval = fc.integer({ min: 1, max: 300_000 }).map(millis);
const count = fc.integer({ min: 1, max: 4 });

const settings: fc.Arbitrary<MembershipSettings> = fc.record({
  robustnessVariable: count,
  queryInterval: interval,
  queryResponseInterval: interval,
  startupQueryInterval: interval,
  startupQueryCount: count,
  lastMemberQueryInterval: interval,
  lastMemberQueryCount: count,
  version1RouterPresentTimeout: fc.constant(millis(400_000)),
  groupLimit: fc.integer({ min: 1, max: GROUP_LIMIT }),
});

const prefixes = fc.constantFrom(...["225.0.0.0/30", "225.0.0.2/32"].map(prefix));
const prefixLists = fc.record({
  groups: fc.array(prefixes, { maxLength: 2 }),
  sources: fc.constant([]),
});
const filter: fc.Arbitrary<TreeFilter> = fc.oneof(
  fc.constant(ALL_TREES),
  fc.record({ allow: prefixLists, deny: prefixLists }),
);

const joins: fc.Arbitrary<readonly StaticJoin[]> = fc.array(
  fc.record({ group, source: fc.option(addresses("10.1.1.1", "10.1.1.2")) }),
  { maxLength: 3 },
);

const message: fc.Arbitrary<IgmpMessage> = fc.oneof(
  fc.record({ kind: fc.constant("report"), version: fc.constantFrom(1, 2), group }),
  fc.record({ kind: fc.constant("leave"), group }),
  fc.record({
    kind: fc.constant("query"),
    version: fc.constantFrom(1, 2, 3),
    group: fc.option(group),
    maxResponseTenths: fc.constantFrom(0, 1, 10, 100, 31_744),
    keepsGroupTimer: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("version3Report"),
    records: fc.array(
      fc.record({
        type: fc.constantFrom(
          "isInclude",
          "isExclude",
          "toInclude",
          "toExclude",
          "allowNewSources",
          "blockOldSources",
        ),
        group,
        sources: fc.array(source, { maxLength: 2 }),
      }),
      { maxLength: 4 },
    ),
  }),
);

/** Mostly the destination that is right, so that much is taken. */
const received: fc.Arbitrary<MembershipEvent> = fc
  .record({
    interface: index,
    source,
    ttl: fc.constantFrom(1, 1, 1, 1, 64),
    routerAlert: fc.boolean(),
    message,
    wrong: fc.option(group, { freq: 8 }),
  })
  .map(({ wrong, ...about }) => ({
    kind: "message",
    ...about,
    destination: wrong ?? destinationOf(about.message),
  }));

function destinationOf(of: IgmpMessage): Address {
  if (of.kind === "version3Report") return ip("224.0.0.22");
  return of.group ?? ip("224.0.0.1");
}

const event: fc.Arbitrary<MembershipEvent> = fc.oneof(
  { weight: 8, arbitrary: received },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("interface"),
      interface: index,
      address: fc.option(router),
      subnets: fc.constant([SUBNET]),
      settings,
      filter,
      joins,
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "time" } as const) },
);

const history = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 20_000 })), { maxLength: 60 });

/** Checks that each of the `listeners` says something new, and keeps of which sources groups are wanted. */
function follow(wanted: Map<string, SourceFilter>, action: MembershipAction): void {
  if (action.kind !== "listeners") return;
  const key = `${action.interface} ${action.group}`;
  assert.notDeepEqual(wanted.get(key) ?? NO_SOURCE, action.wanted);
  if (wantsAny(action.wanted)) wanted.set(key, action.wanted);
  else wanted.delete(key);
}

const hasMembers = ({ state }: GroupView): boolean => state !== "NoMembersPresent";

/** Of which sources the groups are wanted that a router shows. */
const wantedIn = (groups: readonly GroupView[]): ReadonlyMap<string, SourceFilter> =>
  new Map(
    groups.map((view) => {
      const wanted = hasMembers(view) ? EVERY_SOURCE : known(view.joined, "a reason to show it");
      return [`${view.interface} ${view.group}`, wanted];
    }),
  );

test("P6, P7: whatever happens, nothing throws, listeners differ each time and agree with the view, groups are bounded and allowed (§2.4)", () => {
  fc.assert(
    fc.property(history, (steps) => {
      const machine = new IgmpRouter();
      const wanted = new Map<string, SourceFilter>();
      const filters = new Map<InterfaceIndex, TreeFilter>();
      let now = millis(0);
      for (const [happens, wait] of steps) {
        now = millis(now + wait);
        for (const action of machine.handle(happens, now)) follow(wanted, action);
        if (happens.kind === "interface") filters.set(happens.interface, happens.filter);
        const deadline = machine.nextDeadline();
        assert.ok(deadline === undefined || deadline > now, "a deadline has passed");
        const { groups, interfaces } = machine.view();
        assert.deepEqual(wantedIn(groups), wanted);
        for (const view of interfaces) {
          const own = groups.filter((member) => member.interface === view.interface);
          assert.ok(own.filter(hasMembers).length <= GROUP_LIMIT, "too many groups");
          const lists = filters.get(view.interface) ?? ALL_TREES;
          assert.ok(
            own.every((member) => allowsGroup(lists, member.group)),
            "not allowed",
          );
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("RFC 2236 §7: when nothing more is said, no group has members and every interface has a Querier: us", () => {
  fc.assert(
    fc.property(history, (steps) => {
      const machine = new IgmpRouter();
      let now = millis(0);
      for (const [happens, wait] of steps) {
        now = millis(now + wait);
        machine.handle(happens, now);
      }
      machine.handle({ kind: "time" }, millis(now + seconds(1600)));
      const { groups, interfaces } = machine.view();
      assert.deepEqual(groups.filter(hasMembers), []);
      for (const view of interfaces) assert.equal(view.role, "Querier");
    }),
    { numRuns: 200 },
  );
});
