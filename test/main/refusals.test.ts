// Interfaces that cannot work, on a real kernel: refused by command, in the list and in the log, each with a sentence.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { interfacesSchema } from "../../src/api/lists/interfaces.ts";
import { ask } from "../../src/cli/client.ts";
import { needsRoot } from "../support/namespace.ts";
import { until } from "../support/until.ts";
import { RouterProcess } from "./router-process.ts";

/** Commands of ip(8) that make an interface what it is, its name, and why nothing runs on it. */
type Kind = readonly [title: string, name: string, commands: readonly string[], sentence: string];

const VETH = "link add d0 type veth peer name d1";

const KINDS: readonly Kind[] = [
  ["loopback", "lo", [], "Nothing runs on lo: it is a loopback interface."],
  [
    "an interface without the multicast flag, as tunnels are",
    "d0",
    [VETH, "link set d0 multicast off"],
    'Nothing runs on d0: it cannot send multicast ("ip link set d0 multicast on" may help).',
  ],
  [
    "a port of a bridge",
    "d0",
    [VETH, "link add br0 type bridge", "link set d0 master br0"],
    "Nothing runs on d0: it is a port of br0, which gets its packets; use br0 instead.",
  ],
];

const MAKE_VRF = "link add red type vrf table 10";

const VRF_KINDS: readonly Kind[] = [
  [
    "the device of a VRF",
    "red",
    [MAKE_VRF],
    "Nothing runs on red: it is the device of a VRF, and multicast is routed outside of VRFs only.",
  ],
  [
    "a member of a VRF",
    "d0",
    [VETH, MAKE_VRF, "link set d0 master red"],
    'Nothing runs on d0: it is in the VRF red, and multicast is routed outside of VRFs only ("ip link set d0 nomaster" takes it out).',
  ],
];

/** Some kernels are built without VRFs. */
const hasVrfs = (): boolean =>
  spawnSync("unshare", ["--net", "ip", ...MAKE_VRF.split(" ")]).status === 0;

const CONFIGURED = "interfaces: {d0: {hpim: true}, lo: {hpim: true}, red: {hpim: true}}\n";

for (const [title, name, commands, sentence] of [...KINDS, ...(hasVrfs() ? VRF_KINDS : [])]) {
  test(`${title} is refused: by command, in show interfaces, in the log`, needsRoot, async (t) => {
    const router = new RouterProcess(t);
    for (const command of commands) router.namespace.ip(command);
    if (name !== "lo") router.namespace.ip(`link set ${name} up`);
    assert.equal((await router.start()).code, 0);
    for (const protocol of ["interface", "igmp"]) {
      const added = await router.at(protocol, "add", name);
      assert.deepEqual([added.code, added.out, added.err], [1, "", `hpim-dm: ${sentence}\n`]);
    }
    const path = ["GET", "/v1/interfaces"] as const;
    const { interfaces } = interfacesSchema.parse(await ask(router.runtime, path));
    const row = interfaces.find((candidate) => candidate.name === name);
    assert.deepEqual([row?.hpim.state, row?.igmp.state, row?.problem], ["off", "off", null]);
    assert.equal((await router.at("stop")).code, 0);

    const config = router.file("r.yaml", CONFIGURED);
    assert.equal((await router.start("--config", config)).code, 0);
    const shown = (await router.at("show", "interfaces")).out.split("\n");
    assert.ok(shown.includes(sentence), shown.join("\n"));
    const logged = router.logged().split(JSON.stringify(sentence)).length - 1;
    assert.equal(logged, 1, "told once in the log");
  });
}

const WAITING = "d0 has no IPv4 address.";

test(
  "what waits for an address, for its link or for the interface itself says so, and begins by itself",
  needsRoot,
  async (t) => {
    const router = new RouterProcess(t);
    const config = router.file("r.yaml", "interfaces: {d0: {hpim: true}}\n");
    assert.equal((await router.start("--config", config)).code, 0);
    const shows = async (text: string): Promise<boolean> =>
      (await router.at("show", "interfaces")).out.includes(text);
    await until("d0 missing", () => shows("d0 is configured, but there is no such interface."));
    router.namespace.ip("link add d0 type veth peer name d1");
    await until("d0 down", () => shows("d0 is down."));
    router.namespace.ip("link set d0 up");
    router.namespace.ip("link set d1 up");
    await until("d0 without an address", () => shows(WAITING));
    const added = await router.at("igmp", "add", "d0");
    assert.deepEqual(
      [added.code, added.out],
      [0, `IGMP is enabled on d0, and starts when it can: ${WAITING}\n`],
    );
    router.namespace.ip("address add 10.9.0.1/24 dev d0");
    await until("d0 running", async () =>
      router.logged().includes("HPIM-DM runs on d0 as 10.9.0.1."),
    );

    router.namespace.ip("link add br0 type bridge");
    router.namespace.ip("link set d0 master br0");
    await until("d0 in a bridge", () => shows("Nothing runs on d0: it is a port of br0"));
    router.namespace.ip("link set d0 nomaster");
    await until(
      "d0 out of it",
      async () => router.logged().split("HPIM-DM runs on d0").length === 3,
    );
    assert.equal(await shows("Nothing runs on d0"), false);
    for (const sentence of [
      "d0 is configured, but there is no such interface: it is used when it appears.",
      "d0 is down. What is configured there starts when it can.",
      `${WAITING} What is configured there starts when it can.`,
    ]) {
      assert.ok(router.logged().includes(sentence), sentence);
    }
  },
);
