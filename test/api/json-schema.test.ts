// The JSON Schema of the configuration file: it takes what the daemon takes (test/daemon/round-trip.property.test.ts), and
// of what the daemon refuses only what a schema cannot judge.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ValidateFunction } from "ajv/dist/2020.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { valueAt } from "../../src/api/configuration-document.ts";
import { configurationJsonSchema } from "../../src/api/json-schema.ts";
import { isLegacyFile } from "../../src/api/legacy-file.ts";
import { fromRoot } from "../support/root.ts";
import { BAD_KEYS, BAD_SECTIONS, BAD_TIMING, BAD_VALUES } from "./bad-files.ts";
import { BAD_JOINS } from "./bad-joins.ts";

// What has one of two properties names them again where they are required.
const keepsTo: ValidateFunction = new Ajv2020({ strict: true, strictRequired: false }).compile(
  configurationJsonSchema(),
);

/** What no schema says: how settings go together, how long a text such as "2h" is, and what a prefix holds. */
const BEYOND_SCHEMAS = [
  /: expected queryResponseInterval, .* below queryInterval/,
  /: there is (another|no) key/,
  /: expected a duration from/,
  /: expected the address of a (group|source)/,
];

test("the schema refuses all that it can", () => {
  let beyond = 0;
  for (const [text, ...problems] of [
    ...BAD_SECTIONS,
    ...BAD_JOINS,
    ...BAD_VALUES,
    ...BAD_KEYS,
    ...BAD_TIMING,
  ]) {
    if (!keepsTo(parse(text, { stringKeys: true }))) continue;
    beyond++;
    for (const problem of problems) {
      assert.ok(
        BEYOND_SCHEMAS.some((kind) => kind.test(problem)),
        `${text}\n${problem}`,
      );
    }
  }
  assert.ok(beyond > 10, `${beyond}`);
});

test("durations as numbers, and addresses as words, have their ranges and forms in the schema", () => {
  for (const text of [
    "hpim: {helloPeriod: 901}",
    "hpim: {helloPeriod: -1}",
    "hpim: {helloPeriod: 10 seconds}",
    "igmp: {queryResponseInterval: 26}",
    "interfaces: {e: {allow: {groups: ['ff3e::/16']}}}",
    "interfaces: {e: {security: {keys: [{identifier: 1, algorithm: md5, secretFile: here}]}}}",
  ]) {
    assert.ok(!keepsTo(parse(text)), text);
  }
});

for (const [value, isTaken] of [
  ["true", true],
  ["false", true],
  ["{}", true],
  ["{helloPeriod: 100ms}", true],
  ["null", false],
  ["yes", false],
  ["{queryInterval: 60}", false],
] as const) {
  test(`interfaces: hpim: ${value} is ${isTaken ? "" : "not "}taken`, () =>
    assert.equal(keepsTo(parse(`interfaces: {e: {hpim: ${value}}}`)), isTaken));
}

for (const name of ["README.md", "docs/configuration.md"]) {
  test(`the examples in ${name} keep to the schema`, () => {
    const blocks = [...readFileSync(fromRoot(name), "utf8").matchAll(/^```yaml\n(.*?)^```$/gms)];
    const documents = blocks.map(([, text]) => parse(text ?? "", { stringKeys: true }));
    const ours = documents.filter((document) => !isLegacyFile(document));
    assert.ok(ours.length > 0);
    for (const document of ours) {
      assert.ok(keepsTo(document), JSON.stringify([document, keepsTo.errors]));
    }
  });
}

test("sections are described for editors", () => {
  const schema = configurationJsonSchema();
  const ofInterface = ["properties", "interfaces", "additionalProperties", "properties"];
  for (const path of [
    ["properties", "hpim"],
    ["properties", "hpim", "properties", "helloPeriod"],
    ...["hpim", "igmp", "security", "allow", "deny", "ttlThreshold"].map((name) => [
      ...ofInterface,
      name,
    ]),
  ]) {
    const described = path.reduce<unknown>(valueAt, schema);
    assert.equal(typeof valueAt(described, "description"), "string", path.join("."));
  }
});
