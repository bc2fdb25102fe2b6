// GET /v1/events: what clients hear, and that those who are slow, hang or are too many cost nobody anything.
import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { test } from "node:test";
import { logLineSchema } from "../../src/api/log-line.ts";
import type { Address } from "../../src/base/address.ts";
import { ip } from "../../src/base/address.ts";
import { MOST_STREAMS, MOST_WAITING } from "../../src/daemon/event-streams.ts";
import { encodeIgmp } from "../../src/wire/igmp.ts";
import { encodeIpv4 } from "../../src/wire/ip.ts";
import { until } from "../support/until.ts";
import { arriving, ETH1, ETH2, hello, tellRoutes, upcallOf } from "./engine-rig.ts";
import type { Served } from "./served-daemon.ts";
import { serve } from "./served-daemon.ts";

const WITH_IGMP = "interfaces: {eth1: {igmp: {groupLimit: 1000000}}}";
const HOST = ip("10.0.1.77");

/** A client that listens. */
interface Listener {
  readonly response: IncomingMessage;
  /** What it has heard, in whole lines. */
  readonly lines: () => readonly string[];
  readonly hasEnded: () => boolean;
}

function listen({ path }: Served, query = ""): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: path, path: `/v1/events?${query}`, agent: false });
    asked.once("error", reject);
    asked.once("response", (response) => {
      let heard = "";
      let hasEnded = false;
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        heard += part;
      });
      response.on("end", () => {
        hasEnded = true;
      });
      response.on("error", () => undefined);
      const lines = (): readonly string[] => heard.split("\n").slice(0, -1);
      resolve({ response, lines, hasEnded: () => hasEnded });
    });
    asked.end();
  });
}

const fieldsOf = (line: string) => logLineSchema.parse(JSON.parse(line));
const sentencesOf = ({ lines }: Listener): readonly string[] =>
  lines().map((line) => fieldsOf(line).msg);

/** A host on eth1 reports a group. */
function report({ engine }: Served, group: Address): void {
  const bytes = encodeIpv4({
    ...{ source: HOST, destination: group, ttl: 1, tos: 0xc0, protocol: 2, routerAlert: true },
    payload: encodeIgmp({ kind: "report", version: 2, group }),
  });
  engine.handle({ kind: "datagram", interface: ETH1.index, bytes });
}

/** A host on eth1 joins group `n`, which is one event: "239.1.0.7 has members on eth1." */
const join = (served: Served, n: number): void => report(served, ip(`239.1.${n >> 8}.${n & 255}`));

test("a client hears the lines of the log, from when it began to listen", async (t) => {
  const served = await serve(t);
  await served.ask("PUT", "/v1/interfaces/eth1/hpim");
  const client = await listen(served);
  assert.equal(client.response.statusCode, 200);
  assert.equal(client.response.headers["content-type"], "application/x-ndjson");
  const before = served.logged.length;
  await served.ask("DELETE", "/v1/interfaces/eth1/hpim");
  await served.ask("PUT", "/v1/interfaces/eth1/igmp");
  await until("it has heard", () => client.lines().length === 2);
  assert.equal(`${client.lines().join("\n")}\n`, served.logged.slice(before).join(""));
  assert.deepEqual(sentencesOf(client), [
    "HPIM-DM has ended on eth1.",
    "We are the IGMP querier on eth1.",
  ]);
});

/** One of each: a tree on eth1, forwarded to eth2 where a neighbor is; a group on eth1; a neighbor's goodbye. */
function happen(served: Served): void {
  const { engine } = served;
  tellRoutes(served);
  engine.handle(arriving(hello(35)));
  engine.handle({ kind: "upcalls", upcalls: [upcallOf(ip("10.0.1.9"))] });
  join(served, 7);
  engine.handle(arriving(hello(0)));
}

const ALL = "interfaces: {eth1: {igmp: true, hpim: true}, eth2: {hpim: true}}";

for (const [query, heard] of [
  ["level=warn", /^(Neighbor 10\.0\.2\.2 on eth2 is gone: goodbye\.)$/],
  ["subsystem=trees", /^(Tree \(10\.0\.1\.9, 239\.1\.1\.1\): INACTIVE to ACTIVE\.)$/],
  [
    "subsystem=trees,membership",
    /^Tree .* INACTIVE to ACTIVE\.\n239\.1\.0\.7 has members on eth1\.$/,
  ],
  ["subsystem=trees&subsystem=membership", /^Tree .*\n239\.1\.0\.7 has members on eth1\.$/],
  ["interface=eth1&level=info", /^239\.1\.0\.7 has members on eth1\.$/],
  ["group=239.1.0.0/24", /^239\.1\.0\.7 has members on eth1\.$/],
  ["group=239.1.1.1&source=10.0.1.0/24&subsystem=trees", /^Tree \(10\.0\.1\.9, 239\.1\.1\.1\)/],
  ["source=10.0.1.0/24", /^Tree \(10\.0\.1\.9, 239\.1\.1\.1\): INACTIVE to ACTIVE\.$/],
  ["interface=eth2&subsystem=neighbors", /^Neighbor 10\.0\.2\.2 on eth2: /],
  [
    "level=debug&subsystem=messages&group=239.1.0.7",
    /^Received on eth1 from 10\.0\.1\.77: IGMPv2 /,
  ],
] as const) {
  test(`events are narrowed by ${query}`, async (t) => {
    const served = await serve(t, ALL);
    served.engine.handle({ kind: "links", links: [ETH1, ETH2] });
    const client = await listen(served, query);
    happen(served);
    served.streams.end();
    await until("the stream has ended", client.hasEnded);
    assert.match(sentencesOf(client).join("\n"), heard);
  });
}

test("parameters that make no sense are refused", async (t) => {
  const { ask } = await serve(t);
  for (const [query, status, sentence] of [
    ["level=loud", 400, /^level=loud is refused: expected one of debug, info, warn, error\.$/],
    ["level=info&level=warn", 400, /^level=info,warn is refused/],
    [
      "subsystem=trees,cows",
      400,
      /^subsystem=trees,cows is refused: expected names of subsystems: /,
    ],
    ["subsystem=", 400, /expected names of subsystems/],
    ["group=10.0.0.1", 400, /expected the address of a group/],
    ["interface=eth9", 404, /^There is no interface eth9\.$/],
    [
      "since=1",
      400,
      /^The parameter since is not known here: this takes level, subsystem, interface/,
    ],
  ] as const) {
    const { status: is, body } = await ask("GET", `/v1/events?${query}`);
    assert.equal(is, status, query);
    assert.match((body as { readonly error: string }).error, sentence, query);
  }
});

test("without a level, events are those of the log; with one, any", async (t) => {
  const served = await serve(t, `${WITH_IGMP}\nlog: {level: warn}`);
  const [ofLog, all] = [await listen(served), await listen(served, "level=info")];
  join(served, 1);
  await served.ask("PUT", "/v1/settings/logLevel", { value: "info", interface: null });
  join(served, 2);
  await until("both have heard", () => ofLog.lines().length === 1 && all.lines().length === 2);
  assert.match(sentencesOf(ofLog).join(), /^239\.1\.0\.2 has members/);
});

test("messages are shown while somebody wants to see them, in the log or as events", async (t) => {
  const served = await serve(t, WITH_IGMP);
  const logged = (): readonly string[] =>
    served.logged
      .map(fieldsOf)
      .flatMap(({ subsystem, msg }) => (subsystem === "messages" ? msg : []));
  join(served, 1);
  const client = await listen(served, "level=debug&subsystem=messages");
  join(served, 2);
  await until("it has heard", () => client.lines().length > 0);
  assert.deepEqual(sentencesOf(client), [
    "Received on eth1 from 10.0.1.77: IGMPv2 report 239.1.0.2.",
  ]);
  assert.deepEqual(logged(), []);
  const wish = { value: "debug", interface: null, subsystem: "messages" };
  await served.ask("PUT", "/v1/settings/logLevel", wish);
  join(served, 3);
  assert.deepEqual(logged(), ["Received on eth1 from 10.0.1.77: IGMPv2 report 239.1.0.3."]);
  await served.ask("PUT", "/v1/settings/logLevel", { ...wish, value: "default" });
  join(served, 4);
  client.response.destroy();
  await until("it has gone", () => served.streams.isEmpty);
  assert.equal(served.streams.wantMessages, false);
  join(served, 5);
  assert.equal(logged().length, 1);
});

const TOO_SHORT = "Dropped on eth2 from 10.0.2.2: HPIM-DM message, too short.";
const FROM_AFAR = "Dropped on eth2 from 10.0.2.2: HPIM-DM message, TTL not 1.";
const OF_LINK = "Dropped on eth1 from 10.0.1.77: IGMP message, group not routed.";
const REPORT = "Received on eth1 from 10.0.1.77: IGMPv2 report 224.0.0.251.";
const HELLO = "Received on eth2 from 10.0.2.2: Hello HoldTime 35 s, BootTime 7.";

for (const [query, heard] of [
  ["subsystem=drops", [TOO_SHORT, TOO_SHORT, FROM_AFAR, OF_LINK]],
  ["subsystem=messages", [HELLO, REPORT]],
  ["interface=eth2", [TOO_SHORT, TOO_SHORT, HELLO, FROM_AFAR]],
  ["interface=eth1", [REPORT, OF_LINK]],
  ["group=224.0.0.251", [REPORT]],
] as const) {
  test(`each message that is dropped is shown at the level debug: ${query}`, async (t) => {
    const served = await serve(t, "interfaces: {eth1: {igmp: true}, eth2: {hpim: true}}");
    served.engine.handle({ kind: "links", links: [ETH1, ETH2] });
    const client = await listen(served, `level=debug&${query}`);
    for (let i = 0; i < 2; i++) served.engine.handle(arriving(Uint8Array.of(1)));
    served.engine.handle(arriving(hello(35), { ttl: 2 }));
    report(served, ip("224.0.0.251"));
    served.streams.end();
    await until("the stream has ended", client.hasEnded);
    const shown = sentencesOf(client).filter((sentence) => /^(Dropped|Received) /.test(sentence));
    assert.deepEqual(shown, heard);
  });
}

test("a client that hangs loses the oldest events, and is told how many when it goes on", async (t) => {
  const served = await serve(t, WITH_IGMP);
  const [hanging, quick] = [await listen(served), await listen(served)];
  hanging.response.pause();
  const sent = 20 * MOST_WAITING;
  for (let n = 1; n <= sent; n++) {
    join(served, n);
    // The quick one takes what there is.
    if (n % 100 === 0) await new Promise(setImmediate);
  }
  await until("the quick one has heard all", () => quick.lines().length === sent);
  assert.ok(quick.lines().every((line) => fieldsOf(line).kind === "group"));
  hanging.response.resume();
  await until("the other one has heard the last", () => {
    const [last] = hanging.lines().slice(-1);
    return last === quick.lines().at(-1);
  });
  const counts = hanging
    .lines()
    .map(fieldsOf)
    .map(({ omitted: count = 1 }) => count);
  const omitted = counts.filter((count) => count !== 1);
  assert.ok(omitted.length > 0, "something was left out");
  assert.equal(
    counts.reduce((sum: number, count) => sum + Number(count), 0),
    sent,
  );
  const told = hanging
    .lines()
    .map(fieldsOf)
    .find(({ kind }) => kind === "omitted");
  assert.match(told?.msg ?? "", /^\d+ events are missing here: they came faster/);
});

test("so many may listen at a time; one that goes is noticed although nothing happens", async (t) => {
  const served = await serve(t);
  const clients: Listener[] = [];
  for (let n = 0; n < MOST_STREAMS; n++) clients.push(await listen(served));
  const { status, body } = await served.ask("GET", "/v1/events");
  assert.deepEqual(
    [status, body],
    [503, { error: `${MOST_STREAMS} clients listen to events already: end one of them.` }],
  );
  clients[3]?.response.destroy();
  let next: Listener | undefined;
  await until("there is room again", async () => {
    next = await listen(served);
    return next.response.statusCode === 200;
  });
  for (const { response } of [...clients, ...(next === undefined ? [] : [next])])
    response.destroy();
  await until("nobody listens", () => served.streams.isEmpty);
});

test("a daemon that ends lets its listeners go, behind what they still have to hear", async (t) => {
  const served = await serve(t, WITH_IGMP);
  const client = await listen(served);
  join(served, 1);
  served.streams.end();
  await until("its stream has ended", client.hasEnded);
  assert.equal(client.lines().length, 1);
  const late = await listen(served);
  await until("a later one ends at once", late.hasEnded);
});
