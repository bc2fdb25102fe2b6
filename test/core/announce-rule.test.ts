// The rule of §10.0 itself: every situation of an interface before, with every one after it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex } from "../../src/base/units.ts";
import {
  advertisedOn,
  announcementsOn,
  type FreshUpstream,
  toldOn,
} from "../../src/core/announce.ts";
import type { Rpc } from "../../src/core/messages.ts";
import type { Rpf } from "../../src/core/rpf.ts";
import type { Settled } from "../../src/core/settled.ts";
import type { Due, Sending, Situation } from "../../src/oracle/announcements.ts";
import { dueMessages, ROWS, rowOf } from "../../src/oracle/announcements.ts";
import { rpc } from "../support/played-tree.ts";

const HERE = interfaceIndex(2);
const ELSEWHERE = interfaceIndex(1);
const ALLOWED = { index: HERE, address: ip("10.0.2.5"), allowed: true };
const A = ip("10.0.2.1");
const B = ip("10.0.2.2");

function* situations(): Generator<Situation> {
  for (const role of ["root", "non-root"] as const)
    for (const state of ["ACTIVE", "UNSURE", "INACTIVE"] as const)
      for (const bits of [0, 1, 2, 3, 4, 5, 6, 7])
        for (const bun of [null, A, B])
          for (const cost of ["11/20", "11/30"])
            yield {
              role,
              state,
              isOriginator: (bits & 1) > 0,
              isSourceOnLink: (bits & 2) > 0,
              bun,
              isInterested: (bits & 4) > 0,
              rpc: rpc(cost),
            };
}

const costText = ({ preference, metric }: Rpc): string => `${preference}/${metric}`;

const textOf = (due: Due): string => {
  switch (due.kind) {
    case "iamUpstream":
      return `iamUpstream ${costText(due.rpc)}`;
    case "iamNoLongerUpstream":
      return due.kind;
    default:
      return `${due.kind} ${due.neighbor === A ? "A" : "B"}`;
  }
};

function settled(is: Situation | null): Settled {
  const rpf: Rpf = {
    rpc: is?.rpc ?? null,
    root: is?.role === "root" ? HERE : ELSEWHERE,
    originator: is?.isOriginator === true,
    denied: false,
    onLink: is?.isSourceOnLink === true ? [HERE] : [],
  };
  const state = is?.state ?? "INACTIVE";
  const interested = is?.isInterested === true;
  const common = { state, rpf, interested, entry: null };
  if (is === null) return { ...common, interfaces: new Map() };
  const bun = is.bun === null ? null : { neighbor: is.bun, rpc: rpc("11/25") };
  const says = advertisedOn(ALLOWED, state, rpf);
  const at = {
    role: is.role,
    winner: false,
    downstream: false,
    forwarding: false,
    cut: false,
    bun,
    advertised: says,
    told: toldOn({ role: is.role, bun, advertised: says }, is.isOriginator, interested),
  };
  return { ...common, interfaces: new Map([[HERE, at]]) };
}

function sent(was: Settled, is: Settled, fresh: FreshUpstream | null): string[] {
  return announcementsOn(HERE, was, is, fresh).map(textOf);
}

const FRESH: readonly (FreshUpstream | null)[] = [
  null,
  { interface: HERE, neighbor: A },
  { interface: HERE, neighbor: B },
  { interface: ELSEWHERE, neighbor: A },
];
const freshHere = (fresh: FreshUpstream | null): typeof A | null =>
  fresh?.interface === HERE ? fresh.neighbor : null;

const ALL = [...situations()].map((is) => ({ is, settled: settled(is) }));

test("§10.0: every interface before and after, with every fresh IamUpstream", () => {
  const before = [{ is: null, settled: settled(null) }, ...ALL];
  for (const was of before) {
    for (const now of ALL) {
      for (const fresh of FRESH) {
        const says = sent(was.settled, now.settled, fresh);
        const should = dueMessages(was.is, now.is, freshHere(fresh)).map(textOf);
        if (says.join() !== should.join()) {
          assert.deepEqual({ says, was: was.is, now: now.is, fresh }, { says: should });
        }
      }
    }
  }
});

/** Whether a situation can follow: a root that is an originator's has S on it, and only an ACTIVE or UNSURE tree has interest. */
function isPossible({ role, isOriginator, isSourceOnLink, state, bun }: Situation): boolean {
  if (role === "root" && isOriginator !== isSourceOnLink) return false;
  if (state === "INACTIVE") return bun === null;
  return role === "non-root" || isOriginator || state === "UNSURE" || bun !== null;
}

function* sendings(): Generator<Sending> {
  const possible = ALL.map(({ is }) => is).filter(isPossible);
  for (const was of [null, ...possible]) {
    for (const is of possible) {
      for (const isFresh of [false, true]) {
        const due = dueMessages(was, is, isFresh ? is.bun : null);
        yield* due.map(({ kind }) => ({ kind, was, is, isFresh }));
      }
    }
  }
}

/** What the tables leave out: two things at once, one of them on S's link or from INACTIVE. */
const isLeftOut = ({ was, is }: Sending): boolean =>
  is.isSourceOnLink || was === null || was.isSourceOnLink || was.state === "INACTIVE";

test("§10: all that the rule sends is in the rows, but for some double changes, and all rows are taken", () => {
  const taken = new Set<string>();
  for (const sending of sendings()) {
    const row = rowOf(sending);
    if (row !== null) taken.add(row);
    else if (!isLeftOut(sending)) assert.fail(JSON.stringify(sending));
  }
  assert.deepEqual([...taken].sort(), [...ROWS].sort());
});

test("§10.0: an interface that is not enabled any more sends nothing", () => {
  for (const was of ALL) {
    for (const fresh of FRESH) assert.deepEqual(sent(was.settled, settled(null), fresh), []);
  }
});

test("§10.0: nothing is Advertised where HPIM-DM does not run, or the tree is not allowed (§2.4)", () => {
  const rpf = { rpc: rpc("11/20"), root: ELSEWHERE, originator: false, denied: false, onLink: [] };
  assert.deepEqual(advertisedOn(ALLOWED, "ACTIVE", rpf), rpf.rpc);
  assert.equal(advertisedOn({ ...ALLOWED, address: null }, "ACTIVE", rpf), null);
  assert.equal(advertisedOn({ ...ALLOWED, allowed: false }, "ACTIVE", rpf), null);
});

test("§10 O1: became root of an originator, was advertised -> IamNoLongerUpstream", () => {
  const was = { role: "non-root", state: "ACTIVE", isOriginator: false } as const;
  const is = { role: "root", state: "ACTIVE", isOriginator: true } as const;
  const common = { bun: null, isInterested: true, rpc: rpc("11/20") };
  const says = sent(
    settled({ ...common, ...was, isSourceOnLink: false }),
    settled({ ...common, ...is, isSourceOnLink: true }),
    null,
  );
  assert.deepEqual(says, ["iamNoLongerUpstream"]);
});
