// The lists over the control socket: their schemas, what narrows them, and what is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { interfacesSchema } from "../../src/api/lists/interfaces.ts";
import { LIST_NAMES, LISTS } from "../../src/api/lists/lists.ts";
import { LIST_SCHEMAS } from "../../src/api/lists/schemas.ts";
import { versionSchema } from "../../src/api/responses.ts";
import { withProtocol } from "../../src/daemon/configuration.ts";
import { serve } from "./served-daemon.ts";

test("every list keeps to its schema", async (t) => {
  const { ask } = await serve(t);
  for (const name of LIST_NAMES) {
    const { status, body } = await ask("GET", `/v1/${name}`);
    assert.equal(status, 200, name);
    LIST_SCHEMAS[name].strict().parse(body);
  }
});

test("the version: who answers, and for how long", async (t) => {
  const { ask } = await serve(t);
  const { status, body } = await ask("GET", "/v1/version");
  assert.equal(status, 200);
  const { program, pid, uptimeSeconds } = versionSchema.strict().parse(body);
  assert.deepEqual([program, pid], ["hpim-dm test", process.pid]);
  assert.ok(uptimeSeconds > 0 && uptimeSeconds <= process.uptime());
});

test("a list takes the parameters that it has columns for, and refuses others, and values that make no sense", async (t) => {
  const { ask } = await serve(t);
  const good = { group: "239.1.0.0/16", source: "10.1.1.100", interface: "eth1" };
  for (const name of LIST_NAMES) {
    const filters: readonly string[] = LISTS[name].filters;
    for (const [filter, value] of Object.entries(good)) {
      const { status, body } = await ask("GET", `/v1/${name}?${filter}=${value}`);
      const takes = filters.includes(filter);
      assert.equal(status, takes ? 200 : 400, `${name} by ${filter}`);
      if (takes) continue;
      const sentence = `The parameter ${filter} is not known here: this takes ${[...filters, "limit"].join(", ")}.`;
      assert.deepEqual(body, { error: sentence });
    }
  }
  const refused = async (query: string, sentence: RegExp) => {
    const { status, body } = await ask("GET", `/v1/${query}`);
    assert.equal(status, 400, query);
    assert.match((body as { error: string }).error, sentence);
  };
  await refused("trees?group=10.1.1.1", /^group=10\.1\.1\.1 is refused: expected the address of a/);
  await refused("trees?group=239.1.1", /expected the address of a group/);
  await refused("trees?group=128.0.0.0/1", /expected the address of a group/);
  await refused("trees?group=ff3e::1", /expected the address of a group/);
  await refused("trees?source=239.1.1.1", /expected the address of a source/);
  await refused("trees?source=10.1.1.1/33", /expected the address of a source/);
  await refused("trees?interface=a%20b", /expected the name of an interface/);
  await refused("trees?source=10.1.1.1&source=10.1.1.2", /expected the address of a source/);
  await refused(
    "trees?limit=0",
    /^limit=0 is refused: expected a whole number from 1 to 1000000000\.$/,
  );
  await refused("trees?limit=many", /expected a whole number from 1/);
  await refused("trees?limit=1.5", /expected a whole number from 1/);
  await refused("trees?limit=1&limit=2", /expected a whole number from 1/);
  await refused("version?since=1", /^The parameter since is not known here: this takes nothing\.$/);
});

test("an interface that does not exist is refused, but not one that is configured and waited for", async (t) => {
  const { ask, engine } = await serve(t);
  assert.deepEqual(await ask("GET", "/v1/trees?interface=eth9"), {
    status: 404,
    body: { error: "There is no interface eth9." },
  });
  const configuration = withProtocol(engine.configuration, "eth9", "hpim", true);
  engine.handle({ kind: "configure", configuration });
  assert.equal((await ask("GET", "/v1/trees?interface=eth9")).status, 200);
  const { body } = await ask("GET", "/v1/interfaces?interface=eth9");
  assert.deepEqual(body, { version: 1, interfaces: [], missing: ["eth9"] });
});

test("nor one that a pattern is waiting for", async (t) => {
  const { ask } = await serve(t, 'interfaces: {"vlan*": {igmp: true}}');
  assert.equal((await ask("GET", "/v1/trees?interface=vlan7")).status, 200);
  assert.equal((await ask("GET", "/v1/trees?interface=wlan7")).status, 404);
});

test("a filter narrows a list to what it names", async (t) => {
  const { ask } = await serve(t);
  const { body } = await ask("GET", "/v1/interfaces?interface=eth2");
  const { interfaces, missing } = interfacesSchema.parse(body);
  assert.deepEqual([interfaces.map(({ name }) => name), missing], [["eth2"], []]);
});

test("a limit takes the first rows of each array", async (t) => {
  const { ask } = await serve(t, "interfaces: {eth7: {igmp: true}, eth8: {igmp: true}}");
  const limited = async (limit: number) => {
    const { body } = await ask("GET", `/v1/interfaces?limit=${limit}`);
    const { interfaces, missing } = interfacesSchema.parse(body);
    return [interfaces.map(({ name }) => name), missing];
  };
  assert.deepEqual(await limited(1), [["eth1"], ["eth7"]]);
  assert.deepEqual(await limited(2), [
    ["eth1", "eth2"],
    ["eth7", "eth8"],
  ]);
  assert.deepEqual(await limited(9), [
    ["eth1", "eth2", "lo"],
    ["eth7", "eth8"],
  ]);
});
