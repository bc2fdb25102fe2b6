// The lines of transcripts that no scenario shows while the router is right.
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAddress, ip } from "../../src/base/address.ts";
import { bootTime, sequenceNumber } from "../../src/base/units.ts";
import type { Message } from "../../src/core/messages.ts";
import { EMPTY_CONFIGURATION } from "../../src/daemon/configuration.ts";
import { diffLines } from "../scenarios/diff.ts";
import { type CopyOptions, copyLines } from "../scenarios/lines-of-copies.ts";
import { copiesText, doubledText, lostText, totalText } from "../scenarios/lines-of-data.ts";
import { messageLines, numberLines } from "../scenarios/lines-of-messages.ts";
import type { Seen } from "../scenarios/scenario-network.ts";
import { afterText, settingMillis } from "../scenarios/spans.ts";

const R1 = ip("10.0.0.1");
const R2 = ip("10.0.0.2");
const GROUP = ip("224.12.12.12");
const TOLERANCE = { early: 100, late: 100 };
const OPTIONS: CopyOptions = {
  names: formatAddress,
  settingOf: (_, name) => settingMillis(EMPTY_CONFIGURATION, name),
  igmp: EMPTY_CONFIGURATION.defaults.igmp,
  tolerance: TOLERANCE,
  only: [],
  keys: [],
};

const seen = (at: number, message: Message, payload = new Uint8Array(8)): Seen<Message> => ({
  ...{ at, from: R1, to: R2, message, payload },
});

const interest = (sn: number, began = 1): Message => ({
  ...{ kind: "interest", bootTime: bootTime(began), sn: sequenceNumber(sn) },
  ...{ source: ip("10.1.1.100"), group: GROUP },
});

const SYNC: Message = {
  ...{ kind: "sync", bootTime: bootTime(1), neighborBootTime: bootTime(1) },
  ...{ mySsn: sequenceNumber(1), neighborSsn: sequenceNumber(0), leader: true, syncSn: 0 },
  part: { more: false, options: {} },
};

const copiesOf = (messages: readonly Seen<Message>[], options = OPTIONS): string =>
  copyLines(messages, { ...options, only: ["interest"] }).join("; ");

const INTEREST = "10.0.0.1 Interest to 10.0.0.2";

test("copies of other bytes are told", () => {
  const messages = [seen(0, interest(1)), seen(3_000, interest(1), new Uint8Array(9))];
  const text = `${INTEREST}, 2 times, retransmissionTime apart, not with the same bytes`;
  assert.equal(copiesOf(messages), text);
});

test("copies that are not signed by a key of the link are told", () => {
  const keys = [{ identifier: 1, algorithm: "md5", secret: "a" }] as const;
  assert.equal(
    copiesOf([seen(0, interest(1))], { ...OPTIONS, keys }),
    `${INTEREST}, once, wrongly signed`,
  );
});

test("a Sync between copies is told", () => {
  const messages = [seen(0, interest(1)), seen(1_000, SYNC), seen(3_000, interest(1))];
  const text = `${INTEREST}, 2 times, retransmissionTime apart, Syncs between`;
  assert.equal(copiesOf(messages), text);
});

test("copies at other times than the timer's are told with their times", () => {
  const messages = [seen(0, interest(1)), seen(1_500, interest(1)), seen(6_000, interest(1))];
  assert.equal(copiesOf(messages), `${INTEREST}, 3 times, after 1.5s, 6s`);
});

test("a message that is said once more is marked, and one after another message is not", () => {
  const no: Message = { ...interest(2), kind: "noInterest" } as Message;
  const messages = [seen(0, interest(1)), seen(1, interest(1)), seen(2, no), seen(3, interest(3))];
  assert.deepEqual(messageLines(messages, formatAddress, []), [
    `${INTEREST}, again`,
    "10.0.0.1 NoInterest to 10.0.0.2",
    INTEREST,
  ]);
});

for (const [what, messages, facts] of [
  [
    "an earlier BootTime",
    [interest(7, 2), interest(1, 1)],
    "2 BootTimes, not each later than the one before, no Hello under the last, SNs begin anew",
  ],
  [
    "numbers that go on, beyond their limit",
    [interest(7, 1), interest(20, 2)],
    "2 BootTimes, each later than the one before, no Hello under the last, SNs go on, SNs of 18 and more",
  ],
] as const) {
  test(`${what} is told`, () => {
    const lines = numberLines(
      messages.map((message, i) => seen(i, message)),
      formatAddress,
      18,
    );
    assert.deepEqual(lines, [`10.0.0.1 ${facts}`]);
  });
}

test("a time is told as expected if it is as long, and as it is if it is not", () => {
  const by = { name: "helloPeriod", millis: 500 };
  const about = { expected: "after 4 x helloPeriod", tolerance: TOLERANCE };
  assert.equal(afterText(2_090, by, about), "after 4 x helloPeriod");
  assert.equal(afterText(2_110, by, about), "after 4.22 x helloPeriod");
  assert.equal(afterText(1_890, by, about), "after 3.78 x helloPeriod");
  assert.equal(afterText(255_020, null, { ...about, expected: "after 255s" }), "after 255s");
  assert.equal(afterText(255_220, null, { ...about, expected: "" }), "after 255.2s");
});

test("packets that are missing or come twice are told", () => {
  const [one, two] = [1, 2].map((number) => ({ group: GROUP, number }));
  assert.ok(one !== undefined && two !== undefined);
  assert.equal(copiesText([one, two], [one, two]), "each packet once");
  assert.equal(copiesText([one, two], []), "nothing");
  assert.equal(copiesText([one, two], [two, two]), "of 2 packets 1 not, 1 more than once");
  assert.equal(totalText([one]), "1 packet, each once");
  assert.equal(totalText([one, one, two]), "2 packets, 1 of them up to 2 times");
  assert.equal(lostText([1, 2, 5]), "2 packets");
  assert.equal(lostText([]), "nothing received");
  assert.equal(doubledText([1, 1, 2]), "1 packet");
});

test("a difference has the lines of both, in their order", () => {
  assert.deepEqual(diffLines(["a", "b", "c"], ["b", "d", "c", "e"]), [
    "- a",
    "  b",
    "+ d",
    "  c",
    "+ e",
  ]);
});
