// Files of the state directory on a real file system.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  readStateFile,
  removeStateFile,
  stageStateFile,
  writeStateFile,
} from "../../src/daemon/state-file.ts";
import { directory } from "./served-daemon.ts";

test("a state file and its directory are for their owner alone", (t) => {
  const file = join(directory(t), "state", "a");
  writeStateFile(file, "text\n", "cannot write a");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(join(file, "..")).mode & 0o777, 0o700);
  assert.equal(readStateFile(file, "cannot read a"), "text\n");
});

test("what is staged takes the file's place when it is committed, and leaves nothing when it is not", (t) => {
  const where = directory(t);
  const file = join(where, "a");
  writeStateFile(file, "old", "cannot write a");
  stageStateFile(file, "new", "cannot write a").discard();
  assert.deepEqual(readdirSync(where), ["a"]);
  const staged = stageStateFile(file, "new", "cannot write a");
  assert.equal(readFileSync(file, "utf8"), "old");
  staged.commit();
  assert.equal(readFileSync(file, "utf8"), "new");
  assert.deepEqual(readdirSync(where), ["a"]);
});

test("a file that is not there is null to read, and no matter to remove", (t) => {
  const file = join(directory(t), "a");
  assert.equal(readStateFile(file, "cannot read a"), null);
  removeStateFile(file, "cannot remove a");
  writeFileSync(file, "");
  removeStateFile(file, "cannot remove a");
  assert.equal(readStateFile(file, "cannot read a"), null);
});

test("what the file system refuses is a HostError that says what was tried", (t) => {
  const file = join(directory(t), "a");
  mkdirSync(file);
  const refusal = (what: string, syscall: string) => ({
    ...{ name: "HostError", syscall, errno: "EISDIR" },
    message: `${what}: ${syscall} failed with EISDIR`,
  });
  assert.throws(() => readStateFile(file, "cannot read a"), refusal("cannot read a", "read"));
  assert.throws(
    () => writeStateFile(file, "", "cannot write a"),
    refusal("cannot write a", "rename"),
  );
});
