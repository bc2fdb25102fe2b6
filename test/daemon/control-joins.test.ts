// Groups that the control API joins and leaves on an interface, over a real Unix socket.
import assert from "node:assert/strict";
import { test } from "node:test";
import { groupsSchema } from "../../src/api/lists/groups.ts";
import type { Served } from "./served-daemon.ts";
import { changesIn, serve } from "./served-daemon.ts";

type Where = readonly [name: string, group: string, source?: string];

function pathOf([name, group, source]: Where): string {
  const query = source === undefined ? "" : `?source=${source}`;
  return `/v1/interfaces/${encodeURIComponent(name)}/joins/${group}${query}`;
}

/** The status and the sentence of an answer. */
async function said({ ask }: Served, method: "PUT" | "DELETE", ...where: Where): Promise<string> {
  const { status, body } = await ask(method, pathOf(where));
  const { message, error } = body as { message?: string; error?: string };
  return `${status} ${message ?? error}`;
}

/** Groups on eth1 that are joined: "group source source". */
async function joined({ ask }: Served): Promise<readonly string[]> {
  const { groups } = groupsSchema.parse((await ask("GET", "/v1/groups")).body);
  return groups.map(({ interface: name, group, static: of }) =>
    [name, group, ...(of?.sources ?? ["*"])].join(" "),
  );
}

test("groups are joined and left, of one source or of every one, at once and for the next start", async (t) => {
  const daemon = await serve(t, "interfaces: {eth1: {igmp: {queryInterval: 60}}}");
  const put = (...where: Where) => said(daemon, "PUT", ...where);
  const remove = (...where: Where) => said(daemon, "DELETE", ...where);
  assert.equal(
    await put("eth1", "239.1.2.3", "10.1.1.2"),
    "200 239.1.2.3 is joined on eth1, of 10.1.1.2 only.",
  );
  assert.equal(
    await put("eth1", "239.1.2.3", "10.1.1.1"),
    "200 239.1.2.3 is joined on eth1, of 10.1.1.2, 10.1.1.1 only.",
  );
  assert.equal(await put("eth1", "239.1.2.4"), "200 239.1.2.4 is joined on eth1, of every source.");
  const kept = changesIn(daemon.stateDirectory);
  assert.equal(await put("eth1", "239.1.2.4"), "200 239.1.2.4 is joined on eth1, of every source.");
  assert.equal(changesIn(daemon.stateDirectory), kept, "once is enough");
  assert.deepEqual(await joined(daemon), ["eth1 239.1.2.3 10.1.1.1 10.1.1.2", "eth1 239.1.2.4 *"]);
  assert.match(kept, /join:/);
  assert.match(
    await remove("eth1", "239.1.2.3"),
    /^404 There is nothing to leave: 239\.1\.2\.3 is joined on eth1, of 10\.1\.1\.2, 10\.1\.1\.1 only\./,
  );
  assert.equal(
    await remove("eth1", "239.1.2.3", "10.1.1.2"),
    "200 239.1.2.3 is joined on eth1, of 10.1.1.1 only.",
  );
  assert.equal(
    await remove("eth1", "239.1.2.3", "10.1.1.1"),
    "200 239.1.2.3 is not joined on eth1.",
  );
  assert.equal(await remove("eth1", "239.1.2.4"), "200 239.1.2.4 is not joined on eth1.");
  assert.deepEqual(await joined(daemon), []);
  assert.equal(changesIn(daemon.stateDirectory), "{}\n", "as without a change");
  assert.equal(daemon.engine.configuration.interfaces.get("eth1")?.igmp?.queryInterval, 60_000);
});

test("what the file joins can be left, and joined again; IGMP that was switched on stays on", async (t) => {
  const daemon = await serve(t, "interfaces: {eth1: {igmp: {join: [239.1.2.3]}}}");
  assert.deepEqual(await joined(daemon), ["eth1 239.1.2.3 *"]);
  await said(daemon, "DELETE", "eth1", "239.1.2.3");
  assert.deepEqual(await joined(daemon), []);
  await said(daemon, "PUT", "eth1", "239.1.2.3");
  assert.equal(changesIn(daemon.stateDirectory), "{}\n", "as without a change");
  await daemon.ask("PUT", "/v1/interfaces/eth2/igmp");
  await said(daemon, "PUT", "eth2", "239.1.2.3");
  await said(daemon, "DELETE", "eth2", "239.1.2.3");
  assert.notEqual(daemon.engine.configuration.interfaces.get("eth2")?.igmp, null);
});

test("a group of an interface that is not there yet is joined when it is", async (t) => {
  const daemon = await serve(t, "interfaces: {eth9: {igmp: true}}");
  assert.match(
    await said(daemon, "PUT", "eth9", "239.1.2.3"),
    /^200 239\.1\.2\.3 is joined on eth9, of every source\. There is no interface eth9 yet/,
  );
});

test("what cannot be joined or left is refused with the reason, and changes nothing", async (t) => {
  const text =
    "interfaces: {eth1: {igmp: true, deny: {groups: [239.9.0.0/16], sources: [10.9.9.9]}}}";
  const daemon = await serve(t, text);
  const joins: readonly (readonly [Where, RegExp])[] = [
    [["eth2", "239.1.2.3"], /^409 IGMP is not enabled on eth2: .*"hpim-dm igmp add eth2"/],
    [["eth*", "239.1.2.3"], /^400 eth\* is a pattern/],
    [["a/b", "239.1.2.3"], /^400 "a\/b" cannot be the name/],
    [["eth1", "224.0.0.251"], /^400 224\.0\.0\.251 stays on its link.*: no router forwards it\.$/],
    [["eth1", "10.1.1.1"], /^400 "10\.1\.1\.1" is not the address of a group/],
    [["eth1", "nonsense"], /^400 "nonsense" is not the address of a group/],
    [["eth1", "239.1.2.3", "239.1.1.1"], /^400 "239\.1\.1\.1" is not the address of a source/],
    [["eth1", "239.9.1.1"], /^409 eth1 does not allow that: see its lists "allow" and "deny"/],
    [["eth1", "239.1.2.3", "10.9.9.9"], /^409 eth1 does not allow that/],
  ];
  for (const [where, answer] of joins) {
    assert.match(await said(daemon, "PUT", ...where), answer);
  }
  const leaves: readonly (readonly [Where, RegExp])[] = [
    [["eth2", "239.1.2.3"], /^404 There is nothing to leave: 239\.1\.2\.3 is not joined on eth2\./],
    [["eth*", "239.1.2.3"], /^400/],
    [["eth1", "224.0.0.251"], /^400/],
  ];
  for (const [where, answer] of leaves) {
    assert.match(await said(daemon, "DELETE", ...where), answer);
  }
  assert.equal(changesIn(daemon.stateDirectory), "");
  assert.deepEqual(await joined(daemon), []);
});
