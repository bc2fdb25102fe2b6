// How commands reach the daemon, and what they say to those who may not.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { versionSchema } from "../../src/api/responses.ts";
import { ask } from "../../src/cli/client.ts";
import { serve } from "../daemon/served-daemon.ts";
import { needsRoot } from "../support/namespace.ts";

const SOMEBODY = 4321;

test(
  "who may not use the control socket is told who may, and it ends with 3",
  needsRoot,
  async (t) => {
    const { runtimeDirectory } = await serve(t);
    chmodSync(dirname(runtimeDirectory), 0o755);
    const asking = async () =>
      versionSchema.parse(await ask(runtimeDirectory, ["GET", "/v1/version"]));
    assert.equal((await asking()).pid, process.pid);
    process.seteuid?.(SOMEBODY);
    try {
      await assert.rejects(asking(), {
        ...{ name: "CommandError", exitCode: 3 },
        message: `You may not talk to the daemon on ${runtimeDirectory}/control.sock: run this as root, or as a member of the group of that directory if it has rights there.`,
      });
    } finally {
      process.seteuid?.(0);
    }
  },
);

/** What `ask` says of a daemon that answers everything with `status` and `body`. */
async function askedOf(t: TestContext, status: number, body: string): Promise<unknown> {
  const directory = mkdtempSync(join(tmpdir(), "hpim-dm-client-"));
  const server = createServer((_, response) => response.writeHead(status).end(body));
  t.after(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });
  await new Promise<void>((listens) => server.listen(join(directory, "control.sock"), listens));
  return ask(directory, ["GET", "/v1/version"]);
}

test("an answer of another version, or of somebody else, is not understood", async (t) => {
  const misunderstood = {
    ...{ name: "CommandError", exitCode: 1 },
    message: "The daemon's answer is not understood: restart it, it may be of another version.",
  };
  for (const body of ['{"version":2}', "{}", "null", "7", "[]", "", "<html>"]) {
    await assert.rejects(askedOf(t, 200, body), misunderstood, body);
    await assert.rejects(askedOf(t, 500, body), misunderstood, body);
  }
  const refusal = '{"error":"There is no interface eth9."}';
  await assert.rejects(askedOf(t, 200, refusal), misunderstood);
  await assert.rejects(askedOf(t, 404, refusal), {
    ...{ name: "CommandError", exitCode: 1 },
    message: "There is no interface eth9.",
  });
  assert.deepEqual(await askedOf(t, 200, '{"version":1,"pid":7}'), { version: 1, pid: 7 });
});
