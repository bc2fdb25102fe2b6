// docs/configuration.md: its tables have every setting, with its default and its values; and every example of a
// configuration file in README.md and docs/ is read by the daemon's own reader.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { configurationJsonSchema } from "../../src/api/json-schema.ts";
import { expectedValues, formatSetting, pathOfSetting, SETTINGS } from "../../src/api/settings.ts";
import { EMPTY_CONFIGURATION } from "../../src/daemon/configuration.ts";
import { valueInForce } from "../../src/daemon/control-settings.ts";
import { loadConfiguration } from "../../src/daemon/load-configuration.ts";
import { fromRoot } from "../support/root.ts";
import { directory } from "./served-daemon.ts";

const MANUAL = readFileSync(fromRoot("docs", "configuration.md"), "utf8");
const HEAD = "| setting | default | values | |\n| --- | --- | --- | --- |\n";

interface Row {
  readonly name: string;
  readonly initially: string;
  readonly values: string;
}

/** The rows of all tables of settings. */
const rows: readonly Row[] = MANUAL.split(HEAD)
  .slice(1)
  .flatMap((text) => text.slice(0, text.indexOf("\n\n")).split("\n"))
  .map((line): Row => {
    const [, name = "", initially = "", values = ""] = line.split(" | ").join("|").split("|");
    return { name: name.trim().replaceAll("`", ""), initially, values };
  });

/** Names of all settings and sections in a JSON schema, at any depth. */
function namesIn(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "properties" in schema ? Object.keys(schema.properties ?? {}) : [];
  return [...own, ...Object.values(schema).flatMap(namesIn)];
}

test("the tables have every setting of the file, and no others", () => {
  const sections = [...MANUAL.matchAll(/^## `(\w+)`/gm)].map(([, name]) => name);
  const documented = [...new Set([...rows.map(({ name }) => name), ...sections])].sort();
  assert.deepEqual(documented, [...new Set(namesIn(configurationJsonSchema()))].sort());
});

/** "a duration from 1s to 2s, such as ..." is "1s to 2s". */
const rangeOf = (values: string): string => / from ([^,:]*)/.exec(values)?.[1] ?? values;

for (const setting of SETTINGS) {
  test(`${setting.name}: default and values are those of the program`, () => {
    const called = pathOfSetting(setting, null).at(-1);
    const row = rows.find(({ name }) => name === called);
    const value = valueInForce(EMPTY_CONFIGURATION, setting, null);
    const number = value === null ? "-" : formatSetting(setting, value);
    const initially = typeof value === "boolean" ? String(value) : number;
    const values = rangeOf(expectedValues(setting));
    assert.deepEqual(row, { name: called, initially, values });
  });
}

test("what every setting does when it changes is said", () => {
  const heading = "## What a change does to what runs";
  const [section = ""] = MANUAL.slice(MANUAL.indexOf(heading) + heading.length).split("\n## ");
  const others = ["identifier", "algorithm", "secret", "secretFile", "security"];
  for (const { name } of rows) {
    if (!others.includes(name)) assert.ok(section.includes(`\`${name}\``), name);
  }
});

const DOCUMENTS = ["README.md", ...readdirSync(fromRoot("docs")).map((name) => join("docs", name))];
const EXAMPLES = DOCUMENTS.flatMap((document) =>
  [...readFileSync(fromRoot(document), "utf8").matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    ([, text = ""], i) => ({ title: `${document}, example ${i + 1}`, text }),
  ),
);

test("there are examples", () => {
  assert.ok(EXAMPLES.length > 3);
});

for (const { title, text } of EXAMPLES) {
  test(`the daemon takes the configuration in ${title}`, (t) => {
    const keys = join(directory(t), "keys");
    mkdirSync(keys);
    const here = text.replaceAll(/(?<=secretFile: )[^ ,}\n]+/g, (path) => {
      const file = join(keys, basename(path));
      writeFileSync(file, "swordfish\n", { mode: 0o600 });
      return file;
    });
    const loaded = loadConfiguration(here);
    assert.deepEqual(loaded.kind === "problems" ? loaded.problems : [], []);
  });
}
