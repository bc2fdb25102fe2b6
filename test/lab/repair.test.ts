// A lab is made whole again, whatever has happened to its devices, addresses and routes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { waitForCarriers } from "../../src/lab/carrier.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { namespaceOf, portOf, switchNamespaceOf } from "../../src/lab/names.ts";
import { removeNamespaces } from "../../src/lab/namespaces.ts";
import { repairLab } from "../../src/lab/repair.ts";
import { line, runBatch } from "../../src/lab/run.ts";
import { waitUntil } from "../../src/lab/wait-until.ts";
import { needsRoot } from "../support/namespace.ts";
import { readTopology } from "../topology/files.ts";
import { kernelRoutes, labSite, outputIn, upQuietly } from "./labs.ts";

const ROUTERS = ["R1", "R2", "R3"];

/** Devices with state and addresses, and routes, of the routers that something happens to. */
async function wholeOf(lab: Lab): Promise<readonly string[]> {
  const texts = ROUTERS.map(async (router) => {
    const devices = await outputIn(lab, router, "ip -brief address show");
    // "eth0@if7": the other end gets another number each time that it is made.
    const lines = devices.split("\n").map((text) => text.replace(/@\S+/, "").trim());
    return [...lines.sort(), ...(await kernelRoutes(lab, router))];
  });
  return (await Promise.all(texts)).flat();
}

const ip = ({ name }: Lab, router: string, ...commands: readonly string[]): Promise<void> =>
  runBatch(
    namespaceOf(name, router),
    commands.map((command) => line(router, command)),
  );

test("what is broken in a lab is repaired, and nothing else", needsRoot, async (context) => {
  const lab = await upQuietly(labSite(context), readTopology("seven-routers"));
  const whole = await wholeOf(lab);
  const damages: readonly (readonly [string, () => Promise<void>])[] = [
    ["a cable is gone", () => ip(lab, "R1", "link delete eth1")],
    ["an interface at a switch is gone", () => ip(lab, "R2", "link delete eth1")],
    [
      "a port of a switch is down",
      () => {
        const port = portOf("R3", "eth1");
        return runBatch(switchNamespaceOf(lab.name), [line(port, `link set dev ${port} down`)]);
      },
    ],
    ["an interface is down", () => ip(lab, "R3", "link set eth0 down")],
    [
      "addresses are others",
      () =>
        ip(
          lab,
          "R2",
          "address flush dev eth0",
          ...["address add 10.2.2.77/24 dev eth0", "address add 10.9.9.88/24 dev eth2"],
        ),
    ],
    [
      "routes are others",
      async () => {
        await ip(lab, "R3", "route flush proto 11", "route add blackhole 10.8.8.0/24 proto 11");
        await ip(lab, "R2", "route add 10.1.1.0/24 proto 11 metric 3 via 10.2.2.1");
      },
    ],
    ["nothing is", () => Promise.resolve()],
  ];
  for (const [title, damage] of damages) {
    await context.test(title, async () => {
      await damage();
      // A lost carrier takes a moment to be seen.
      const isSeen = async (): Promise<boolean> => !isDeepStrictEqual(await wholeOf(lab), whole);
      if (title !== "nothing is") assert.ok(await waitUntil(isSeen, 10_000));
      assert.deepEqual(await repairLab(lab), []);
      await waitForCarriers(lab.topology, lab.name);
      assert.deepEqual(await wholeOf(lab), whole);
    });
  }
  await context.test("what the rest of the lab keeps from being repaired is told", async () => {
    await ip(lab, "R3", "link set eth0 down");
    const told = await repairLab(lab, { devices: [], routesOf: ["R3"] });
    assert.match(told.join(), /A route of R3: ip route replace 10\.\S+ proto 11 metric \d+ via/);
  });
  await context.test("a lab without its namespaces is none", async () => {
    await removeNamespaces([namespaceOf(lab.name, "R1")]);
    await assert.rejects(repairLab(lab), /Namespace \S+-R1 cannot be read/);
  });
});
