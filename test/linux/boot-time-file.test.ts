// §4: the last BootTime of each interface, on disk.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bootTime } from "../../src/base/units.ts";
import { readBootTime, writeBootTime } from "../../src/linux/boot-time-file.ts";
import { temporaryDirectory } from "./host-process.ts";

test("§4 the BootTime stored last is read again, for each interface its own, 0 for one that has none", (t) => {
  const directory = join(temporaryDirectory(t), "not", "yet", "there");
  assert.equal(readBootTime(directory, "eth0"), 0);
  const names = ["eth0", "eth0.100", "new-boot-time.eth0", "-", "ü €", "a\\b", "x*?"];
  for (const [i, name] of names.entries())
    writeBootTime(directory, name, bootTime(1_700_000_000 + i));
  writeBootTime(directory, "eth0", bootTime(2 ** 32 - 1));
  assert.deepEqual(
    names.map((name) => readBootTime(directory, name)),
    [2 ** 32 - 1, ...[1, 2, 3, 4, 5, 6].map((i) => 1_700_000_000 + i)],
  );
  assert.equal(readdirSync(directory).length, names.length);
});

for (const text of ["", "12", "1\n2\n", "-1\n", "4294967296\n", "1e3\n", "nonsense\n"]) {
  test(`§4 a file that holds ${JSON.stringify(text)} is an error in words, not a BootTime`, (t) => {
    const directory = temporaryDirectory(t);
    writeFileSync(join(directory, "boot-time.eth0"), text);
    assert.throws(() => readBootTime(directory, "eth0"), {
      name: "HostError",
      errno: "EBADMSG",
      message: /boot-time\.eth0 does not hold the last BootTime of eth0; write a number/,
    });
  });
}

test("§2.1 a BootTime that no message can carry is refused, and the old one stays", (t) => {
  const directory = temporaryDirectory(t);
  writeBootTime(directory, "eth0", bootTime(2 ** 32 - 1));
  assert.throws(() => writeBootTime(directory, "eth0", bootTime(2 ** 32)), { errno: "EOVERFLOW" });
  assert.equal(readBootTime(directory, "eth0"), 2 ** 32 - 1);
});

test("§4 what cannot be read or stored is a HostError, and the old BootTime stays", (t) => {
  const directory = temporaryDirectory(t);
  mkdirSync(join(directory, "boot-time.eth1"));
  assert.throws(() => readBootTime(directory, "eth1"), { name: "HostError", errno: "EISDIR" });
  assert.throws(() => writeBootTime(directory, "eth1", bootTime(5)), {
    name: "HostError",
    syscall: "rename",
    message: /cannot store the BootTime of eth1/,
  });
  writeBootTime(directory, "eth0", bootTime(5));
  mkdirSync(join(directory, "new-boot-time.eth0"));
  assert.throws(() => writeBootTime(directory, "eth0", bootTime(6)), { syscall: "open" });
  assert.equal(readFileSync(join(directory, "boot-time.eth0"), "utf8"), "5\n");
  rmSync(join(directory, "new-boot-time.eth0"), { recursive: true });
  // Left behind by a crash before the rename.
  writeFileSync(join(directory, "new-boot-time.eth0"), "99");
  assert.equal(readBootTime(directory, "eth0"), 5);
});
