// Bursts of new flows on the real kernel: trees form from the first packet of each.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { untilSynced } from "../scenarios/scenario-network.ts";
import { needsRoot } from "../support/namespace.ts";
import { readTopology } from "../topology/files.ts";
import { ROUTERS, sendBurst, untilActive } from "./burst.ts";
import { rawSockets } from "./syscall-watch.ts";

const FLOWS = 5_000;
const IGMP = 2;

test(
  `on the real kernel: ${FLOWS} flows, one packet each, back to back, form all their trees on both routers`,
  needsRoot,
  async (context) => {
    const network = await LabNetwork.up(context, readTopology("pair"), { captured: [] });
    await network.start();
    await untilSynced(network, { R1: 1, R2: 1 });
    const began = performance.now();
    await sendBurst(network.lab, "239.1.0.0", FLOWS);
    context.diagnostic(`sent within ${Math.round(performance.now() - began)} ms`);
    await untilActive(network, FLOWS);
    context.diagnostic(`all ACTIVE within ${Math.round(performance.now() - began)} ms`);
    for (const router of ROUTERS) {
      const entries = await network.mroute(router);
      const passed = entries.filter(({ packets, unresolved }) => !unresolved && packets === 1);
      assert.equal(passed.length, FLOWS, `flows of which ${router} counted the one packet`);
      const pid = await network.daemonPid(router);
      const lost = rawSockets(pid, IGMP).filter(({ dropped }) => dropped > 0);
      assert.deepEqual(lost, [], `upcalls that ${router} lost`);
    }
  },
);

const UNPRIVILEGED = fileURLToPath(new URL("./burst-unprivileged-main.js", import.meta.url));

test(
  "in a user namespace, where no receive buffer may be raised: 200 flows form from their first packets, and of a burst that is more than it holds all form with the next",
  needsRoot,
  async (context) => {
    const script = `mount -t tmpfs none /run && mkdir /run/netns && exec ${process.execPath} ${UNPRIVILEGED}`;
    const words = ["--map-root-user", "--net", "--mount", "sh", "-c", script];
    const { code, text } = await new Promise<{ code: unknown; text: string }>((resolve) => {
      // Of this test's runner, which it would report to.
      const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
      execFile("unshare", words, { env }, (error, out, complaint) =>
        resolve({ code: error === null ? 0 : error.code, text: out + complaint }),
      );
    });
    assert.equal(code, 0, text);
    context.diagnostic(/of \d+ upcalls .*/.exec(text)?.[0] ?? text);
  },
);
