// Metrics over TCP: they are all there is, and no client harms another one or the daemon.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { formatListenAddress, type ListenAddress } from "../../src/api/listen-address.ts";
import type { Metrics } from "../../src/daemon/metrics/metrics.ts";
import { type ListenerTimes, MetricsListener } from "../../src/daemon/metrics/metrics-listener.ts";
import { until } from "../support/until.ts";
import { serve } from "./served-daemon.ts";

const HOST = "127.0.0.1";
const HOUR = 3_600_000;
const PATIENT: ListenerTimes = { requestWithin: HOUR, lifetime: HOUR, retry: HOUR };

/** A port on which nobody listens. */
async function freeAddress(): Promise<ListenAddress> {
  const server = createServer().listen(0, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return { host: HOST, port };
}

function* shortMetrics(): Generator<string> {
  yield "# HELP m about\n# TYPE m gauge\n";
  yield "m 1\n";
}

interface Listening {
  readonly listener: MetricsListener;
  readonly log: string[];
}

function listening(
  t: TestContext,
  metrics: Metrics,
  times: Partial<ListenerTimes> = {},
): Listening {
  const log: string[] = [];
  const take = (sentence: string): unknown => log.push(sentence);
  const listener = new MetricsListener(
    metrics,
    { info: take, warn: take },
    { ...PATIENT, ...times },
  );
  t.after(() => listener.close());
  return { listener, log };
}

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

function ask(at: ListenAddress, method = "GET", path = "/metrics"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...at, method, path }, async (response) => {
      const { "content-type": type, connection } = response.headers;
      resolve({ status: response.statusCode, type, connection, body: await text(response) });
    });
    asked.once("error", reject);
    asked.end();
  });
}

/** A client that says `words` and nothing more, and what it has heard by its end. */
async function saying(
  at: ListenAddress,
  words = "",
): Promise<{ socket: Socket; end: Promise<string> }> {
  const socket = connect(at);
  let heard = "";
  socket.on("data", (bytes) => {
    heard += bytes.toString("latin1");
  });
  socket.on("error", () => undefined);
  const end = once(socket, "close").then(() => heard);
  await once(socket, "connect");
  socket.write(words);
  return { socket, end };
}

test("GET /metrics is answered, in Prometheus's type, and nothing else; a connection is for one answer", async (t) => {
  const at = await freeAddress();
  const { listener, log } = listening(t, shortMetrics);
  assert.equal(await listener.follow(at), null);
  assert.deepEqual(log, [`Metrics are served on ${formatListenAddress(at)}.`]);
  assert.deepEqual(await ask(at), {
    status: 200,
    type: "text/plain; version=0.0.4; charset=utf-8",
    connection: "close",
    body: "# HELP m about\n# TYPE m gauge\nm 1\n",
  });
  for (const [method, path, status] of [
    ["GET", "/", 404],
    ["GET", "/metrics/", 404],
    ["GET", "/v1/trees", 404],
    ["POST", "/metrics", 404],
    ["PUT", "/v1/configuration", 404],
    ["POST", "/v1/stop", 404],
    ["HEAD", "/metrics", 501],
  ] as const) {
    assert.equal((await ask(at, method, path)).status, status, `${method} ${path}`);
  }
});

test("no more than 16 are connected; who says nothing, or too little, has to go", async (t) => {
  const at = await freeAddress();
  const { listener } = listening(t, shortMetrics, { requestWithin: 500 });
  await listener.follow(at);
  const words = (n: number): string =>
    ["", "GET", "GET /metrics HTTP/1.1\r\nHost: a\r\nX: "][n % 3] ?? "";
  const hanging = await Promise.all(Array.from({ length: 16 }, (_, n) => saying(at, words(n))));
  const oneTooMany = await saying(at);
  assert.equal(await oneTooMany.end, "");
  await until("all of them have gone", () => hanging.every(({ socket }) => socket.destroyed));
  for (const { end } of hanging) assert.match(await end, /^$|^HTTP\/1\.1 408 /);
  assert.equal((await ask(at)).status, 200);
});

test("garbage and headers without end are answered with an error, and the next one with metrics", async (t) => {
  const at = await freeAddress();
  const { listener } = listening(t, shortMetrics);
  await listener.follow(at);
  for (const [words, answer] of [
    ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", /^HTTP\/1\.1 400 /],
    ["GET /metrics HTTP/9.9\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["GET /metrics HTTP/1.1\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n", /^HTTP\/1\.1 400 /],
    [`GET /metrics HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(10_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
  ] as const) {
    assert.match(await (await saying(at, words)).end, answer, words.slice(0, 40));
  }
  assert.equal((await ask(at)).status, 200);
});

test("whoever asks again before the answer has come loses the connection, and had one answer made at the most", async (t) => {
  const at = await freeAddress();
  let made = 0;
  const counted = function* (): Generator<string> {
    made++;
    yield* shortMetrics();
  };
  const { listener } = listening(t, counted);
  await listener.follow(at);
  await (await saying(at, REQUEST.repeat(500))).end;
  assert.ok(made <= 1, `${made} answers were made`);
  assert.equal((await ask(at)).status, 200);
});

/** Metrics without end, and what was made of them. */
function endless(): { readonly metrics: Metrics; characters: number; ended: number } {
  const observed = {
    metrics: function* (): Generator<string> {
      try {
        for (;;) {
          observed.characters += 1_000;
          yield "x".repeat(1_000);
        }
      } finally {
        observed.ended++;
      }
    },
    characters: 0,
    ended: 0,
  };
  return observed;
}

const REQUEST = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
/** What the buffers of two sockets hold at the most, here some 6 MB, and a slice or two. */
const ENOUGH = 32 << 20;

test("for a client that does not read no more is made than fits into buffers, and nothing when it has gone", async (t) => {
  const at = await freeAddress();
  const observed = endless();
  const { listener } = listening(t, observed.metrics);
  await listener.follow(at);
  const { socket } = await saying(at);
  socket.pause();
  socket.write(REQUEST);
  let before = -1;
  await until("nothing more is made", async () => {
    for (let turn = 0; turn < 1_000; turn++) await setImmediate();
    const rests = before === observed.characters && before > 0;
    before = observed.characters;
    return rests;
  });
  assert.ok(observed.characters < ENOUGH, `${observed.characters} characters`);
  socket.destroy();
  await until("it is known that the client has gone", () => observed.ended === 1);
});

test("an answer that is not taken in time is broken off, and so is one that is taken without end", async (t) => {
  const at = await freeAddress();
  const observed = endless();
  const { listener } = listening(t, observed.metrics, { lifetime: 500 });
  await listener.follow(at);
  const reading = await saying(at, REQUEST);
  const idle = await saying(at);
  idle.socket.pause();
  idle.socket.write(REQUEST);
  await reading.end;
  await until("both are given up", () => observed.ended === 2);
});

test("another address takes the place of the first one, the same one disturbs nobody, and none is none", async (t) => {
  const [first, second] = [await freeAddress(), await freeAddress()];
  const { listener, log } = listening(t, shortMetrics);
  await listener.follow(first);
  const client = await saying(first);
  assert.equal(await listener.follow({ ...first }), null);
  client.socket.write(REQUEST);
  assert.match(await client.end, /m 1\n/);
  await listener.follow(second);
  assert.equal((await ask(second)).status, 200);
  await assert.rejects(ask(first), /ECONNREFUSED/);
  await Promise.all([listener.follow(first), listener.follow(second), listener.follow(first)]);
  assert.equal((await ask(first)).status, 200);
  await assert.rejects(ask(second), /ECONNREFUSED/);
  await listener.follow(null);
  await assert.rejects(ask(first), /ECONNREFUSED/);
  assert.equal(log.length, 5);
});

test("an answer under way is not broken off when the address changes", async (t) => {
  const at = await freeAddress();
  let isTaken = false;
  let letOn = (): void => undefined;
  const goesOn = new Promise<void>((resolve) => {
    letOn = resolve;
  });
  let isOn = false;
  void goesOn.then(() => {
    isOn = true;
  });
  const { listener } = listening(t, function* () {
    isTaken = true;
    while (!isOn) yield "";
    yield "m 1\n";
  });
  await listener.follow(at);
  const answer = ask(at);
  await until("it is being made", () => isTaken);
  await listener.follow(null);
  letOn();
  assert.equal((await answer).body, "m 1\n");
});

test("an address on which nobody can listen: a sentence, once, and it is tried until it can be", async (t) => {
  const at = await freeAddress();
  const other = createServer().listen(at.port, HOST);
  await once(other, "listening");
  const { listener, log } = listening(t, shortMetrics, { retry: 20 });
  const where = formatListenAddress(at);
  const sentence = `Metrics are not served on ${where}: another program listens there. It is tried again and again.`;
  assert.equal(await listener.follow(at), sentence);
  assert.equal(await listener.follow(at), sentence);
  assert.deepEqual(log, [sentence]);
  other.close();
  await until("they are served", () => log.length === 2);
  assert.equal(log[1], `Metrics are served on ${where}.`);
  assert.equal((await ask(at)).status, 200);
  const elsewhere = await listener.follow({ host: "192.0.2.1", port: 9786 });
  assert.match(elsewhere ?? "", /^Metrics are not served on 192\.0\.2\.1:9786: no interface has /);
  await assert.rejects(ask(at), /ECONNREFUSED/);
});

test("the answer to a file that is loaded says where metrics cannot be served; all else is in force", async (t) => {
  const { ask: askApi, engine } = await serve(t);
  const at = await freeAddress();
  const other = createServer().listen(at.port, HOST);
  await once(other, "listening");
  t.after(() => other.close());
  const load = async (listen: string): Promise<unknown> => {
    const sent = { file: "/etc/hpim-dm.yaml", text: `metrics: {listen: "${listen}", trees: 7}\n` };
    return (await askApi("PUT", "/v1/configuration", sent)).body;
  };
  const where = formatListenAddress(at);
  const inForce =
    '/etc/hpim-dm.yaml is in force. To start with it, use "hpim-dm start --config /etc/hpim-dm.yaml".';
  assert.deepEqual(await load(where), {
    version: 1,
    message: `${inForce}\nMetrics are not served on ${where}: another program listens there. It is tried again and again.`,
  });
  assert.deepEqual(engine.configuration.metrics, { listen: at, trees: 7 });
  const free = await freeAddress();
  const second = await load(formatListenAddress(free));
  assert.deepEqual(second, { version: 1, message: "/etc/hpim-dm.yaml is in force." });
  assert.match((await ask(free)).body, /^hpim_configuration_last_load_successful 1$/m);
  assert.match(JSON.stringify(await load("127.0.0.1")), /expected an address of this machine/);
  assert.match((await ask(free)).body, /^hpim_configuration_last_load_successful 0$/m);
});
