// GET of what takes a while to be made, as the control API answers it: explanations, while it is being looked for data, and its
// own description.
import assert from "node:assert/strict";
import { test } from "node:test";
import { controlApi } from "../../src/daemon/control-api.ts";
import { EventStreams } from "../../src/daemon/event-streams.ts";
import { HostError } from "../../src/daemon/host.ts";
import { metricsOf } from "../../src/daemon/metrics/metrics.ts";
import type { ObservedFlow, Surroundings } from "../../src/daemon/surroundings.ts";
import { on, rig } from "./engine-rig.ts";
import { link } from "./observed-machine.ts";
import { directory, runningOf } from "./served-daemon.ts";

/** An API whose machine looks for data until the test says what it has seen. */
function observed(t: Parameters<typeof directory>[0]) {
  const looks: PromiseWithResolvers[] = [];
  const surroundings: Surroundings = {
    readText: () => null,
    observe: () => {
      const look = withResolvers();
      looks.push(look);
      return look.promise;
    },
  };
  const { engine, host } = rig(on("hpim", "eth1"), [link(1)]);
  const [running, program] = [runningOf(directory(t)), "test"];
  const api = controlApi({
    ...{ engine, running, program, surroundings },
    metrics: metricsOf({ engine, running, program }),
    listener: { follow: async () => null },
    streams: new EventStreams(),
    files: { stateDirectory: "", logDirectory: null },
    stop: () => undefined,
  });
  const get = (path: string): Promise<Response> =>
    Promise.resolve(api.fetch(new Request(`http://daemon${path}`)));
  return { looks, get, host };
}

interface PromiseWithResolvers {
  readonly promise: Promise<readonly ObservedFlow[]>;
  readonly resolve: (flows: readonly ObservedFlow[]) => void;
  readonly reject: (error: Error) => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve: PromiseWithResolvers["resolve"] = () => undefined;
  let reject: PromiseWithResolvers["reject"] = () => undefined;
  const promise = new Promise<readonly ObservedFlow[]>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** An answer of JSON that begins before it is made: by what `begun` does, if by nothing else. */
async function readBegun(response: Response, begun: () => void = () => undefined) {
  assert.ok(response.body);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, "\n");
  begun();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return JSON.parse(text) as unknown;
    text += value;
  }
}

const EXPLAIN = "/v1/explain?source=10.1.1.1&group=239.1.1.1";
const broken = (): HostError => new HostError("socket", "EPERM", "cannot open a socket");

for (const path of [EXPLAIN, "/v1/doctor"]) {
  test(`${path}: the answer begins at once, and is whole when all has been seen`, async (t) => {
    const { looks, get } = observed(t);
    const response = await get(path);
    assert.equal(response.status, 200);
    const answer = await readBegun(response, () => looks[0]?.resolve([]));
    assert.equal((answer as { version: number }).version, 1);
  });

  test(`${path}: what fails at once is an error, what fails later breaks the answer off`, async (t) => {
    const { looks, get } = observed(t);
    const asked = get(path);
    while (looks.length === 0) await Promise.resolve();
    looks[0]?.reject(broken());
    const response = await asked;
    assert.equal(response.status, 500);
    assert.match(await response.text(), /cannot open a socket: socket failed with EPERM/);
    const later = await get(path);
    looks[1]?.reject(broken());
    await assert.rejects(later.text(), /cannot open a socket/);
  });
}

test("the API's description of itself, which takes long to be made, begins at once", async (t) => {
  const { get } = observed(t);
  const described = await readBegun(await get("/v1/openapi.json"));
  assert.deepEqual(await (await get("/v1/openapi.json")).json(), described);
});

test("explain: of eight at once none waits for another, a ninth is refused, until one has its answer", async (t) => {
  const { looks, get } = observed(t);
  const answers = await Promise.all(Array.from({ length: 8 }, () => get(EXPLAIN)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.equal((await get("/v1/doctor")).status, 503);
  looks[0]?.resolve([]);
  await answers[0]?.text();
  assert.equal((await get("/v1/doctor")).status, 200);
  for (const look of looks) look.resolve([]);
});

test("explain: calls of the kernel that fail keep nobody from asking again", async (t) => {
  const { get, host } = observed(t);
  host.readEntry = () => {
    throw broken();
  };
  for (let n = 0; n < 9; n++) assert.equal((await get(EXPLAIN)).status, 500);
  assert.equal((await get("/v1/doctor")).status, 200);
});

for (const [query, status, reason] of [
  ["source=10.1.1.1", 400, /expected group=ADDRESS/],
  ["source=239.1.1.1&group=239.1.1.1", 400, /239\.1\.1\.1 is refused: expected source=ADDRESS/],
  ["source=10.1.1.1&group=10.1.1.1", 400, /10\.1\.1\.1 is refused: expected group=ADDRESS/],
  ["source=fe80::1&group=239.1.1.1", 400, /fe80::1 is refused/],
  ["source=10.1.1.1&group=239.1.1.1&interface=eth7", 404, /There is no interface eth7\./],
  ["source=10.1.1.1&group=239.1.1.1&now=1", 400, /now/],
] as const) {
  test(`explain?${query} is refused, and nothing is looked for`, async (t) => {
    const { looks, get } = observed(t);
    const response = await get(`/v1/explain?${query}`);
    assert.equal(response.status, status);
    assert.match(await response.text(), reason);
    assert.equal(looks.length, 0);
  });
}
