// The control API over a real Unix socket.
import assert from "node:assert/strict";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { test } from "node:test";
import { parse } from "yaml";
import { interfacesSchema } from "../../src/api/lists/interfaces.ts";
import { keysSchema } from "../../src/api/lists/keys.ts";
import {
  ControlSocketError,
  claimControlSocket,
  serveControlSocket,
} from "../../src/daemon/control-socket.ts";
import { needsRoot } from "../support/namespace.ts";
import type { Answer } from "./served-daemon.ts";
import { directory, serve } from "./served-daemon.ts";

test("the socket and its directory are for their owner alone", async (t) => {
  const { path } = await serve(t);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(path, "..")).mode & 0o777, 0o700);
});

test("whoever may enter the directory by its group may use the socket", needsRoot, async (t) => {
  const path = join(directory(t), "run");
  mkdirSync(path, { mode: 0o750 });
  chownSync(path, 0, 4321);
  const socket = await serveControlSocket(await claimControlSocket(path), () => new Response());
  t.after(() => socket.close());
  const { mode, gid } = statSync(join(path, "control.sock"));
  assert.deepEqual([mode & 0o777, gid], [0o660, 4321]);
});

test("a directory that others can write to is refused", async (t) => {
  const path = join(directory(t), "run");
  mkdirSync(path);
  chmodSync(path, 0o777);
  await assert.rejects(claimControlSocket(path), ControlSocketError);
});

test("a daemon that answers is not replaced; a socket that a dead one left is", async (t) => {
  const { path } = await serve(t);
  await assert.rejects(
    claimControlSocket(join(path, "..")),
    /Another daemon answers on .*: stop it/,
  );

  const dead = join(directory(t), "control.sock");
  const server = createServer().listen(`${dead}.alive`);
  await new Promise((resolve) => server.once("listening", resolve));
  renameSync(`${dead}.alive`, dead);
  await new Promise((resolve) => server.close(resolve));
  assert.ok(statSync(dead).isSocket());
  assert.equal(await claimControlSocket(join(dead, "..")), dead);
});

test("HPIM-DM is switched on and off on an interface", async (t) => {
  const { ask: get, host } = await serve(t);
  const state = async (name: string) => {
    const { interfaces } = interfacesSchema.parse((await get("GET", "/v1/interfaces")).body);
    return interfaces.find((row) => row.name === name);
  };
  assert.deepEqual(await get("PUT", "/v1/interfaces/eth1/hpim"), {
    status: 200,
    body: { version: 1, message: "HPIM-DM is enabled on eth1." },
  });
  assert.deepEqual((await state("eth1"))?.hpim, {
    ...{ state: "running", address: "10.0.1.1", bootTime: 1_700_000_000, neighbors: 0 },
    signsWith: null,
  });
  assert.equal((await get("PUT", "/v1/interfaces/eth1/hpim")).status, 200, "again");
  assert.equal((await get("DELETE", "/v1/interfaces/eth1/hpim")).status, 200);
  assert.equal((await state("eth1"))?.hpim.state, "off");
  assert.equal(host.vifs.size, 0);
});

test("on an interface that is down it waits, and the answer says so", async (t) => {
  const { ask: get } = await serve(t);
  const { status, body } = await get("PUT", "/v1/interfaces/eth2/hpim");
  assert.equal(status, 200);
  assert.match(JSON.stringify(body), /is enabled on eth2, and starts when it can: eth2 is down\./);
  const again = await get("PUT", "/v1/interfaces/eth2/hpim");
  assert.match(
    JSON.stringify(again.body),
    /already enabled on eth2, and starts .*: eth2 is down\./,
  );
});

test("what cannot be is refused with a status and a sentence, and changes nothing", async (t) => {
  const { ask: get, host, engine } = await serve(t);
  const refused = async (method: string, path: string, status: number, sentence: RegExp) => {
    const answer = await get(method, path);
    assert.equal(answer.status, status, path);
    assert.match((answer.body as { error: string }).error, sentence);
  };
  await refused("PUT", "/v1/interfaces/eth9/hpim", 404, /no interface eth9/);
  await refused("PUT", "/v1/interfaces/a%20b/hpim", 400, /cannot be the name/);
  await refused("PUT", "/v1/interfaces/lo/igmp", 409, /loopback/);
  await refused("DELETE", "/v1/interfaces/eth1/hpim", 404, /not enabled on/);
  await refused("GET", "/v1/nonsense", 404, /There is no GET/);
  host.failing.set("storeBootTime", "EROFS");
  await refused("PUT", "/v1/interfaces/eth1/hpim", 409, /BootTime .* EROFS/);
  assert.equal(engine.configuration.interfaces.get("eth1")?.hpim ?? null, null);
  host.failing.set("readEntries", "ENOBUFS");
  await refused("GET", "/v1/mroute", 500, /ENOBUFS/);
});

test("IGMP needs no BootTime: what is said of it is what keeps it, not what keeps HPIM-DM", async (t) => {
  const {
    ask: get,
    host,
    engine,
  } = await serve(t, "interfaces: {eth1: {hpim: true}, eth2: {hpim: true}}");
  const links = engine.ports().map((port) => port.link);
  host.failing.set("lastBootTime", "EACCES");
  engine.handle({ kind: "links", links: [] });
  engine.handle({ kind: "links", links });
  for (const [name, state, said] of [
    ["eth1", "running", "."],
    ["eth2", "waiting", ", and starts when it can: eth2 is down."],
  ] as const) {
    for (const enabled of ["enabled", "already enabled"]) {
      assert.deepEqual((await get("PUT", `/v1/interfaces/${name}/igmp`)).body, {
        ...{ version: 1, message: `IGMP is ${enabled} on ${name}${said}` },
      });
    }
    const { body } = await get("GET", `/v1/interfaces?interface=${name}`);
    const [row] = interfacesSchema.parse(body).interfaces;
    assert.deepEqual([row?.hpim.state, row?.igmp.state], ["refused", state]);
    assert.match(row?.problem ?? "", /^HPIM-DM does not run on .*EACCES/);
  }
});

test("HEAD is refused, and reads nothing", async (t) => {
  const { path: socketPath, host } = await serve(t);
  const before = host.calls.length;
  const asked = request({ socketPath, method: "HEAD", path: "/v1/mroute", agent: false });
  const answered = once(asked, "response");
  asked.end();
  const [response] = await answered;
  response.resume();
  assert.equal(response.statusCode, 501);
  assert.deepEqual(host.calls.slice(before), []);
});

const changesIn = (state: string): string => {
  const file = join(state, "changes.yaml");
  return existsSync(file) ? readFileSync(file, "utf8").replaceAll(/^#.*\n/gm, "") : "";
};

test("a change is on disk when the answer comes; what is refused leaves nothing there", async (t) => {
  const { ask: get, host, stateDirectory } = await serve(t);
  await get("PUT", "/v1/interfaces/eth1/igmp");
  assert.equal(changesIn(stateDirectory), "interfaces:\n  eth1:\n    igmp: true\n");
  host.failing.set("storeBootTime", "EROFS");
  assert.equal((await get("PUT", "/v1/interfaces/eth1/hpim")).status, 409);
  assert.equal(changesIn(stateDirectory), "interfaces:\n  eth1:\n    igmp: true\n");
  assert.deepEqual(readdirSync(stateDirectory), ["changes.yaml"]);
  await get("DELETE", "/v1/interfaces/eth1/igmp");
  assert.equal(changesIn(stateDirectory), "{}\n");
});

test("a change that cannot be kept is refused, and nothing changes", async (t) => {
  const { ask: get, engine, stateDirectory } = await serve(t);
  await get("PUT", "/v1/interfaces/eth2/igmp");
  const before = engine.configuration;
  for (const obstacle of ["new-changes.yaml", "changes.yaml"]) {
    rmSync(join(stateDirectory, obstacle), { force: true });
    mkdirSync(join(stateDirectory, obstacle));
    const { status, body } = await get("PUT", "/v1/interfaces/eth1/hpim");
    assert.equal(status, 507);
    assert.match(
      JSON.stringify(body),
      /Nothing has changed: cannot keep the change in .*changes\.yaml: .*EISDIR/,
    );
    assert.deepEqual(engine.configuration, before);
    rmSync(join(stateDirectory, obstacle), { recursive: true });
  }
  assert.equal((await get("PUT", "/v1/interfaces/eth1/hpim")).status, 200);
});

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
  await is(
    add(8, "md5", "swordfish", true),
    200,
    /^Key 7 signs .* Key 8 is accepted, too\. The algorithm is weak/,
  );
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
  await is(
    get("PUT", "/v1/interfaces/e*/keys/1", {
      algorithm: "md5",
      secret: "swordfish",
      acceptOnly: false,
    }),
    400,
    /cannot be the name of an interface/,
  );
  for (const answer of said) assert.doesNotMatch(answer, /fish/);
});

test("a configuration file is checked, and takes the place of the one that runs", async (t) => {
  const { ask: get, engine, stateDirectory } = await serve(t, "interfaces: {eth1: {igmp: true}}");
  const file = "/etc/hpim-dm.yaml";
  await get("PUT", "/v1/interfaces/eth1/hpim");
  const before = engine.configuration;
  const bad = { file, text: "hpim: {helo: 1}\nigmp: 3\n" };
  for (const [method, path] of [
    ["POST", "/v1/configuration/check"],
    ["PUT", "/v1/configuration"],
  ] as const) {
    const { status, body } = await get(method, path, bad);
    assert.equal(status, 422);
    assert.match(
      (body as { error: string }).error,
      /^\/etc\/hpim-dm\.yaml:1:8: .*\n\/etc.*:2:1: [^\n]*$/,
    );
  }
  const good = { file, text: "hpim: {routingTable: 7}\ninterfaces: {eth1: {hpim: true}}\n" };
  const { body: checked } = await get("POST", "/v1/configuration/check", good);
  assert.deepEqual(checked, { version: 1, message: `${file} has no problems.` });
  assert.deepEqual(engine.configuration, before);
  const { body: loaded } = await get("PUT", "/v1/configuration", good);
  assert.equal(
    (loaded as { message: string }).message,
    `${file} is in force, in place of what commands had changed. Routing table 7 is taken at the next start ("hpim-dm restart").`,
  );
  assert.equal(engine.configuration.interfaces.get("eth1")?.igmp, null);
  assert.equal(changesIn(stateDirectory), "{}\n");
  const { body: shown } = await get("GET", "/v1/configuration");
  assert.deepEqual(parse((shown as { text: string }).text), parse(good.text));
  await get("DELETE", "/v1/interfaces/eth1/hpim");
  await get("PUT", "/v1/interfaces/eth1/hpim");
  assert.equal(changesIn(stateDirectory), "{}\n");
  assert.equal((await get("PUT", "/v1/configuration", { file })).status, 400);
});

test("a body that is no JSON is refused, and the daemon goes on", async (t) => {
  const { path: socketPath, ask: get } = await serve(t);
  const headers = { "content-type": "application/json" };
  const about = { socketPath, method: "PUT", path: "/v1/configuration", headers, agent: false };
  const asked = request(about);
  const answered = once(asked, "response");
  asked.end("{");
  const [response] = await answered;
  assert.equal(response.statusCode, 400);
  assert.deepEqual(await json(response), { error: "Malformed JSON in request body." });
  assert.equal((await get("GET", "/v1/version")).status, 200);
});

test("stop is passed on, and answered", async (t) => {
  const { ask: get, stops } = await serve(t);
  assert.equal((await get("POST", "/v1/stop")).status, 200);
  assert.equal(stops(), 1);
});

interface Named {
  readonly name: string;
}

test("the API describes itself", async (t) => {
  const { body } = await (await serve(t)).ask("GET", "/v1/openapi.json");
  const { paths } = body as { paths: Record<string, { get?: { parameters?: Named[] } }> };
  const parameters = paths["/v1/groups"]?.get?.parameters ?? [];
  assert.deepEqual(
    parameters.map(({ name }) => name),
    ["group", "interface"],
  );
  assert.deepEqual(Object.keys(paths).sort(), [
    "/v1/configuration",
    "/v1/configuration/check",
    "/v1/counters",
    "/v1/groups",
    "/v1/interfaces",
    "/v1/interfaces/{name}/hpim",
    "/v1/interfaces/{name}/igmp",
    "/v1/interfaces/{name}/keys/{identifier}",
    "/v1/interfaces/{name}/send-key",
    "/v1/keys",
    "/v1/mroute",
    "/v1/neighbor-state",
    "/v1/neighbors",
    "/v1/sequence-numbers",
    "/v1/settings",
    "/v1/settings/{setting}",
    "/v1/start-options",
    "/v1/stop",
    "/v1/trees",
    "/v1/version",
  ]);
});
