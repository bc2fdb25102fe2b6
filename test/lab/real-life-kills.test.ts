// kill -9 of any router of the seven, and a new start, under traffic: as before.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { untilStates, untilSynced } from "../scenarios/scenario-network.ts";
import { clientsJoin, FORMED, GROUP, NEIGHBORS } from "../scenarios/seven-routers.ts";
import { needsRoot } from "../support/namespace.ts";
import { readTopology } from "../topology/files.ts";
import { pictureOf, QUICK, untilAsBefore } from "./machine.ts";

test("on the real kernel, among seven routers, under traffic", needsRoot, async (context) => {
  const network = await LabNetwork.up(context, readTopology("seven-routers"), QUICK);
  await network.start();
  await untilSynced(network, NEIGHBORS);
  await clientsJoin(network);
  await network.send("Source", [GROUP], 10);
  await untilStates(network, FORMED);
  const formed = await pictureOf(network);
  for (const router of Object.keys(NEIGHBORS)) {
    let isOver = false;
    await context.test(`kill -9 of ${router} and a new start`, async () => {
      const before = await network.daemonPid(router);
      await network.kill(router);
      await network.start(router);
      assert.notEqual(await network.daemonPid(router), before);
      await untilAsBefore(network, formed, "Client0", "Client1");
      await untilSynced(network, NEIGHBORS);
      isOver = true;
    });
    assert.ok(isOver, `what comes after ${router} needs the network as before`);
  }
});
