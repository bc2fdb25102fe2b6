// hpim-dm show counters, as people read it: what is 0 is left out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { renderCounters } from "../../src/cli/show/counters.ts";
import type { Engine } from "../../src/daemon/engine.ts";
import { encodeIgmp } from "../../src/wire/igmp.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import { ETH1, ETH2, GROUP, hello, on, pass, receive, rig } from "../daemon/engine-rig.ts";
import { answerOf } from "../support/answers.ts";

const LOOK = { width: undefined, isNarrowed: false };

/** What is shown, with bars between the columns. */
const shownOf = (engine: Engine): readonly string[] =>
  [...renderCounters(answerOf("counters", engine), LOOK)].map((line) =>
    line.split(/ {2,}/).join(" | "),
  );

test("messages by type, then what went wrong", () => {
  const made = rig(on("hpim", "eth2"), [ETH1, ETH2]);
  const { counters } = made.engine;
  const shown = () => shownOf(made.engine);
  assert.deepEqual(shown(), ["No message has been received or sent."]);
  receive(made, hello(40));
  assert.deepEqual(shown(), [
    "Interface | Message | Received | Sent",
    "eth2 | Hello | 1 | 0",
    "eth2 | Sync | 0 | 1",
  ]);
  while (counters.of(ETH2.index).neighborFailures.size === 0) pass(made);
  const retransmissions = counters.of(ETH2.index).retransmissions;
  const hellos = counters.of(ETH2.index).sent.get("hello") ?? 0;
  receive(made, hello(40), 64);
  receive(made, hello(40), 64);
  const payload = encodeIgmp({ kind: "report", version: 2, group: GROUP });
  const about = { destination: GROUP, ttl: 1, tos: 0, protocol: 2, routerAlert: true };
  const bytes = encodeIpv4({ ...about, source: ip("10.0.2.9"), payload });
  made.engine.handle({ kind: "datagram", interface: ETH2.index, bytes });
  made.engine.handle({ kind: "links", links: [ETH1, ETH2] });
  assert.deepEqual(shown(), [
    "Interface | Message | Received | Sent",
    `eth2 | Hello | 3 | ${hellos}`,
    `eth2 | Sync | 0 | ${1 + retransmissions}`,
    "eth2 | IGMPv2 report | 1 | -",
    "",
    "Interface | What | Count",
    `eth2 | retransmissions | ${retransmissions}`,
    "eth2 | neighbor failed: no synchronisation | 1",
    "eth2 | HPIM-DM dropped: TTL not 1 | 2",
    "eth2 | IGMP dropped: not enabled | 1",
  ]);
});

test("drops on interfaces that are not known come last", () => {
  const made = rig(on("hpim", "eth2"), [ETH1]);
  receive(made, hello(40).subarray(0, 3));
  assert.deepEqual(shownOf(made.engine), [
    "No message has been received or sent.",
    "",
    "Interface | What | Count",
    "(unknown) | HPIM-DM dropped: too short | 1",
  ]);
  assert.equal(answerOf("counters", made.engine, { interface: "eth1" }).counters.length, 1);
});
