// A router becomes an originator of a tree, and ceases to be one (X11).
import assert from "node:assert/strict";
import {
  expectSaid,
  type Scenario,
  type ScenarioNetwork,
  stateOf,
  untilStates,
} from "./scenario-network.ts";
import { FORMED, formed, untilSteady } from "./seven-routers.ts";

async function untilOriginator(network: ScenarioNetwork, isOriginator: boolean): Promise<void> {
  await network.until(async () => {
    const [tree] = await network.trees("R2");
    assert.equal(tree?.originator, isOriginator, "R2 is an originator");
  });
}

/** R2's interface to R1 gets an address on the source's subnet, and loses it: its tree is ACTIVE all the time. */
async function addressMoves(network: ScenarioNetwork): Promise<void> {
  await formed(network);
  await untilSteady(network, "Client0", "Client1");
  await network.mark();
  await network.setAddress("R2", "eth0", "10.1.1.2/24", true);
  await untilOriginator(network, true);
  assert.equal((await stateOf(network, "R2"))[0], "ACTIVE");
  await network.until(() =>
    expectSaid(network, {
      B: { interest: ["10.2.2.2 NoInterest 10.2.2.1"] },
      E: {
        announced: ["10.5.5.2 IamUpstream 2/0"],
        interest: ["10.5.5.5 NoInterest 10.5.5.2", "10.5.5.6 Interest 10.5.5.2"],
      },
      I: {
        announced: ["10.9.9.2 IamUpstream 2/0"],
        interest: ["10.9.9.7 Interest 10.9.9.2"],
      },
    }),
  );
  await network.mark();
  await network.setAddress("R2", "eth0", "10.1.1.2/24", false);
  await untilOriginator(network, false);
  await untilStates(network, FORMED);
  await network.until(() =>
    expectSaid(network, {
      B: { interest: ["10.2.2.2 Interest 10.2.2.1"] },
      E: {
        announced: ["10.5.5.2 IamUpstream 11/20"],
        interest: ["10.5.5.5 NoInterest 10.5.5.4", "10.5.5.6 Interest 10.5.5.4"],
      },
      I: {
        announced: ["10.9.9.2 IamUpstream 11/20"],
        interest: ["10.9.9.7 Interest 10.9.9.2"],
      },
    }),
  );
  await untilSteady(network, "Client0", "Client1");
}

export const ORIGINATOR: readonly Scenario[] = [
  {
    title: "X11: a router becomes an originator and ceases to be one, and stays ACTIVE",
    topology: "seven-routers",
    run: addressMoves,
  },
];
