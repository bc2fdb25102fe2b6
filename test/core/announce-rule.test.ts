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
import type { TreeState } from "../../src/core/notices.ts";
import type { Rpf } from "../../src/core/rpf.ts";
import type { Role, Settled } from "../../src/core/settled.ts";
import { rpc } from "../support/played-tree.ts";

const HERE = interfaceIndex(2);
const ELSEWHERE = interfaceIndex(1);
const ALLOWED = { index: HERE, address: ip("10.0.2.5"), allowed: true };
const A = ip("10.0.2.1");
const B = ip("10.0.2.2");

/** An interface of a tree, in the words of §10.0. */
interface Situation {
  readonly role: Role;
  readonly state: TreeState;
  readonly isOriginator: boolean;
  readonly isSourceOnLink: boolean;
  readonly bun: typeof A | null;
  readonly isInterested: boolean;
  readonly rpc: Rpc;
}

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

// The rule, word by word.
function advertised(is: Situation | null): string | null {
  if (is === null) return null;
  const something = is.state === "ACTIVE" && is.role === "non-root" && !is.isSourceOnLink;
  return something ? costText(is.rpc) : null;
}

function told(is: Situation | null): string | null {
  if (is === null || advertised(is) !== null || is.bun === null) return null;
  const isRootOfNonOriginator = is.role === "root" && !is.isOriginator;
  const word = isRootOfNonOriginator && is.isInterested ? "interest" : "noInterest";
  return `${word} ${is.bun === A ? "A" : "B"}`;
}

function expected(was: Situation | null, is: Situation, freshBun: typeof A | null): string[] {
  const words: string[] = [];
  if (advertised(was) !== null && advertised(is) === null) words.push("iamNoLongerUpstream");
  if (advertised(is) !== null && advertised(is) !== advertised(was)) {
    words.push(`iamUpstream ${advertised(is)}`);
  }
  const interest = told(is);
  if (interest === null) return words;
  const differs = interest !== told(was);
  const roleChanged = was !== null && was.role !== is.role;
  if (differs || roleChanged || freshBun === is.bun) words.push(interest);
  return words;
}

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
    forwarding: false,
    bun,
    advertised: says,
    told: toldOn({ role: is.role, bun, advertised: says }, is.isOriginator, interested),
  };
  return { ...common, interfaces: new Map([[HERE, at]]) };
}

function sent(was: Settled, is: Settled, fresh: FreshUpstream | null): string[] {
  return announcementsOn(HERE, was, is, fresh).map((announcement) => {
    switch (announcement.kind) {
      case "iamUpstream":
        return `iamUpstream ${costText(announcement.rpc)}`;
      case "iamNoLongerUpstream":
        return announcement.kind;
      default:
        return `${announcement.kind} ${announcement.neighbor === A ? "A" : "B"}`;
    }
  });
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
        const should = expected(was.is, now.is, freshHere(fresh));
        if (says.join() !== should.join()) {
          assert.deepEqual({ says, was: was.is, now: now.is, fresh }, { says: should });
        }
      }
    }
  }
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
