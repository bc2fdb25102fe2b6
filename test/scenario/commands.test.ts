// Commands as text and back, and what people are told of a line that is none.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { ip } from "../../src/base/address.ts";
import { millis } from "../../src/base/units.ts";
import type { Command } from "../../src/scenario/command.ts";
import { formatCommand, parseCommand } from "../../src/scenario/commands.ts";
import { ALL_FORMS } from "../../src/scenario/forms.ts";
import { fromRoot } from "../support/root.ts";

const LINES = [
  "start",
  "start R1 R2",
  "stop R1",
  "kill R1 R2",
  "interface R5.eth0 up",
  "interface R5.eth0 down",
  "interface R5.eth0 vanish",
  "interface R5.eth0 return",
  "interface R5.eth0 cost 100",
  "interface R5.eth0 address 10.2.2.9",
  "interface R2.eth0 add 10.1.1.2/24",
  "interface R2.eth0 remove 10.1.1.2/24",
  "hpim R4.eth1 off",
  "igmp R4.eth1 on",
  "routes R2",
  "routes R2 10.1.1.0/24 via 10.2.2.1 metric 20, 10.3.3.0/24 via 10.2.2.1 10.2.2.3 metric 0",
  "blink R1 800ms",
  "lag 1.5s",
  "clock R1 +30s",
  "clock R1 -30s",
  "join Client0 224.12.12.12",
  "leave Client0 224.12.12.12-32",
  "send Source 224.12.12.12 224.12.12.13 239.1.1.1 every 20ms",
  "stop sending Source",
  "stop sending Source 224.12.12.12",
  "unplug Client0",
  "weather good",
  "weather lost 30 duplicated 20 delayed 500 by 7s",
  "weather lost 30 only IamNoLongerUpstream",
  "deaf R1.eth0 to R2.eth0",
  "hear R1.eth0 from R2.eth0",
  "lose all Ack of R6 on E",
  "lose 1 Sync of R2 on L after 1",
  "lose nothing",
  "wait 12.345s",
  "mark",
  "until synced",
  "until R1 says Hello on L",
  "until R1 says GeneralQuery on L times 3",
  "rest",
  "show trees",
  "show trees of R1 R2 to 224.12.12.12",
  "show neighbors",
  "show neighbors of R1 since Hello of R2 on L by helloPeriod",
  "show synchronisations of R1",
  "show groups of R6 R7",
  "show queriers since GeneralQuery of R1 on L",
  "show reasons of R3",
  "show assert R3.eth1",
  "show counters",
  "show said B C",
  "show messages F only Sync Interest",
  "show exchange L",
  "show snapshots E",
  "show membership L",
  "show copies E only Sync GroupQuery",
  "show numbers B",
  "show data C F",
  "show all data C",
  "show received Client0 to 224.12.12.12",
  "show lost Client1",
  "show doubled Client1",
];

const problemOf = (line: string): string => {
  const parsed = parseCommand(line);
  assert.ok(parsed.kind === "problem", line);
  return parsed.message;
};

for (const line of LINES) {
  test(`"${line}" is read and written`, () => {
    const parsed = parseCommand(line);
    assert.ok(parsed.kind === "command", JSON.stringify(parsed));
    assert.equal(formatCommand(parsed.command), line);
  });
}

test("the lines above have all commands", () => {
  const kinds = LINES.map((line) => {
    const parsed = parseCommand(line);
    return parsed.kind === "command" ? parsed.command.kind : line;
  });
  assert.deepEqual([...new Set(kinds)].sort(), ALL_FORMS.map(({ kind }) => kind).sort());
});

test("docs/scenarios.md tells of all commands", () => {
  const text = readFileSync(fromRoot("docs/scenarios.md"), "utf8");
  for (const { parts } of ALL_FORMS) {
    const end = parts.findIndex((part) => typeof part !== "string");
    const beginning = parts.slice(0, end === -1 ? parts.length : end).join(" ");
    assert.ok(text.includes(`\`${beginning}`), `"${beginning}"`);
  }
});

test("groups and spans come back as they were", () => {
  const group = fc
    .tuple(fc.integer({ min: 224, max: 239 }), fc.nat(2), fc.nat(255))
    .map(([first, middle, last]) => ip(`${first}.0.${middle}.${last}`));
  const groups = fc.array(group, { minLength: 1, maxLength: 8 }).map((some) => some.sort());
  fc.assert(
    fc.property(groups, fc.integer({ min: 1, max: 10_000_000 }), (some, span) => {
      const command: Command = { kind: "send", host: "s1", groups: some, every: millis(span) };
      assert.deepEqual(parseCommand(formatCommand(command)), { kind: "command", command });
    }),
  );
});

test("fields that are left out have their defaults", () => {
  assert.deepEqual(parseCommand("weather duplicated 3 by 5ms"), {
    kind: "command",
    command: {
      kind: "weather",
      lost: 0,
      duplicated: 3,
      delayed: 0,
      delay: 5,
      only: null,
    },
  });
});

test("a misspelt word is recognised", () => {
  assert.match(problemOf("kil R1"), /^"kil" is unknown here \(did you mean kill\?\); expected /);
  assert.match(problemOf("interface R5.eth0 cst 100"), /did you mean cost\?.*"up", "down"/);
  assert.match(problemOf("lose 1 Synk of R2 on L"), /did you mean Sync\?/);
});

test("what was expected is said, and how the command is written", () => {
  assert.equal(
    problemOf("hpim R4.eth1"),
    "the line ends too soon; expected on or off; it is written: hpim ROUTER.INTERFACE on|off",
  );
  assert.equal(
    problemOf("wait long"),
    '"long" is unknown here; expected a time such as 30s or 800ms; it is written: wait SPAN',
  );
  assert.match(problemOf("show trees of R1 to"), /the line ends too soon; expected groups such as/);
  assert.match(problemOf("mark now"), /"now" is unknown here; expected the end of the line/);
  assert.match(problemOf("clock R1 30s"), /expected a time with its sign/);
  assert.match(problemOf("interface R5eth0 up"), /expected an interface such as R4.eth1/);
  assert.match(problemOf("join Client0 224.12.12.40-32"), /expected groups such as/);
});
