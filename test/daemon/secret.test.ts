// A secret shows itself nowhere, whatever is done with what holds it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { deserialize, serialize } from "node:v8";
import { Secret } from "../../src/daemon/secret.ts";
import { noticeSentence } from "../../src/daemon/sentences.ts";
import { hmacOf, keyed, keyOf, type OpenKey, withSecurity } from "../support/hmac.ts";
import { ETH1, ETH2, hello, on, pass, receive, rig } from "./engine-rig.ts";

const SECRET = "hunter2 is what nobody may see";
const KEY: OpenKey = { identifier: 7, algorithm: "sha256", secret: SECRET };
const REDACTED = "<redacted>";

const BYTES = Buffer.from(SECRET);
const FIRST = [...BYTES.subarray(0, 4)];
/** How a beginning of the secret would look if it were shown, without white space and the signs of a difference. */
const SHOWN: readonly string[] = [
  SECRET.slice(0, 7),
  BYTES.toString("base64").slice(0, 8),
  BYTES.toString("hex").slice(0, 8),
  FIRST.join(),
  FIRST.map((byte, n) => `"${n}":${byte}`).join(),
];

function shows(text: string): boolean {
  const dense = text.replace(/[\s+-]/g, "");
  return SHOWN.some((beginning) => dense.includes(beginning));
}

/** Everything that could become of `value` in a log, an answer or a message between threads, as text. */
function traces(value: unknown): readonly string[] {
  const deep = { depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null };
  const looks = [{}, { showHidden: true }, { customInspect: false, showHidden: true }];
  const error = new Error("it was not as expected", { cause: value });
  let refused: unknown;
  try {
    assert.deepEqual(value, 1);
  } catch (caught) {
    refused = caught;
  }
  return [
    JSON.stringify(value),
    ...[value, error, refused].flatMap((shown) =>
      looks.map((look) => inspect(shown, { ...deep, ...look, getters: true })),
    ),
    serialize(value).toString("latin1"),
    inspect(deserialize(serialize(value)), deep),
    inspect(structuredClone(value), deep),
    String(refused),
  ];
}

test("the search for a secret finds one wherever it is shown", () => {
  for (const bare of [SECRET, BYTES, Uint8Array.from(BYTES), { key: [BYTES] }]) {
    for (const text of traces(bare)) assert.ok(shows(text), text);
  }
});

test("a secret is redacted as JSON, as text, when it is inspected, and lost when it is copied", () => {
  const { secret } = keyOf(KEY);
  assert.equal(JSON.stringify({ secret }), `{"secret":"${REDACTED}"}`);
  assert.equal(`${secret}`, REDACTED);
  assert.equal(String(secret), REDACTED);
  assert.equal([secret].join(), REDACTED);
  assert.equal(
    inspect({ a: { b: { secret } } }, { depth: 9 }),
    `{ a: { b: { secret: ${REDACTED} } } }`,
  );
  assert.deepEqual(Object.getOwnPropertyNames(secret), []);
  assert.deepEqual(structuredClone(secret), {});
  for (const text of traces({ secret })) assert.equal(shows(text), false, text);
});

test("§3, §18: a secret of no bytes, or of zero bytes, which HMAC takes for none, is refused; bytes are copied", () => {
  for (const length of [0, 1, 64, 1_000]) assert.equal(Secret.of(new Uint8Array(length)), null);
  assert.notEqual(Secret.of(Uint8Array.of(0, 1, 0)), null);
  const bytes = Buffer.from(SECRET);
  const secret = Secret.of(bytes);
  bytes.fill(0);
  assert.deepEqual(secret?.hmac("sha256", bytes), hmacOf("sha256", BYTES, bytes));
});

test("no secret is in the view of an engine that runs with it, its notices, its counters, or an error about them", () => {
  let configuration = on("hpim", "eth2");
  for (const name of ["eth1", "eth2", "eth9"]) {
    configuration = withSecurity(configuration, name, keyed({ ...KEY, identifier: 6 }, KEY));
  }
  const made = rig(configuration, [ETH1, ETH2]);
  pass(made);
  receive(made, hello(40));
  const view = made.engine.view();
  assert.equal(view.configuration.interfaces.get("eth2")?.security.keys.length, 2);
  const { engine, notices, host } = made;
  const told = notices.map((notice) => noticeSentence(notice, (index) => engine.nameOf(index)));
  const counters = engine.counters.of(ETH2.index);
  for (const value of [view, view.ports, notices, told, counters, host.sent, host.calls]) {
    for (const text of traces(value)) assert.equal(shows(text), false, text);
  }
  const all = { depth: Number.POSITIVE_INFINITY, showHidden: true };
  assert.equal(shows(inspect(engine, all)), false);
});
