// docs/lists.md: every list has a section; its JSON keeps to the schema, its table is what the command makes of it, and
// each field is spoken of.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import type { ListName } from "../../src/api/lists/lists.ts";
import { LIST_NAMES, LISTS } from "../../src/api/lists/lists.ts";
import type { Answer } from "../../src/api/lists/schemas.ts";
import { LIST_SCHEMAS } from "../../src/api/lists/schemas.ts";
import type { Render } from "../../src/cli/show/render.ts";
import { RENDERERS } from "../../src/cli/show/renderers.ts";
import { fromRoot } from "../support/root.ts";

const WIDTH = 100;
const sections = new Map(
  readFileSync(fromRoot("docs", "lists.md"), "utf8")
    .split(/^## /m)
    .map((section) => [section.slice(0, section.indexOf("\n")), section] as const),
);

function block(name: string, language: string): string {
  const [, text] =
    new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "ms").exec(sections.get(name) ?? "") ?? [];
  assert.ok(text !== undefined, `the section ${name} has a block of ${language || "text"}`);
  return text;
}

/** Names of all fields of a JSON schema, at any depth. */
function fieldsOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "properties" in schema ? Object.keys(schema.properties ?? {}) : [];
  return [...own, ...Object.values(schema).flatMap(fieldsOf)];
}

function tableOf<Name extends ListName>(name: Name, answer: unknown): string {
  const render: Render<Answer<Name>> = RENDERERS[name];
  const lines = render(answer as Answer<Name>, { width: WIDTH, isNarrowed: false });
  return [...lines, ""].join("\n");
}

for (const name of LIST_NAMES) {
  test(`${name}: the example keeps to the schema, and the table is made of it`, () => {
    const example: unknown = JSON.parse(block(name, "json"));
    const answer = LIST_SCHEMAS[name].parse(example);
    assert.deepEqual(answer, example, "no other field");
    const table = block(name, "");
    assert.equal(table, tableOf(name, answer));
    assert.ok(table.split("\n").every((line) => line.length <= WIDTH));
  });

  test(`${name}: every field and every filter is spoken of`, () => {
    const text = (sections.get(name) ?? "").replace(/^```.*?^```$/gms, "");
    const fields = new Set(fieldsOf(z.toJSONSchema(LIST_SCHEMAS[name])));
    for (const key of ["version", ...Object.keys(LIST_SCHEMAS[name].shape)]) fields.delete(key);
    for (const field of fields) assert.match(text, new RegExp(`\\b${field}\\b`), field);
    for (const filter of LISTS[name].filters) assert.ok(text.includes(`--${filter}`), filter);
  });
}
