// Why something is as it is, in words: one sentence for each verdict of §9.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { interfaceIndex, millis } from "../../src/base/units.ts";
import type {
  AssertVerdict,
  DownstreamVerdict,
  ForwardingVerdict,
  TreeVerdict,
} from "../../src/core/verdicts.ts";
import {
  assertReason,
  downstreamReason,
  forwardingReason,
  treeReason,
} from "../../src/daemon/reasons.ts";

const RPC = { preference: 11, metric: 20 };
const NEARER = { neighbor: ip("10.5.5.4"), rpc: { preference: 11, metric: 10 } };
const SAME = { neighbor: ip("10.5.5.4"), rpc: RPC };
const FARTHER = { neighbor: ip("10.5.5.4"), rpc: { preference: 11, metric: 30 } };

const NOT_ALLOWED = "the lists of this interface do not allow the tree";

const asserts: readonly (readonly [AssertVerdict, string])[] = [
  [{ winner: true, why: "no upstream neighbor", rival: null }, "no neighbor offers the tree"],
  [{ winner: true, why: "tree inactive", rival: null }, "the tree is inactive"],
  [
    { winner: true, why: "lower cost", rival: FARTHER },
    "10.5.5.4 offers 11/30, more than our 11/20",
  ],
  [
    { winner: true, why: "higher address", rival: SAME },
    "10.5.5.4 offers 11/20, the same, with the lower address",
  ],
  [
    { winner: false, why: "neighbor offers lower cost", rival: NEARER },
    "10.5.5.4 offers 11/10, less than our 11/20",
  ],
  [
    { winner: false, why: "neighbor has higher address", rival: SAME },
    "10.5.5.4 offers 11/20, the same, with the higher address",
  ],
  [
    { winner: false, why: "tree unsure", rival: SAME },
    "10.5.5.4 offers 11/20, and the tree is unsure",
  ],
  [{ winner: false, why: "not allowed here", rival: null }, NOT_ALLOWED],
  [{ winner: false, why: "not allowed here", rival: NEARER }, NOT_ALLOWED],
];
for (const [verdict, sentence] of asserts) {
  test(`§9.2 ${verdict.why}: ${sentence}`, () =>
    assert.equal(assertReason(verdict, RPC), sentence));
}

const downstream: readonly (readonly [DownstreamVerdict, string])[] = [
  [{ interested: true, why: "listener" }, "a listener wants the group"],
  [
    { interested: true, why: "neighbor interested", neighbor: ip("10.5.5.4") },
    "10.5.5.4 is interested",
  ],
  [
    { interested: true, why: "neighbor counts as interested", neighbor: ip("10.5.5.4") },
    "10.5.5.4 has not said whether it is interested",
  ],
  [{ interested: false, why: "nobody there" }, "there is neither neighbor nor listener"],
  [
    { interested: false, why: "all not interested" },
    "no neighbor is interested, and nobody listens",
  ],
  [
    { interested: false, why: "all upstream or not interested" },
    "every neighbor is upstream or not interested, and nobody listens",
  ],
  [{ interested: false, why: "not allowed here" }, NOT_ALLOWED],
];
for (const [verdict, sentence] of downstream) {
  test(`§9.3 ${verdict.why}: ${sentence}`, () => assert.equal(downstreamReason(verdict), sentence));
}

const until = millis(3_500);
const forwarding: readonly (readonly [ForwardingVerdict, string])[] = [
  [{ forwarding: true, why: "assert winner" }, "D; assert winner: A"],
  [
    { forwarding: true, why: "holding", until },
    "assert loser: A; holds for 2.5s, or until data arrive here",
  ],
  [{ forwarding: false, why: "tree has no kernel entry" }, "the tree has no entry in the kernel"],
  [{ forwarding: false, why: "source is on this link" }, "the source is on this link"],
  [{ forwarding: false, why: "not allowed here" }, NOT_ALLOWED],
  [{ forwarding: false, why: "not interested" }, "D"],
  [{ forwarding: false, why: "assert loser" }, "assert loser: A"],
  [
    { forwarding: false, why: "data arrive here", until },
    "data arrive here, from another router or round a loop: stopped for 2.5s",
  ],
];
for (const [verdict, sentence] of forwarding) {
  test(`§9.4 ${verdict.why}: ${sentence}`, () =>
    assert.equal(
      forwardingReason(verdict, { assert: "A", downstream: "D" }, millis(1_000)),
      sentence,
    ));
}

const unsure = { state: "UNSURE", interface: interfaceIndex(2), offer: NEARER } as const;
const trees: readonly (readonly [TreeVerdict, string])[] = [
  [{ state: "ACTIVE", why: "source sends", offer: null }, "the source sends on its own link"],
  [
    { state: "ACTIVE", why: "upstream neighbor is nearer", offer: NEARER },
    "10.5.5.4 offers 11/10, less than our 11/20",
  ],
  [{ state: "INACTIVE", why: "no upstream neighbor" }, "no neighbor offers the tree"],
  [{ state: "INACTIVE", why: "source is silent" }, "the source is silent"],
  [
    { state: "INACTIVE", why: "not allowed on the root" },
    "the lists of the interface of the route to the source do not allow the tree",
  ],
  [
    { ...unsure, why: "not allowed on the root" },
    "the lists of the interface of the route to the source do not allow the tree; 10.5.5.4 offers 11/10 on eth2",
  ],
  [
    { ...unsure, why: "no route" },
    "there is no route to the source; 10.5.5.4 offers 11/10 on eth2",
  ],
  [
    { ...unsure, why: "no root interface" },
    "HPIM-DM does not run on the interface of the route to the source; 10.5.5.4 offers 11/10 on eth2",
  ],
  [
    { ...unsure, why: "no upstream neighbor on the root" },
    "no neighbor on the root interface offers the tree; 10.5.5.4 offers 11/10 on eth2",
  ],
  [
    { ...unsure, why: "upstream neighbor on the root is not nearer" },
    "the neighbor on the root interface is not nearer to the source; 10.5.5.4 offers 11/10 on eth2",
  ],
  [{ ...unsure, why: "source is silent" }, "the source is silent; 10.5.5.4 offers 11/10 on eth2"],
];
for (const [verdict, sentence] of trees) {
  test(`§9.1 ${verdict.state}, ${verdict.why}: ${sentence}`, () =>
    assert.equal(
      treeReason(verdict, RPC, (index) => `eth${index}`),
      sentence,
    ));
}
