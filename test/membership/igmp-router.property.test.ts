// What holds of the router side of IGMP after any events whatsoever.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Address } from "../../src/base/address.ts";
import { ip } from "../../src/base/address.ts";
import { ALL_TREES, allowsGroup, type TreeFilter } from "../../src/base/tree-filter.ts";
import { type InterfaceIndex, interfaceIndex, millis, seconds } from "../../src/base/units.ts";
import type { MembershipAction, MembershipEvent } from "../../src/membership/events.ts";
import { IgmpRouter } from "../../src/membership/igmp-router.ts";
import type { IgmpMessage } from "../../src/membership/messages.ts";
import type { MembershipSettings } from "../../src/membership/settings.ts";
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
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "time" } as const) },
);

const history = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 20_000 })), { maxLength: 60 });

/** Checks that `listeners` alternate, and keeps the groups that are wanted. */
function follow(wanted: Set<string>, action: MembershipAction): void {
  if (action.kind !== "listeners") return;
  const key = `${action.interface} ${action.group}`;
  assert.notEqual(wanted.has(key), action.wanted);
  if (action.wanted) wanted.add(key);
  else wanted.delete(key);
}

test("P6, P7: whatever happens, nothing throws, listeners alternate and agree with the view, groups are bounded and allowed (§2.4)", () => {
  fc.assert(
    fc.property(history, (steps) => {
      const machine = new IgmpRouter();
      const wanted = new Set<string>();
      const filters = new Map<InterfaceIndex, TreeFilter>();
      let now = millis(0);
      for (const [happens, wait] of steps) {
        now = millis(now + wait);
        for (const action of machine.handle(happens, now)) follow(wanted, action);
        if (happens.kind === "interface") filters.set(happens.interface, happens.filter);
        const deadline = machine.nextDeadline();
        assert.ok(deadline === undefined || deadline > now, "a deadline has passed");
        const { groups, interfaces } = machine.view();
        assert.deepEqual(new Set(groups.map((view) => `${view.interface} ${view.group}`)), wanted);
        for (const view of interfaces) {
          const own = groups.filter((member) => member.interface === view.interface);
          assert.ok(own.length <= GROUP_LIMIT, "too many groups");
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

test("RFC 2236 §7: when nothing more is said, every group ends and every interface has a Querier: us", () => {
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
      assert.deepEqual(groups, []);
      for (const view of interfaces) assert.equal(view.role, "Querier");
    }),
    { numRuns: 200 },
  );
});
