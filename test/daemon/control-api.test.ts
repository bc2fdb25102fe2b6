// The control API over a real Unix socket.
import assert from "node:assert/strict";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { json, text } from "node:stream/consumers";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { parse } from "yaml";
import { interfacesSchema } from "../../src/api/lists/interfaces.ts";
import {
  ControlSocketError,
  claimControlSocket,
  serveControlSocket,
} from "../../src/daemon/control-socket.ts";
import { promtool } from "../support/metrics.ts";
import { needsRoot } from "../support/namespace.ts";
import { changesIn, directory, serve } from "./served-daemon.ts";

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

test("metrics are answered in Prometheus's type, whole", async (t) => {
  const { path: socketPath } = await serve(t);
  const asked = request({ socketPath, path: "/metrics", agent: false }).end();
  const [response] = await once(asked, "response");
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  await promtool(["check", "metrics"], await text(response));
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

test("a configuration file is checked, and takes the place of the one that runs", async (t) => {
  const { ask: get, engine, stateDirectory } = await serve(t, "interfaces: {eth1: {igmp: true}}");
  const file = join(directory(t), "hpim-dm.yaml");
  writeFileSync(file, "");
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
      /^\/.*\/hpim-dm\.yaml:1:8: .*\n\/.*:2:1: [^\n]*$/,
    );
  }
  const good = { file, text: "hpim: {routingTable: 7}\ninterfaces: {eth1: {hpim: true}}\n" };
  const { body: checked } = await get("POST", "/v1/configuration/check", good);
  assert.deepEqual(checked, { version: 1, message: `${file} has no problems.` });
  const gone = await get("POST", "/v1/configuration/check", { ...good, file: `${file}.gone` });
  assert.equal(gone.status, 422);
  assert.match(
    (gone.body as { error: string }).error,
    /cannot be read by the daemon: no such file/,
  );
  assert.deepEqual(engine.configuration, before);
  const { body: loaded } = await get("PUT", "/v1/configuration", good);
  assert.equal(
    (loaded as { message: string }).message,
    `${file} is in force, in place of what commands had changed. To start with it, use "hpim-dm start --config ${file}". Routing table 7 is taken at the next start ("hpim-dm restart").`,
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
    ["group", "interface", "limit"],
  );
  const ofEvents = paths["/v1/events"]?.get?.parameters ?? [];
  assert.deepEqual(
    ofEvents.map(({ name }) => name),
    ["level", "subsystem", "interface", "group", "source"],
  );
  assert.deepEqual(Object.keys(paths).sort(), [
    "/metrics",
    "/v1/configuration",
    "/v1/configuration/check",
    "/v1/counters",
    "/v1/doctor",
    "/v1/events",
    "/v1/explain",
    "/v1/groups",
    "/v1/interfaces",
    "/v1/interfaces/{name}/hpim",
    "/v1/interfaces/{name}/igmp",
    "/v1/interfaces/{name}/joins/{group}",
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
    "/v1/summary",
    "/v1/trees",
    "/v1/version",
  ]);
});

test("the API's description of itself is a valid one", async (t) => {
  const { body } = await (await serve(t)).ask("GET", "/v1/openapi.json");
  const { valid, errors } = await new Validator().validate(body as Record<string, unknown>);
  assert.ok(valid, JSON.stringify(errors));
});
