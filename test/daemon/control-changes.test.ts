// Settings and keys that the control API changes one by one, over a real Unix socket.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keysSchema } from "../../src/api/lists/keys.ts";
import { NO_SECURITY, signingKey } from "../../src/daemon/security.ts";
import { hmacOf } from "../support/hmac.ts";
import type { Answer } from "./served-daemon.ts";
import { changesIn, serve } from "./served-daemon.ts";

test("settings are changed on the router and on interfaces, and the answer says what holds", async (t) => {
  const text =
    "interfaces: {eth1: {hpim: {holdForwarding: true, helloPeriod: 3}}, eth2: {hpim: true}}";
  const { ask: get, engine, stateDirectory } = await serve(t, text);
  const asked = (setting: string, value: string, name: string | null) =>
    get("PUT", `/v1/settings/${setting}`, { value, interface: name });
  const said = async (setting: string, value: string, name: string | null = null) => {
    const { status, body } = await asked(setting, value, name);
    assert.equal(status, 200, JSON.stringify(body));
    return (body as { message: string }).message;
  };
  assert.equal(await said("floodInitialData", "toggle"), "floodInitialData is off.");
  assert.equal(engine.configuration.router.floodInitialData, false);
  assert.equal(await said("floodInitialData", "off"), "floodInitialData is off.");
  assert.equal(await said("floodInitialData", "toggle"), "floodInitialData is on.");
  assert.equal(changesIn(stateDirectory), "{}\n", "as without a change");
  const sentence = "holdForwarding is off, but on on eth1.";
  assert.equal(await said("holdForwarding", "off"), sentence);
  const { interfaces } = engine.configuration;
  assert.equal(interfaces.get("eth1")?.hpim?.holdForwarding, true);
  assert.equal(interfaces.get("eth2")?.hpim?.holdForwarding, false);
  assert.equal(await said("holdForwarding", "on"), "holdForwarding is on.");
  assert.equal(interfaces.get("eth2")?.hpim?.holdForwarding, false, "a configuration is a value");
  assert.equal(
    await said("holdForwarding", "500ms", "eth2"),
    "holdForwarding is on on eth2. holdForwardingTime is 500ms on eth2.",
  );
  assert.equal(await said("helloPeriod", "5"), "helloPeriod is 5s, but 3s on eth1.");
  assert.equal(await said("helloPeriod", "default", "eth1"), "helloPeriod is 3s on eth1.");
  assert.equal(await said("helloPeriod", "10", "eth2"), "helloPeriod is 10s on eth2.");
  assert.equal(await said("helloPeriod", "default", "eth2"), "helloPeriod is 5s on eth2.");
  assert.equal(await said("treesPerSync", "7"), "treesPerSync is 7.");
  assert.equal(await said("treesPerSync", "default"), "treesPerSync is automatic.");
  const kept = changesIn(stateDirectory);
  for (const [setting, value, name, status, message] of [
    ["nonsense", "1", null, 404, /no setting nonsense/],
    ["helloPeriod", "on", null, 400, /^hello-period: expected a duration/],
    [
      "helloPeriod",
      "1",
      "eth3",
      409,
      /HPIM-DM is not enabled on eth3: .*"hpim-dm interface add eth3"/,
    ],
    ["groupLimit", "1", "eth1", 409, /IGMP is not enabled on eth1: .*"hpim-dm igmp add eth1"/],
    [
      "treeLimit",
      "1",
      "eth1",
      400,
      /treeLimit is a setting of the router: leave the interface out/,
    ],
    ["queryInterval", "5", null, 409, /Nothing has changed: igmp: expected queryResponseInterval/],
  ] as const) {
    const { status: is, body } = await asked(setting, value, name);
    assert.deepEqual([setting, is], [setting, status]);
    assert.match((body as { error: string }).error, message);
  }
  assert.equal(changesIn(stateDirectory), kept);
});

test("keys are added, chosen and removed; no answer has a secret", async (t) => {
  const { ask: get, engine, stateDirectory } = await serve(t, "interfaces: {eth1: {hpim: true}}");
  const add = (identifier: number, algorithm: string, secret: string, acceptOnly = false) =>
    get("PUT", `/v1/interfaces/eth1/keys/${identifier}`, { algorithm, secret, acceptOnly });
  const send = (identifier: number | null) =>
    get("PUT", "/v1/interfaces/eth1/send-key", { identifier });
  const said: string[] = [];
  const is = async (answer: Promise<Answer>, status: number, sentence: RegExp) => {
    const { status: found, body } = await answer;
    said.push(JSON.stringify(body));
    const text = Object.values(body as object).find((value) => typeof value === "string");
    assert.deepEqual([found, sentence.test(String(text))], [status, true], String(text));
  };
  const signing = async () => {
    const { keys } = keysSchema.parse((await get("GET", "/v1/keys")).body);
    return keys.map(({ identifier, signs }) => `${identifier}${signs ? "!" : ""}`).join(" ");
  };
  await is(add(7, "sha256", "swordfish", true), 409, /no key that could go on signing/);
  await is(add(7, "sha256", "swordfish"), 200, /^Key 7 signs on eth1; messages that no key/);
  await is(add(7, "sha256", "swordfish"), 200, /has this key 7 already/);
  await is(add(7, "sha256", "other-fish"), 409, /another key 7: remove that first/);
  await is(add(8, "md5", "swordfish", true), 200, /^Key 7 signs .*algorithm is weak/);
  assert.equal(await signing(), "7! 8");
  await is(send(null), 200, /^Key 8 signs/);
  await is(send(7), 200, /^Key 7 signs/);
  await is(send(9), 404, /no key 9 .*"hpim-dm key list"/);
  await is(get("DELETE", "/v1/interfaces/eth1/keys/7"), 200, /Key 7 is gone\. Key 8 signs/);
  assert.equal(await signing(), "8!");
  assert.equal(engine.configuration.interfaces.get("eth1")?.security.keys.length, 1);
  await is(get("DELETE", "/v1/interfaces/eth1/keys/8"), 200, /Nothing is signed on eth1/);
  assert.equal(changesIn(stateDirectory), "{}\n");
  await is(get("DELETE", "/v1/interfaces/eth1/keys/8"), 404, /no key 8/);
  await is(get("DELETE", "/v1/interfaces/eth1/keys/65536"), 400, /0 to 65535/);
  await is(add(1, "crc32", "swordfish"), 400, /expected one of md5, sha1/);
  await is(add(1, "sha1", ""), 400, /expected the secret/);
  await is(add(1, "sha1", "\0\0"), 409, /Nothing has changed: .*\.0\.secret: .*zero bytes/);
  await is(add(1, "sha1", "<redacted>"), 409, /Nothing has changed: .*\.0\.secret: .*hidden/);
  for (const answer of said) assert.doesNotMatch(answer, /fish/);
});

test("the level of the log is changed for all, or for a subsystem, which keeps its own", async (t) => {
  const { ask: get, engine, stateDirectory } = await serve(t, "log: {subsystems: {trees: warn}}");
  const asked = (value: string, subsystem?: string, name: string | null = null, of = "logLevel") =>
    get("PUT", `/v1/settings/${of}`, { value, interface: name, ...(subsystem && { subsystem }) });
  const said = async (...words: Parameters<typeof asked>) => {
    const { status, body } = await asked(...words);
    return [status, Object.values(body as object).at(-1)];
  };
  assert.deepEqual(await said("debug", "messages"), [200, "logLevel is debug for messages."]);
  assert.equal(engine.configuration.log.subsystems.messages, "debug");
  assert.equal(changesIn(stateDirectory), "log:\n  subsystems:\n    messages: debug\n");
  assert.deepEqual(await said("error"), [
    200,
    "logLevel is error, but debug for messages, warn for trees.",
  ]);
  assert.equal(engine.configuration.log.subsystems.kernel, "error");
  assert.deepEqual(await said("default", "messages"), [200, "logLevel is error for messages."]);
  assert.deepEqual(await said("default"), [200, "logLevel is info, but warn for trees."]);
  assert.equal(changesIn(stateDirectory), "{}\n", "as without a change");
  const known = "there are interfaces, neighbors, trees, forwarding, membership, drops, kernel";
  const refusals: readonly (readonly [Parameters<typeof asked>, string])[] = [
    [["loud"], "log-level: expected one of debug, info, warn, error."],
    [["info", "cows"], `The log has no subsystem cows: ${known}, messages.`],
    [["info", "__proto__"], `The log has no subsystem __proto__: ${known}, messages.`],
    [["info", undefined, "eth1"], "logLevel is a setting of the router: leave the interface out."],
    [
      ["3s", "trees", null, "helloPeriod"],
      "helloPeriod has nothing to do with the log: leave the subsystem out.",
    ],
  ];
  for (const [words, sentence] of refusals) {
    assert.deepEqual(await said(...words), [400, sentence]);
  }
});

test("a pattern is changed in the file, not by commands", async (t) => {
  const text =
    'interfaces: {"e*": {hpim: true, security: {keys: [{identifier: 1, algorithm: md5, secret: s}]}}}';
  const { ask: get, stateDirectory } = await serve(t, text);
  const key = { algorithm: "md5", secret: "s", acceptOnly: false };
  for (const [method, path, body] of [
    ["PUT", "interfaces/e*/hpim"],
    ["DELETE", "interfaces/e*/hpim"],
    ["PUT", "interfaces/e*/keys/2", key],
    ["DELETE", "interfaces/e*/keys/1"],
    ["PUT", "interfaces/e*/send-key", { identifier: 1 }],
    ["PUT", "settings/helloPeriod", { value: "3", interface: "e*" }],
  ] as const) {
    assert.deepEqual(await get(method, `/v1/${path}`, body), {
      status: 400,
      body: {
        error: "e* is a pattern of names: name one interface, or edit the configuration file.",
      },
    });
  }
  assert.equal(changesIn(stateDirectory), "");
});

test("a file in which nothing but a secret differs is another configuration: that secret signs at once", async (t) => {
  const withSecret = (secret: string): string =>
    `interfaces: {eth1: {hpim: true, security: {keys: [{identifier: 1, algorithm: md5, secret: ${secret}}]}}}`;
  const { ask: get, engine } = await serve(t, withSecret("one"));
  const probe = Uint8Array.of(1, 2, 3);
  for (const secret of ["two", "one"]) {
    const sent = { file: "/etc/hpim-dm.yaml", text: withSecret(secret) };
    assert.equal((await get("PUT", "/v1/configuration", sent)).status, 200);
    const port = engine.ports().find(({ link }) => link.name === "eth1");
    const signs = signingKey(port?.security ?? NO_SECURITY)?.secret.hmac("md5", probe);
    assert.deepEqual(Buffer.from(signs ?? []), hmacOf("md5", Buffer.from(secret), probe));
  }
});
