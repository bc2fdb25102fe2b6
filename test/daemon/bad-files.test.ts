// Bad configuration files: all problems of each at once, each a sentence with line, column and path, in the order of the
// file (docs/configuration.md).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { formatProblem } from "../../src/api/file-problem.ts";
import { loadConfiguration } from "../../src/daemon/load-configuration.ts";
import { BAD_KEYS, BAD_SECTIONS, BAD_TIMING, BAD_VALUES } from "../api/bad-files.ts";
import { BAD_JOINS } from "../api/bad-joins.ts";
import { BAD_LEGACY, BAD_YAML } from "../api/bad-texts.ts";
import { directory } from "./served-daemon.ts";

function problemsOf(text: string): readonly string[] {
  const loaded = loadConfiguration(text);
  const problems = loaded.kind === "problems" ? loaded.problems : loaded.lacking;
  return problems.map((problem) => formatProblem("f", problem));
}

for (const [title, files] of [
  ["sections", BAD_SECTIONS],
  ["joins", BAD_JOINS],
  ["values", BAD_VALUES],
  ["intervals", BAD_TIMING],
  ["keys", BAD_KEYS],
  ["YAML", BAD_YAML],
  ["the Python router's", BAD_LEGACY],
] as const) {
  for (const [text, ...problems] of files) {
    test(`${title}: ${JSON.stringify(text.slice(0, 80))}`, () => {
      const found = problemsOf(text);
      assert.deepEqual(
        found,
        problems.map((problem) => `f:${problem}`),
      );
      assert.ok(found.every((line) => !line.includes("swordfish")));
    });
  }
}

test("a text that is nested too deeply is refused, and does not end the process", () => {
  for (const [text, place] of [
    ["[", "2:101"],
    ["{a: ", "2:395"],
    ["- ", "2:200"],
    ["? ", "2:200"],
  ] as const) {
    for (const times of [200, 20_000]) {
      const problems = problemsOf(`hpim:\n ${text.repeat(times)}`);
      assert.deepEqual(problems, [`f:${place}: not YAML: this is nested too deeply`]);
    }
  }
});

const withFile = (file: string): string =>
  `interfaces: {e: {security: {keys: [{identifier: 1, algorithm: md5, secretFile: ${file}}]}}}`;

test("the file of a secret is to be readable, not empty, and closed to others", (t) => {
  const here = directory(t);
  const at = (name: string): string => join(here, name);
  const write = (name: string, bytes: string | Uint8Array, mode = 0o600): void =>
    writeFileSync(at(name), bytes, { mode });
  write("empty", "");
  write("line", "\r\n");
  write("zero", new Uint8Array(16));
  write("open", "swordfish", 0o604);
  write("long", "x".repeat(65_537));
  mkdirSync(at("directory"), { mode: 0o700 });
  assert.equal(spawnSync("mkfifo", ["-m", "600", at("fifo")]).status, 0);
  const noSecret = "holds no secret: it is empty, or nothing but zero bytes";
  for (const [name, problem] of [
    ["absent", "cannot be read: no such file or directory (ENOENT)"],
    ["empty/x", "cannot be read: not a directory (ENOTDIR)"],
    ["empty", noSecret],
    ["line", noSecret],
    ["zero", noSecret],
    [
      "open",
      `is open to every user of this machine: "chmod 600 ${at("open")}", and choose another secret if it was read`,
    ],
    ["long", "is too long for a secret: expected at most 65536 bytes"],
    ["directory", "is a directory or a device: expected a file"],
    ["fifo", "is a directory or a device: expected a file"],
  ] as const) {
    const sentence = `${at(name)} ${problem}`;
    const place = "f:1:68: interfaces.e.security.keys.0.secretFile";
    assert.deepEqual(problemsOf(withFile(at(name))), [`${place}: ${sentence}`]);
  }
  for (const [name, bytes] of [
    ["short", "x"],
    ["full", "x".repeat(65_536)],
    ["binary", Uint8Array.of(0, 255, 0)],
  ] as const) {
    write(name, bytes, 0o640);
    assert.deepEqual(problemsOf(withFile(at(name))), []);
  }
});

for (const path of ["keys/eth0", "./eth0", '"/etc/\\0"', '""', "5"]) {
  test(`no path of a file with a secret: ${path}`, () =>
    assert.deepEqual(problemsOf(withFile(path)), [
      "f:1:68: interfaces.e.security.keys.0.secretFile: expected the absolute path of a file that holds the secret and nothing else",
    ]));
}

test("secrets are looked at also where other things are wrong", (t) => {
  const absent = join(directory(t), "absent");
  assert.deepEqual(
    problemsOf(`hpim: {helloPeriod: 0}
interfaces:
  e:
    security:
      keys:
        - {algorithm: md5, secretFile: ${absent}}
    igmp: {queryInterval: 5}
    ttlThreshold: 0`),
    [
      'f:1:8: hpim.helloPeriod: expected a duration from 50ms to 900s, such as 2, "2s" or "2000ms"',
      "f:6:11: interfaces.e.security.keys.0.identifier: missing; expected a whole number from 0 to 65535",
      `f:6:28: interfaces.e.security.keys.0.secretFile: ${absent} cannot be read: no such file or directory (ENOENT)`,
      "f:7:5: interfaces.e.igmp: expected queryResponseInterval, 10s here, below queryInterval, 5s here",
      "f:8:5: interfaces.e.ttlThreshold: expected a whole number from 1 to 254",
    ],
  );
});

for (const [text, place] of [
  [
    "interfaces:\n  e: {security: {keys: [{identifier: 1, algorithm: md5, secret: <redacted>}]}}",
    "f:2:57: interfaces.e.security.keys.0.secret",
  ],
  [
    "HPIM-DM: {Interfaces: {e: {ipv4: {security: {key: <redacted>}}}}}",
    "f:1:46: HPIM-DM.Interfaces.e.ipv4.security.key",
  ],
] as const) {
  test(`a secret that is redacted is one to be found: ${text}`, () =>
    assert.deepEqual(problemsOf(text), [
      `${place}: is not here but hidden, as in what "config show" prints: write the secret, name a secretFile, or "hpim-dm config load" this file into the daemon that has the secret`,
    ]));
}
