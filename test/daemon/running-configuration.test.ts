// What commands changed: kept in the state directory, and laid over the configuration file at the next start.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { loadConfiguration } from "../../src/daemon/load-configuration.ts";
import type { RunningConfiguration, Switch } from "../../src/daemon/running-configuration.ts";
import { isOn } from "../../src/daemon/running-configuration.ts";
import { directory, runningOf } from "./served-daemon.ts";

const on = (name: string, protocol: "hpim" | "igmp" = "hpim"): Switch => ({
  ...{ kind: "protocol", interface: name, protocol },
});

/** The configuration that a daemon comes up with which is started again in `state`. */
function restarted(state: string, text = ""): RunningConfiguration {
  const running = runningOf(state, text);
  assert.equal(running.takeUpKept(), null);
  return running;
}

const kept = (state: string): string =>
  readFileSync(join(state, "changes.yaml"), "utf8").replaceAll(/^#.*\n/gm, "");

const stateOf = (t: TestContext): string => join(directory(t), "state");

test("a change is in force at the next start; what the file says stays", (t) => {
  const state = stateOf(t);
  const file = "interfaces: {eth0: {igmp: true}, eth1: {hpim: {helloPeriod: 3}}}";
  const running = runningOf(state, file);
  running.propose(on("eth0"), true).commit();
  running.propose(on("eth1"), false).commit();
  running.propose({ kind: "floodInitialData" }, false).commit();
  const again = restarted(state, file);
  assert.deepEqual(again.configuration, running.configuration);
  assert.equal(isOn(again.configuration, on("eth0")), true);
  assert.equal(isOn(again.configuration, on("eth0", "igmp")), true);
  assert.equal(isOn(again.configuration, on("eth1")), false);
  assert.equal(isOn(again.configuration, { kind: "floodInitialData" }), false);
});

test("the changes are a configuration file, of which the daemon takes as much as of any other", (t) => {
  const state = stateOf(t);
  const running = runningOf(state);
  running.propose(on("eth0"), true).commit();
  running.propose({ kind: "holdForwarding" }, false).commit();
  const loaded = loadConfiguration(kept(state));
  assert.ok(loaded.kind === "configuration");
  assert.deepEqual(loaded.configuration, running.configuration);
  assert.equal(statSync(join(state, "changes.yaml")).mode & 0o777, 0o600);
});

test("what is as the file says it is no change: it follows the file when that changes", (t) => {
  const state = stateOf(t);
  const file = "hpim: {floodInitialData: false}\ninterfaces: {eth0: {hpim: {helloPeriod: 3}}}";
  const running = runningOf(state, file);
  for (const what of [on("eth0"), on("eth1"), { kind: "floodInitialData" } as const]) {
    const before = isOn(running.configuration, what);
    running.propose(what, !before).commit();
    running.propose(what, before).commit();
  }
  assert.equal(kept(state), "{}\n");
  assert.equal(running.configuration.interfaces.get("eth0")?.hpim?.helloPeriod, 3_000);
});

test("a proposal that is not committed is not in force, now or later", (t) => {
  const state = stateOf(t);
  const running = runningOf(state);
  const proposal = running.propose(on("eth0"), true);
  assert.equal(isOn(proposal.configuration, on("eth0")), true);
  proposal.discard();
  assert.equal(isOn(running.configuration, on("eth0")), false);
  assert.deepEqual(readdirSync(state), []);
});

test("changes are forgotten when that is asked for", (t) => {
  const state = stateOf(t);
  const running = runningOf(state);
  running.forgetKept();
  running.propose(on("eth0"), true).commit();
  runningOf(state).forgetKept();
  assert.equal(isOn(restarted(state).configuration, on("eth0")), false);
});

for (const [title, text, problem] of [
  ["is no YAML", "interfaces: [", /changes\.yaml:\d+: /],
  [
    "has settings that nobody knows",
    "interfaces:\n  eth0: {ospf: true}",
    /changes\.yaml:2: .*ospf/,
  ],
  [
    "has what only the configuration file sets",
    "interfaces:\n  eth0: {igmp: false}\nigmp: {queryResponseInterval: 20}",
    /changes\.yaml:3: igmp\.queryResponseInterval: no command sets this; .* configuration file/,
  ],
  ["has a routing table", "hpim: {routingTable: 7}", /changes\.yaml:1: hpim\.routingTable: /],
  [
    "has settings of a protocol",
    "interfaces:\n  eth0.5: {hpim: {helloPeriod: 3}}",
    /changes\.yaml:2: interfaces\.eth0\.5\.hpim\.helloPeriod: no command/,
  ],
] as const) {
  test(`a file of changes that ${title} is set aside, and said to be`, (t) => {
    const state = directory(t);
    writeFileSync(join(state, "changes.yaml"), text);
    const running = runningOf(state, "interfaces: {eth1: {igmp: true}}");
    const remark = running.takeUpKept() ?? "";
    assert.match(remark, problem);
    assert.match(remark, /It is now .*changes\.yaml\.damaged: make the changes again, or mend it/);
    assert.equal(existsSync(join(state, "changes.yaml")), false);
    assert.equal(readFileSync(join(state, "changes.yaml.damaged"), "utf8"), text);
    assert.equal(isOn(running.configuration, on("eth1", "igmp")), true);
    assert.equal(isOn(running.configuration, on("eth0")), false);
    running.propose(on("eth0"), true).commit();
    assert.equal(isOn(restarted(state).configuration, on("eth0")), true);
  });
}
