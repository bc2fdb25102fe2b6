// make replay: what it says of a recording, and its exit code.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { known } from "../../src/base/invariant.ts";
import { seconds } from "../../src/base/units.ts";
import { directory } from "../daemon/served-daemon.ts";
import { simulate } from "../scenarios/sim-network.ts";
import { type Outcome, runProgram } from "../support/command.ts";
import { fromRoot } from "../support/root.ts";
import { recordAll } from "./replay-rig.ts";

const MAIN = fromRoot("dist", "tools", "replay", "main.js");
const replay = (...words: readonly string[]): Promise<Outcome> =>
  runProgram(process.execPath, [MAIN, ...words]);

/** The recording of R1 in the smallest network, which runs for some seconds. */
function recordingOfR1(): readonly string[] {
  const network = simulate("pair");
  const recordings = recordAll(network);
  network.startAll();
  network.run(seconds(2));
  return known(recordings[0], "R1 was recorded").lines;
}

test("make replay tells what happened and when, and shows lists as they are at the end", async (t) => {
  const path = join(directory(t), "recording");
  writeFileSync(
    path,
    recordingOfR1()
      .map((line) => `${line}\n`)
      .join(""),
  );
  const { code, out, err } = await replay(path, "--show", "neighbors");
  assert.deepEqual([code, err], [0, ""]);
  const lines = out.split("\n");
  assert.equal(lines[0], "Recorded by simulator, from 2023-11-14T22:13:20.000Z on.");
  assert.ok(lines.includes("2023-11-14T22:13:20.000Z HPIM-DM runs on eth1 as 10.2.2.1."), out);
  const end = lines.findIndex((line) => line.startsWith("The same, to its end: input "));
  assert.deepEqual(lines.slice(end + 1, end + 3), ["", "neighbors:"]);
  assert.match(out, /^eth1 +10\.2\.2\.2 +SYNCED/m);
});

test("make replay of what differs shows the input, what is recorded and what is done, and ends with 1", async (t) => {
  const path = join(directory(t), "recording");
  const text = recordingOfR1()
    .map((line) => `${line}\n`)
    .join("");
  writeFileSync(path, text.replace('"to":"SYNCED"', '"to":"SLAVE"'));
  const { code, out } = await replay(path);
  assert.equal(code, 1);
  const [upon, recorded, done] = out.trimEnd().split("\n").slice(-3);
  assert.match(
    known(upon, "the input"),
    /^DIFFERENT upon input \d+ \(line \d+, 2023-11-14T22:13:20\.\d+Z\): \{"at":[\d.]+,"input":\{"kind":"datagram",/,
  );
  assert.match(known(recorded, "a line"), /^ {2}recorded {2}\{"notice":.*"to":"SLAVE"\}\}$/);
  assert.match(known(done, "a line"), /^ {2}done {6}\{"notice":.*"to":"SYNCED"\}\}$/);
});

/** Words, what they have it say, if need be of a file with a text. */
const REFUSED: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["no file", [], /^Name one recording: make replay FILE=/],
  ["an empty name", [""], /^Name one recording: make replay FILE=/],
  ["a file that is not there", ["/nowhere/recording"], /^ENOENT: .*\/nowhere\/recording/],
  ["another file", [MAIN], /main\.js cannot be replayed\. Line 1 is damaged\.$/m],
  [
    "a list that no recording tells",
    [MAIN, "--show", "mroute"],
    /^A recording does not tell a list "mroute"\. It tells: summary, interfaces, .*counters\.$/m,
  ],
];

for (const [what, words, sentence] of REFUSED) {
  test(`make replay refuses with 2: ${what}`, async () => {
    const { code, out, err } = await replay(...words);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, sentence);
  });
}
