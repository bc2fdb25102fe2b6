// How commands reach the daemon, and what they say to those who may not.
import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { dirname } from "node:path";
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
    const asking = () => ask(runtimeDirectory, ["GET", "/v1/version"], versionSchema);
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
