// Daemons on the real kernel are recorded: in the simulator their engines do the same again.
import { test } from "node:test";
import { LabNetwork } from "../scenarios/lab-network.ts";
import { untilStates, untilSynced } from "../scenarios/scenario-network.ts";
import {
  clientsJoin,
  FORMED,
  GROUP,
  NEIGHBORS,
  PACKET_INTERVAL_MILLIS,
} from "../scenarios/seven-routers.ts";
import { needsRoot } from "../support/namespace.ts";
import { readTopology } from "../topology/files.ts";
import { QUICK, untilInterface } from "./machine.ts";
import { reloaded } from "./operator.ts";
import { expectAllSame, expectNone, stopAll } from "./replayed.ts";

const SECRET = "lab secret of the recorded";

test(
  "on the real kernel, signed: a tree forms, a link flaps, a neighbor is killed and restarts, a file is loaded; all recordings replay to the same, and hold no secret",
  needsRoot,
  async (context) => {
    const network = await LabNetwork.up(context, readTopology("seven-routers"), {
      ...QUICK,
      security: { keys: [{ identifier: 7, algorithm: "sha256", secret: SECRET }] },
      recorded: true,
    });
    const asFormed = async (): Promise<void> => {
      await untilSynced(network, NEIGHBORS);
      await untilStates(network, FORMED);
    };
    await network.start();
    await untilSynced(network, NEIGHBORS);
    await clientsJoin(network);
    await network.send("Source", [GROUP], PACKET_INTERVAL_MILLIS);
    await asFormed();
    await network.change({ router: "R4", interface: "eth0", up: false });
    const problem = "eth0 is down.";
    await untilInterface(network, ["R4", "eth0"], { state: "waiting", problem });
    await network.change({ router: "R4", interface: "eth0", up: true });
    await asFormed();
    await network.kill("R2");
    await network.start("R2");
    await asFormed();
    await reloaded(network, "R5", { eth1: { hpim: false } });
    await untilSynced(network, { R5: 4, R7: 1 });
    await reloaded(network, "R5", { eth1: { hpim: true } });
    await asFormed();
    await stopAll(network);
    expectAllSame(network);
    expectNone(network, [SECRET]);
  },
);
