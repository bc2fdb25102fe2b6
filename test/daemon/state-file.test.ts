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
import { withFaults } from "../lab/syscall-faults.ts";
import { needsRoot } from "../support/namespace.ts";
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
  assert.deepEqual(readdirSync(join(file, "..")), ["a"]);
});

const CANNOT_SYNC = "cannot write a: fsync failed with EIO";

for (const [title, before] of [
  ["holds what it held", "old"],
  ["is not there if it was not", null],
] as const) {
  test(`a file whose place was taken, but not on disk, ${title}`, needsRoot, async (t) => {
    const where = directory(t);
    const file = join(where, "a");
    if (before !== null) writeStateFile(file, before, "cannot write a");
    const staged = stageStateFile(file, "new", "cannot write a");
    await withFaults(process.pid, "fsync:error=EIO", async () => {
      assert.throws(staged.commit, { name: "HostError", message: CANNOT_SYNC });
    });
    assert.equal(readStateFile(file, "cannot read a"), before);
    assert.deepEqual(readdirSync(where), before === null ? [] : ["a"]);
  });
}

test("a file that cannot even be put back is said to hold the new text", needsRoot, async (t) => {
  const file = join(directory(t), "a");
  const staged = stageStateFile(file, "new", "cannot write a");
  await withFaults(process.pid, "/^(fsync|unlink|unlinkat)$:error=EIO", async () => {
    assert.throws(staged.commit, {
      ...{ name: "HostError", errno: "EIO" },
      message: /^cannot put back what .*a held, and it holds the new text: /,
    });
  });
  assert.equal(readStateFile(file, "cannot read a"), "new");
});
