// What commands changed: kept in the state directory, and laid over the configuration file at the next start.
import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { ConfigurationPath } from "../../src/api/settings.ts";
import { configurationOf } from "../../src/daemon/configuration.ts";
import { loadConfiguration } from "../../src/daemon/load-configuration.ts";
import type { Change, Proposal } from "../../src/daemon/running-configuration.ts";
import { RunningConfiguration } from "../../src/daemon/running-configuration.ts";
import { changesIn, directory, runningOf } from "./served-daemon.ts";

const change = (value: unknown, ...path: ConfigurationPath): Change => ({ path, value });

const switched = (name: string, on: boolean, protocol: "hpim" | "igmp" = "hpim"): Change =>
  change(on, "interfaces", name, protocol);

function proposed(running: RunningConfiguration, ...changes: readonly Change[]): Proposal {
  const proposal = running.propose(...changes);
  return "commit" in proposal ? proposal : assert.fail(JSON.stringify(proposal));
}

const make = (running: RunningConfiguration, ...changes: readonly Change[]): void =>
  proposed(running, ...changes).commit();

const isOn = (
  { configuration }: Pick<RunningConfiguration, "configuration">,
  name: string,
  protocol: "hpim" | "igmp" = "hpim",
): boolean => configurationOf(configuration, name)[protocol] !== null;

/** The configuration that a daemon comes up with which is started again in `state`. */
function restarted(state: string, text = ""): RunningConfiguration {
  const running = runningOf(state, text);
  assert.equal(running.takeUpKept(), null);
  return running;
}

const stateOf = (t: TestContext): string => join(directory(t), "state");

test("a change is in force at the next start; what the file says stays", (t) => {
  const state = stateOf(t);
  const file = "interfaces: {eth0: {igmp: true}, eth1: {hpim: {helloPeriod: 3}}}";
  const running = runningOf(state, file);
  make(running, switched("eth0", true));
  make(running, switched("eth1", false));
  make(running, change(false, "hpim", "floodInitialData"), change(7, "igmp", "groupLimit"));
  const again = restarted(state, file);
  assert.deepEqual(again.configuration, running.configuration);
  assert.equal(isOn(again, "eth0"), true);
  assert.equal(isOn(again, "eth0", "igmp"), true);
  assert.equal(isOn(again, "eth1"), false);
  assert.equal(again.configuration.router.floodInitialData, false);
  assert.equal(again.configuration.defaults.igmp.groupLimit, 7);
});

test("the changes are a configuration file, of which the daemon takes as much as of any other", (t) => {
  const state = stateOf(t);
  const running = runningOf(state);
  make(running, switched("eth0", true));
  make(running, change(false, "hpim", "holdForwarding"));
  const loaded = loadConfiguration(changesIn(state));
  assert.ok(loaded.kind === "configuration");
  assert.deepEqual(loaded.configuration, running.configuration);
  assert.equal(statSync(join(state, "changes.yaml")).mode & 0o777, 0o600);
});

test("what is as the file says it is no change: it follows the file when that changes", (t) => {
  const state = stateOf(t);
  const file =
    "hpim: {floodInitialData: false}\ninterfaces: {eth0: {hpim: {helloPeriod: 3}}, e: {security: {keys: []}}}";
  const running = runningOf(state, file);
  for (const [there, back] of [
    [switched("eth0", false), switched("eth0", true)],
    [switched("eth1", true), switched("eth1", false)],
    [change(true, "hpim", "floodInitialData"), change(false, "hpim", "floodInitialData")],
    [change(5, "hpim", "helloPeriod"), change(undefined, "hpim", "helloPeriod")],
    [
      change(5, "interfaces", "eth0", "hpim", "helloPeriod"),
      change(3, "interfaces", "eth0", "hpim", "helloPeriod"),
    ],
  ] as const) {
    make(running, there);
    assert.notEqual(changesIn(state), "{}\n");
    make(running, back);
    assert.equal(changesIn(state), "{}\n");
  }
  assert.equal(configurationOf(running.configuration, "eth0").hpim?.helloPeriod, 3_000);
});

test("an interface of which the file speaks by a pattern keeps all of that when one thing changes", (t) => {
  const state = stateOf(t);
  const running = runningOf(
    state,
    'interfaces: {"eth*": {hpim: {helloPeriod: 3}, igmp: true}, eth9: {}}',
  );
  make(running, change(false, "interfaces", "eth1", "igmp"));
  make(running, change(7, "interfaces", "eth2", "hpim", "neighborLimit"));
  const of = (name: string) => configurationOf(running.configuration, name);
  assert.equal(of("eth1").hpim?.helloPeriod, 3_000);
  assert.equal(of("eth1").igmp, null);
  assert.deepEqual([of("eth2").hpim?.neighborLimit, of("eth2").hpim?.helloPeriod], [7, 3_000]);
  assert.notEqual(of("eth3").igmp, null);
  assert.equal(of("eth9").hpim, null);
  make(running, change(undefined, "interfaces", "eth2", "hpim", "neighborLimit"));
  make(running, change(true, "interfaces", "eth1", "igmp"));
  assert.equal(changesIn(state), "{}\n");
});

test("a protocol that a command switched on stays on when its last own setting goes", (t) => {
  const state = stateOf(t);
  const running = runningOf(state);
  make(running, switched("eth0", true));
  make(running, change(3, "interfaces", "eth0", "hpim", "helloPeriod"));
  make(running, change(undefined, "interfaces", "eth0", "hpim", "helloPeriod"));
  assert.equal(isOn(restarted(state), "eth0"), true);
});

test("a proposal that is not committed is not in force, now or later", (t) => {
  const state = stateOf(t);
  const running = runningOf(state);
  const proposal = proposed(running, switched("eth0", true));
  assert.equal(isOn(proposal, "eth0"), true);
  proposal.discard();
  assert.equal(isOn(running, "eth0"), false);
  assert.deepEqual(readdirSync(state), []);
});

test("a change that makes a problem is none, and leaves nothing behind", (t) => {
  const state = stateOf(t);
  const running = runningOf(state, "interfaces: {eth0: {igmp: {queryInterval: 15}}}");
  const problems = running.propose(change(20, "igmp", "queryResponseInterval"));
  assert.ok(!("commit" in problems));
  assert.match(problems[0]?.message ?? "", /below queryInterval/);
  assert.equal(problems[0]?.path, "interfaces.eth0.igmp");
  assert.equal(existsSync(state), false);
});

test("changes are forgotten when that is asked for", (t) => {
  const state = stateOf(t);
  const running = runningOf(state);
  running.forgetKept();
  make(running, switched("eth0", true));
  runningOf(state).forgetKept();
  assert.equal(isOn(restarted(state), "eth0"), false);
});

for (const [title, text, problem] of [
  ["is no YAML", "interfaces: [", /damaged: .*changes\.yaml:\d+:\d+: /],
  [
    "has settings that nobody knows",
    "interfaces:\n  eth0: {ospf: true}",
    /damaged: .*changes\.yaml:2:10: .*ospf/,
  ],
  [
    "makes a problem with the file",
    "igmp: {queryResponseInterval: 20}",
    /with the configuration file they make a problem: interfaces\.eth1\.igmp: .* below/,
  ],
] as const) {
  test(`a file of changes that ${title} is set aside, and said to be`, (t) => {
    const state = directory(t);
    writeFileSync(join(state, "changes.yaml"), text);
    const running = runningOf(state, "interfaces: {eth1: {igmp: {queryInterval: 15}}}");
    const remark = running.takeUpKept() ?? "";
    assert.match(remark, problem);
    assert.match(
      remark,
      /They are now in .*changes\.yaml\.damaged: make the changes again, or mend it/,
    );
    assert.equal(existsSync(join(state, "changes.yaml")), false);
    assert.equal(readFileSync(join(state, "changes.yaml.damaged"), "utf8"), text);
    assert.equal(isOn(running, "eth1", "igmp"), true);
    assert.equal(isOn(running, "eth0"), false);
    make(running, switched("eth0", true));
    assert.equal(isOn(restarted(state), "eth0"), true);
  });
}

const KEYS = "interfaces: {a: {security: {keys: [{identifier: 1, algorithm: md5, secret: one}]}}}";

test("what is shown has no secret, and loaded into the same daemon it has all of them, also at the next start", (t) => {
  const state = stateOf(t);
  const running = runningOf(state, KEYS);
  make(
    running,
    change(
      [{ identifier: 2, algorithm: "sha256", secret: "two" }],
      ...(["interfaces", "b", "security", "keys"] as const),
    ),
  );
  const before = running.configuration;
  const text = JSON.stringify(running.shown);
  assert.doesNotMatch(text, /one|two/);
  const source = { file: "/etc/shown.yaml", text };
  const unknown = running.startProblems(source).map(({ path }) => path);
  assert.deepEqual(
    unknown,
    ["interfaces.a.security.keys.0.secret"],
    "the file's, not the change's",
  );
  const proposal = running.proposeFile(source);
  assert.ok("commit" in proposal);
  proposal.commit();
  assert.deepEqual(running.startProblems(source), []);
  assert.deepEqual(running.configuration, before);
  const again = runningOf(state, text);
  assert.equal(again.lacking.length, 2, "the file alone has none");
  assert.equal(again.takeUpKept(), null);
  assert.deepEqual(again.lacking, []);
  assert.deepEqual(again.configuration, before);
});

test("nobody adds a key whose secret is what stands in place of secrets", (t) => {
  const running = runningOf(stateOf(t));
  const key = { identifier: 1, algorithm: "md5", secret: "<redacted>" };
  const problems = running.propose(change([key], "interfaces", "a", "security", "keys"));
  assert.ok(!("commit" in problems));
  assert.deepEqual(
    problems.map(({ path }) => path),
    ["interfaces.a.security.keys.0.secret"],
  );
});

test("changes that make a problem with a file are no obstacle to a start with it: they are set aside", (t) => {
  const running = runningOf(stateOf(t));
  make(running, change(20, "igmp", "queryResponseInterval"));
  const text = "interfaces: {eth1: {igmp: {queryInterval: 15}}}";
  assert.deepEqual(running.startProblems({ file: "/f", text }), []);
  assert.equal(running.startProblems({ file: "/f", text: "igmp: {queryInterval: 5}" }).length, 1);
});

test("a secret that is redacted and not known is a problem", (t) => {
  const running = runningOf(stateOf(t), KEYS);
  for (const other of [
    KEYS.replace("one", "<redacted>").replace("md5", "sha256"),
    KEYS.replace("one", "<redacted>").replace("identifier: 1", "identifier: 2"),
    KEYS.replace("one", "<redacted>").replace("a:", "b:"),
  ]) {
    const problems = running.proposeFile({ file: "/f", text: other });
    assert.ok(!("commit" in problems));
    assert.match(problems[0]?.path ?? "", /security\.keys\.0\.secret$/);
    assert.match(problems[0]?.message ?? "", /hidden.*write the secret, name a secretFile/);
  }
});

test("a file with secrets that is open to every user draws a remark", (t) => {
  const file = join(directory(t), "hpim-dm.yaml");
  writeFileSync(file, "");
  const remarks = (mode: number, text: string): number => {
    chmodSync(file, mode);
    const running = RunningConfiguration.of(stateOf(t), { file, text });
    assert.ok(running instanceof RunningConfiguration);
    return running.remarks.length;
  };
  assert.equal(remarks(0o600, KEYS), 0);
  assert.equal(remarks(0o640, KEYS), 0);
  assert.equal(remarks(0o644, KEYS), 1);
  assert.equal(remarks(0o602, KEYS), 1);
  assert.equal(remarks(0o644, "interfaces: {a: {hpim: true}}"), 0);
});
