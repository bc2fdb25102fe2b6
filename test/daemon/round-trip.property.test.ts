// Whatever is configured: shown, written down and read again it is the same, and no text makes the reader throw.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { stringify } from "yaml";
import type { ConfigurationDocument } from "../../src/api/configuration-document.ts";
import {
  interfacesOf,
  isDocument,
  laidOver,
  sectionFor,
  valueAt,
} from "../../src/api/configuration-document.ts";
import type { Problem } from "../../src/api/file-problem.ts";
import { inOrder } from "../../src/api/file-problem.ts";
import { isPattern } from "../../src/api/interface-name.ts";
import { configurationJsonSchema } from "../../src/api/json-schema.ts";
import type { Loaded, LoadOptions } from "../../src/daemon/load-configuration.ts";
import { loadConfiguration } from "../../src/daemon/load-configuration.ts";
import { redacted, withSecretsOf } from "../../src/daemon/redaction.ts";
import type { Change, Proposal } from "../../src/daemon/running-configuration.ts";
import { anyConfiguration } from "../support/arbitrary-configuration.ts";
import { fingerprint } from "../support/fingerprint.ts";
import { fromRoot } from "../support/root.ts";
import { ETH1, ETH2, rig } from "./engine-rig.ts";
import { directory, runningOf } from "./served-daemon.ts";

type Whole = Extract<Loaded, { kind: "configuration" }>;

function loaded(text: string, options?: LoadOptions): Whole {
  const result = loadConfiguration(text, options);
  assert.ok(result.kind === "configuration", JSON.stringify(result));
  return result;
}

/** Documents that have no problems, with a file of a secret that lives as long as the test. */
function anySoundConfiguration(t: TestContext): fc.Arbitrary<ConfigurationDocument> {
  const secretFile = join(directory(t), "secret");
  writeFileSync(secretFile, "swordfish", { mode: 0o600 });
  return anyConfiguration(secretFile).filter(
    (document) => loadConfiguration(JSON.stringify(document)).kind === "configuration",
  );
}

const RUNS = { numRuns: 20 };

test("a document is in force as it stands, keeps to the JSON Schema, and YAML says the same of it as JSON does", (t) => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false });
  const keepsToSchema = ajv.compile(configurationJsonSchema());
  fc.assert(
    fc.property(anySoundConfiguration(t), (document) => {
      assert.ok(keepsToSchema(document), ajv.errorsText(keepsToSchema.errors));
      const [asJson, asYaml] = [loaded(JSON.stringify(document)), loaded(stringify(document))];
      assert.deepEqual(asYaml.document, document);
      assert.deepEqual(fingerprint(asYaml.configuration), fingerprint(asJson.configuration));
    }),
    RUNS,
  );
});

test("what is shown has no secret, and with the secrets that run is what runs: no machine is told anything", (t) => {
  fc.assert(
    fc.property(anySoundConfiguration(t), (document) => {
      const before = loaded(stringify(document));
      const shown = stringify(redacted(before.document));
      const changes = withSecretsOf(loaded(shown).document, before.document);
      const after = loaded(shown, { changes });
      assert.deepEqual([after.document, after.lacking], [document, []]);
      assert.deepEqual(fingerprint(after.configuration), fingerprint(before.configuration));

      const made = rig(before.configuration, [ETH1, ETH2]);
      const { engine, host, notices } = made;
      const told = (): object => [[...host.calls], [...host.sent], host.deadline, [...notices]];
      const ofBefore = told();
      engine.handle({ kind: "configure", configuration: after.configuration });
      assert.deepEqual(told(), ofBefore);
    }),
    RUNS,
  );
});

const keysOf = (section: unknown): ReadonlySet<string> => new Set(Object.keys(section ?? {}));

test("changes laid over a document twice are there once, and leave the rest as it was", () => {
  const any = anyConfiguration("/secret");
  fc.assert(
    fc.property(any, any, (below, above) => {
      const over = laidOver(below, above);
      assert.deepEqual(laidOver(over, above), over);
      assert.deepEqual(laidOver(below, {}), below);
      assert.deepEqual(laidOver({}, above), above);
      for (const name of Object.keys(interfacesOf(below))) {
        if (Object.hasOwn(interfacesOf(above), name)) continue;
        assert.deepEqual(interfacesOf(over)[name], interfacesOf(below)[name]);
      }
      for (const [name, change] of Object.entries(interfacesOf(above))) {
        const [before, after] = [sectionFor(below, name), sectionFor(over, name)].map(keysOf);
        assert.deepEqual(after, new Set([...(before ?? []), ...keysOf(change)]));
      }
    }),
    RUNS,
  );
});

function* changesOfInterface(name: string, own: unknown): Generator<Change> {
  for (const section of ["hpim", "igmp", "security"] as const) {
    const value = valueAt(own, section);
    if (typeof value === "boolean") yield { path: ["interfaces", name, section], value };
    for (const [key, of] of Object.entries(isDocument(value) ? value : {})) {
      yield { path: ["interfaces", name, section, key], value: of };
    }
  }
}

/** What commands would make of a document: each of its settings, protocols and keys, one by one. */
function* changesOf(document: ConfigurationDocument): Generator<Change> {
  for (const section of ["hpim", "igmp"] as const) {
    const settings = Object.entries(valueAt(document, section) ?? {});
    for (const [name, value] of settings) yield { path: [section, name], value };
  }
  for (const [name, own] of Object.entries(interfacesOf(document))) {
    if (!isPattern(name)) yield* changesOfInterface(name, own);
  }
}

function make(proposal: Proposal | readonly Problem[]): boolean {
  if (!("commit" in proposal)) return false;
  proposal.commit();
  return true;
}

test("what commands made of a file, shown and loaded, is what runs, now and at the next start", (t) => {
  const any = anySoundConfiguration(t);
  fc.assert(
    fc.property(any, any, (ofFile, wanted) => {
      const state = directory(t);
      const running = runningOf(state, stringify(ofFile));
      for (const change of changesOf(wanted)) make(running.propose(change));
      const before = running.configuration;
      const again = runningOf(state, stringify(ofFile));
      assert.equal(again.takeUpKept(), null);
      assert.deepEqual(fingerprint(again.configuration), fingerprint(before));

      const text = stringify(running.shown);
      assert.ok(make(running.proposeFile({ file: "/etc/shown.yaml", text })));
      assert.deepEqual(fingerprint(running.configuration), fingerprint(before));
      const next = runningOf(state, text);
      assert.equal(next.takeUpKept(), null);
      assert.deepEqual(next.lacking, []);
      assert.deepEqual(fingerprint(next.configuration), fingerprint(before));
    }),
    { numRuns: 4 },
  );
});

const FRAGMENTS = [
  ...[
    "{",
    "}",
    "[",
    "]",
    "'",
    '"',
    ": ",
    "- ",
    "? ",
    ", ",
    "|",
    ">",
    "#",
    "\n",
    "\n  ",
    "\t",
    "\0",
    "\ufeff",
  ],
  ...[
    "*a",
    "&a ",
    "!",
    "!!set ",
    "!!omap ",
    "!!binary ",
    "<<: *a\n",
    "%YAML 1.1\n---\n",
    "---\n",
    "...\n",
  ],
  ...[
    "IGMP: ",
    "HPIM-DM:\n",
    "MLD:\n",
    "UnicastVRF: ",
    "__proto__: ",
    "null",
    ".nan",
    "1e999",
    "2020-01-01",
  ],
];

/** A text with pieces cut out of it and others put in. */
const damaged = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(texts, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 9 }), fc.constantFrom(...FRAGMENTS))))
    .map(([text, edits]) =>
      edits.reduce((before, [place, length, piece]) => {
        const at = place % (before.length + 1);
        return before.slice(0, at) + piece + before.slice(at + length);
      }, text),
    );

test("no text makes the reader throw; problems have places in it, in their order", () => {
  const legacy = readFileSync(fromRoot("test", "api", "legacy-sample.yaml"), "utf8");
  const ours = anyConfiguration("/secret").map((document) => stringify(document));
  const anyText = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.constantFrom(...FRAGMENTS)).map((pieces) => pieces.join("")),
    damaged(fc.constant(legacy)),
    damaged(ours),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      const result = loadConfiguration(text);
      if (result.kind !== "problems") return;
      const { problems } = result;
      assert.ok(problems.length > 0);
      assert.deepEqual(inOrder(problems), problems);
      const lines = text.split(/\r\n|\n|\r/);
      for (const { line, column, message } of problems) {
        assert.ok(line >= 1 && line <= lines.length && column >= 1, `${line}:${column}`);
        assert.ok(message !== "" && !message.includes("\n"));
      }
    }),
    { numRuns: 150 },
  );
});
