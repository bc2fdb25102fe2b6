// What a daemon does follows from its recording alone: replayed, the engine does the same. Where something else is
// recorded, the replay says so, and upon which input. No secret is in a recording, nor what one could be tried on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../src/base/address.ts";
import { known } from "../../src/base/invariant.ts";
import { after, millis, seconds } from "../../src/base/units.ts";
import { EMPTY_CONFIGURATION } from "../../src/daemon/configuration.ts";
import { Engine } from "../../src/daemon/engine.ts";
import type { DaemonNotice } from "../../src/daemon/notices.ts";
import { recorded } from "../../src/daemon/recording/recorded.ts";
import type { Security } from "../../src/daemon/security.ts";
import { Replay } from "../../src/sim/replay/replay.ts";
import { decodeIpv4 } from "../../src/wire/ip.ts";
import { isMalformed } from "../../src/wire/malformed.ts";
import { signatureOf } from "../../src/wire/signature.ts";
import { storyOf } from "../../tools/campaign/story.ts";
import { World } from "../../tools/campaign/world.ts";
import { ETH1, ETH2, on } from "../daemon/engine-rig.ts";
import { ObservedMachine } from "../daemon/observed-machine.ts";
import { simulate } from "../scenarios/sim-network.ts";
import { keyed, type OpenKey, withSecurity } from "../support/hmac.ts";
import { spellingsOf } from "../support/spellings.ts";
import { expectSame, type Recording, recordAll, replayed } from "./replay-rig.ts";

const SEEDS = 8;

test(`recorded and replayed: the routers of ${SEEDS} random networks`, () => {
  const now = { pause: millis(0), lag: millis(0) };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const story = storyOf(seed);
    const { scene, events } = story;
    const world = new World({ ...scene, running: new Set() }, story);
    const recordings = recordAll(world.network);
    for (const router of scene.running) world.play({ ...now, what: { kind: "start", router } });
    for (const event of events) world.play(event);
    expectSame(recordings);
  }
});

const OLD: OpenKey = { identifier: 7, algorithm: "sha256", secret: "sesame of last year" };
const NEW: OpenKey = { identifier: 8, algorithm: "blake2b", secret: "sesame of this year" };
const GUESSED: OpenKey = { ...OLD, secret: "sesame, perhaps" };
const GROUP = ip("224.12.12.12");

/** Two routers whose keys are first not the same, then are, then are rolled over; one is killed, one ends. */
function keyedPair(): { readonly recordings: readonly Recording[]; readonly drops: number } {
  const network = simulate("pair");
  const recordings = recordAll(network);
  const base = { R1: EMPTY_CONFIGURATION, R2: EMPTY_CONFIGURATION };
  const start = (router: "R1" | "R2", security: Security): void =>
    network.start(router, withSecurity(base[router], router === "R1" ? "eth1" : "eth0", security));
  const configure = (router: "R1" | "R2", security: Security): void => {
    const engine = known(network.machine(router).engine, "it runs");
    const name = router === "R1" ? "eth1" : "eth0";
    const configuration = withSecurity(engine.configuration, name, security);
    engine.handle({ kind: "configure", configuration });
  };
  network.host("Client").join(GROUP);
  start("R1", keyed(OLD));
  start("R2", keyed(GUESSED));
  network.run(seconds(25));
  configure("R2", keyed(OLD));
  network.run(seconds(25));
  for (const router of ["R1", "R2"] as const) {
    configure(router, { ...keyed(OLD, NEW), acceptsLegacyRetransmissions: true });
  }
  network.host("Source").send(GROUP);
  network.run(seconds(5));
  for (const router of ["R1", "R2"] as const) configure(router, keyed(NEW));
  network.machine("R2").kill();
  network.run(seconds(5));
  start("R2", keyed(NEW));
  network.run(seconds(5));
  network.machine("R1").stop();
  const wrong = network.notices.filter(
    ({ notice }) => notice.kind === "dropped" && notice.reason === "wrong signature",
  );
  assert.ok(network.received("Client", GROUP).length > 0, "data pass");
  return { recordings, drops: wrong.length };
}

const { recordings, drops } = keyedPair();
const [ofR1] = recordings;
const LINES = known(ofR1, "R1 was recorded").lines;

test("§3: recorded and replayed without the secrets: keys that differ, a rollover, restarts", () => {
  assert.equal(recordings.length, 3);
  assert.ok(drops > 0, "wrong signatures are recorded");
  expectSame(recordings);
});

test("recorded and replayed: calls of the machine that fail, each as it did", () => {
  const lines: string[] = [];
  const host = new ObservedMachine();
  const about = { program: "test", time: "2026-01-01T00:00:00.000Z" };
  const notices: DaemonNotice[] = [];
  const parts = { host, report: (notice: DaemonNotice) => notices.push(notice), seed: 1 };
  const engine = new Engine(recorded(parts, about, (line) => lines.push(line)));
  const failures = { startInterface: "ENFILE", lastBootTime: "EIO", storeBootTime: "ENOSPC" };
  engine.handle({ kind: "configure", configuration: on("hpim", "eth1", "eth2") });
  for (const [call, errno] of Object.entries({ ...failures, send: "ENOBUFS" })) {
    host.failing.set(call as keyof typeof failures, errno);
    engine.handle({ kind: "links", links: [ETH1, ETH2] });
    host.scheduler.run(after(engine.now(), seconds(15)));
    engine.handle({ kind: "deadline" });
    host.failing.clear();
    engine.handle({ kind: "links", links: [] });
  }
  const failed = lines.filter((line) => line.includes('"failed":'));
  assert.deepEqual(
    new Set(failed.map((line) => JSON.parse(line).failed.errno)),
    new Set(["ENFILE", "EIO", "ENOSPC", "ENOBUFS"]),
  );
  assert.ok(notices.some(({ kind }) => kind === "refused"));
  expectSame([{ router: "R", lines }]);
});

interface WithBytes {
  readonly input?: { readonly kind: string; readonly bytes?: string; readonly signed?: boolean };
  readonly call?: { readonly protocol?: string; readonly payload?: string };
}

/** The HPIM-DM message of a line, if it has one. */
function messageIn(line: string): Uint8Array | null {
  const { input, call }: WithBytes = JSON.parse(line);
  if (call?.protocol === "hpim") return Buffer.from(call.payload ?? "", "base64");
  if (input?.bytes === undefined) return null;
  const packet = decodeIpv4(Buffer.from(input.bytes, "base64"));
  return isMalformed(packet) || packet.protocol !== 103 ? null : packet.payload;
}

test("§3: a recording has no secret in it, and of signatures only their lengths, key identifiers, and whether they were right", () => {
  const lines = recordings.flatMap((recording) => recording.lines);
  const spellings = spellingsOf([OLD, NEW, GUESSED].map(({ secret }) => secret));
  for (const line of lines) {
    assert.ok(!spellings.some((spelling) => line.includes(spelling)), line);
  }
  const signatures = lines
    .map(messageIn)
    .filter((message) => message !== null)
    .map((message) => signatureOf(message))
    .filter((signature) => signature !== null);
  assert.ok(signatures.length > 50, `${signatures.length} signatures`);
  for (const signature of signatures) {
    assert.ok(!isMalformed(signature) && signature.value.every((byte) => byte === 0));
  }
});

/** The place of the first line that `text` is in, from 0. */
function place(text: string, from = 0): number {
  const at = LINES.findIndex((line, i) => i >= from && line.includes(text));
  assert.notEqual(at, -1, text);
  return at;
}

/** The place of the input that a line belongs to. */
const inputOf = (at: number): number =>
  LINES.findLastIndex((line, i) => i <= at && line.startsWith('{"at"'));

type Edit = (line: string) => readonly string[];

const replaced =
  (from: string | RegExp, to: string): Edit =>
  (line) => [line.replace(from, to)];
const leftOut: Edit = () => [];
const doubled: Edit = (line) => [line, line];

const FIRST_SENT = place('"kind":"send"');
const FIRST_SIGNED = place('"signed":true');

/** What is edited, where, how, and upon which line the replay then differs, and if it says that nothing more was recorded, or done. */
const EDITS: readonly (readonly [string, number, Edit, number, ("recorded" | "done")?])[] = [
  ["the seed", 0, replaced(/"seed":\d+/, '"seed":17'), inputOf(place("protocolStarted"))],
  [
    "a right signature",
    FIRST_SIGNED,
    replaced('"signed":true', '"signed":false'),
    inputOf(FIRST_SIGNED),
    "done",
  ],
  ["a message", FIRST_SIGNED, replaced(/"bytes":"[^"]*"/, '"bytes":"RcAA"'), inputOf(FIRST_SIGNED)],
  [
    "an instant",
    place('"kind":"deadline"'),
    replaced(/"at":(\d+)/, '"at":1$1'),
    place('"kind":"deadline"'),
  ],
  [
    "the time of day",
    place('{"call":{"kind":"unixSeconds"'),
    replaced(/"returned":/, '"returned":1'),
    inputOf(place('"kind":"storeBootTime"')),
  ],
  [
    "a call that fails",
    place('"kind":"startInterface"'),
    replaced(
      /"returned":\d+/,
      '"failed":{"syscall":"MRT_ADD_VIF","errno":"ENFILE","message":"none is left"}',
    ),
    inputOf(place('"kind":"startInterface"')),
  ],
  [
    "a notice",
    place("protocolStarted"),
    replaced("protocolStarted", "protocolStopped"),
    inputOf(place("protocolStarted")),
  ],
  ["an output that is left out", FIRST_SENT, leftOut, inputOf(FIRST_SENT)],
  ["an output that is doubled", FIRST_SENT, doubled, inputOf(FIRST_SENT)],
  [
    "the last output of an input that is left out",
    inputOf(FIRST_SIGNED) - 1,
    leftOut,
    inputOf(inputOf(FIRST_SIGNED) - 1),
    "recorded",
  ],
  [
    "an output that comes too late",
    inputOf(FIRST_SIGNED) - 1,
    doubled,
    inputOf(inputOf(FIRST_SIGNED) - 1),
    "done",
  ],
];

for (const [what, at, edit, upon, nothing] of EDITS) {
  test(`a replay that differs says where: ${what}`, () => {
    const end = replayed(LINES.flatMap((line, i) => (i === at ? edit(line) : [line])));
    assert.ok(end.kind === "different", end.kind);
    assert.equal(end.last?.line, upon + 1);
    assert.notEqual(end.recorded, end.done);
    for (const side of ["recorded", "done"] as const) {
      assert.equal(end[side] === null, side === nothing, `${side}: ${end[side]}`);
    }
  });
}

test("a recording that ends anywhere, as that of a daemon that was killed, replays the same up to there", () => {
  for (const count of [1, 2, FIRST_SENT, FIRST_SENT + 1, LINES.length - 1]) {
    const end = replayed(LINES.slice(0, count));
    assert.equal(end.kind, "same", `${count} lines`);
    assert.equal(end.last?.line ?? 0, count === 1 ? 0 : inputOf(count - 1) + 1);
  }
});

test("a bug of the engine is met again, and it is said whether the recording ends with it", () => {
  const upon = inputOf(FIRST_SIGNED);
  const impossible = '{"at":1e9,"input":{"kind":"links"}}';
  for (const rest of [[], LINES.slice(upon)]) {
    const end = replayed([...LINES.slice(0, upon), impossible, ...rest]);
    assert.ok(end.kind === "threw", end.kind);
    assert.deepEqual([end.last?.line, end.isEnd], [upon + 1, rest.length === 0]);
    assert.ok(end.error instanceof TypeError);
  }
});

const HEADING = known(LINES[0], "a heading");

/** Lines, and what is said of them. */
const UNUSABLE: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["nothing", [], /^It is no recording of hpim-dm\.$/],
  ["another file", ["interfaces:"], /^Line 1 is damaged\.$/],
  ["other JSON", ['{"version":1}'], /^It is no recording of hpim-dm\.$/],
  [
    "another version",
    [HEADING.replace('"version":2', '"version":1')],
    /^simulator made it in version 1 of the format; this program replays version 2\.$/,
  ],
  ["a line that is cut", [HEADING, "{", ...LINES.slice(1)], /^Line 2 is damaged\.$/],
  [
    "no address",
    LINES.map((line) => line.replace('"224.0.0.13"', '"224.0.0"')),
    /^Line \d+ is damaged\.$/,
  ],
  ["two in one", [...LINES, HEADING], /^In line \d+, another recording begins\.$/],
];

for (const [what, lines, sentence] of UNUSABLE) {
  test(`what cannot be replayed is refused: ${what}`, () => {
    assert.throws(() => new Replay(lines, () => undefined).run(), {
      name: "RecordingError",
      message: sentence,
    });
  });
}
