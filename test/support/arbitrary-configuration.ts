// Random configuration documents that have no problems, made of the JSON Schema of the configuration file: what may be
// set, and its ranges, are never written down a second time.
import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import type { ConfigurationDocument } from "../../src/api/configuration-document.ts";
import { interfacesOf, isDocument, valueAt } from "../../src/api/configuration-document.ts";
import { isInterfaceName } from "../../src/api/interface-name.ts";
import { configurationJsonSchema } from "../../src/api/json-schema.ts";
import { NEWEST } from "../../src/api/key-identifier.ts";
import { REDACTED } from "../../src/api/security-section.ts";

/** What is looked at of a JSON Schema. */
interface Schema extends ConfigurationDocument {
  readonly type?: unknown;
  readonly anyOf?: unknown;
  readonly oneOf?: unknown;
  readonly const?: unknown;
  readonly enum?: unknown;
  readonly items?: unknown;
  readonly required?: unknown;
  readonly properties?: unknown;
  readonly additionalProperties?: unknown;
}

const schemas = (value: unknown): readonly Schema[] =>
  Array.isArray(value) ? value.filter(isDocument) : [];

const numberAt = (schema: Schema, key: string): number => Number(schema[key]);

/** Tenths of a second, as a number of seconds and as texts. */
const durationOf = (ofNumbers: Schema): fc.Arbitrary<unknown> =>
  fc
    .integer({
      min: Math.ceil(numberAt(ofNumbers, "minimum") * 10),
      max: Math.floor(numberAt(ofNumbers, "maximum") * 10),
    })
    .chain((tenths) =>
      fc.constantFrom(tenths / 10, `${tenths / 10}s`, `${tenths / 10} s`, `${tenths * 100}ms`),
    );

const octet = fc.integer({ min: 0, max: 255 });
const address = (first: number): fc.Arbitrary<string> =>
  fc.tuple(octet, octet, octet).map((rest) => [first, ...rest].join("."));

const addressesOf = (first: number): fc.Arbitrary<string> =>
  fc.oneof(address(first), fc.constantFrom(`${first}.0.0.0/8`, `${first}.128.0.0/9`));

/** Texts that mean something to YAML where they are not in quotes, and any others that are UTF-8 on disk. */
const anySecret = fc
  .oneof(
    fc.constantFrom(
      "12",
      "true",
      "null",
      "~",
      "*a",
      "&a",
      "!a",
      "@a",
      "a: b",
      "a #b",
      "- a",
      "'",
      '"',
    ),
    fc.constantFrom(
      " a ",
      "a\n",
      "\ta",
      "a\r\nb",
      "\u0085",
      "\u2028",
      "\ufeffa",
      `${"long ".repeat(40)}`,
    ),
    fc.string({ minLength: 1, maxLength: 20, unit: "binary" }),
    fc.string({ minLength: 1, maxLength: 100 }),
  )
  .filter((text) => text !== REDACTED && !/^\0*$/.test(text) && isUtf8(Buffer.from(text)));

const NAMES = ["eth0", "eth1", "eth2", "eth*", "e*", "*", "eth0.100", "br-lan", "constructor"];
const STRANGE_NAMES = [
  "10",
  "1e3",
  "010",
  "true",
  "null",
  "~",
  "<<",
  "-",
  "?",
  "#a",
  "'a",
  "{a",
  "é",
];

const anyName = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.constantFrom(...STRANGE_NAMES) },
  {
    weight: 1,
    arbitrary: fc
      .string({ minLength: 1, maxLength: 15 })
      .filter((name) => isInterfaceName(name) && name !== "__proto__"),
  },
);

const anyRoutingProtocol = fc.oneof(
  fc.constantFrom("kernel", "static", "ospf", "bgp"),
  octet.map(String),
);

/** `secretFile`: the path of a file that is one. */
function textOf(name: string, secretFile: string): fc.Arbitrary<unknown> {
  switch (name) {
    case "join":
    case "group":
      return address(239);
    case "source":
      return address(10);
    case "groups":
      return addressesOf(239);
    case "sources":
      return addressesOf(10);
    case "secretFile":
      return fc.constant(secretFile);
    default:
      return anySecret;
  }
}

interface Place {
  /** The key under which a value stands. */
  readonly name: string;
  readonly secretFile: string;
}

function anyMap(schema: Schema, place: Place): fc.Arbitrary<unknown> {
  const { properties, additionalProperties } = schema;
  if (isDocument(additionalProperties)) {
    const names = place.name === "interfaces" ? anyName : anyRoutingProtocol;
    return fc.dictionary(names, anyValue(additionalProperties, place), {
      ...{ minKeys: 1, maxKeys: 4, size: "max", noNullPrototype: true },
    });
  }
  const values: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, of] of Object.entries(properties ?? {})) {
    values[name] = anyValue(of, { ...place, name });
  }
  const required = schema.required;
  const requiredKeys = Array.isArray(required) ? required.map(String) : [];
  const maps = fc.record(values, { requiredKeys, noNullPrototype: true });
  const [oneOf, other] = schemas(schema.oneOf).map((one) => String(one.required));
  if (oneOf === undefined || other === undefined) return maps;
  const both = fc.record(values, { noNullPrototype: true });
  return fc.tuple(both, fc.constantFrom(oneOf, other)).map(([map, without]) => {
    const { [without]: _, ...rest } = map;
    return rest;
  });
}

function anyValue(schema: Schema, place: Place): fc.Arbitrary<unknown> {
  const [first, ...others] = schemas(schema.anyOf);
  if (first?.type === "number") return durationOf(first);
  if (first !== undefined)
    return fc.oneof(...[first, ...others].map((one) => anyValue(one, place)));
  if ("const" in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: numberAt(schema, "minimum"), max: numberAt(schema, "maximum") });
    case "array":
      return fc.array(anyValue(schema.items as Schema, place), { maxLength: 3 });
    case "object":
      return anyMap(schema, place);
    default:
      return textOf(place.name, place.secretFile);
  }
}

/** The section with keys that all have another identifier, and one of them to sign with if any is chosen. */
function withSoundKeys(security: ConfigurationDocument): ConfigurationDocument {
  const keys = schemas(valueAt(security, "keys"));
  const byIdentifier = new Map(keys.map((key) => [valueAt(key, "identifier"), key]));
  const [first = NEWEST] = byIdentifier.keys();
  return {
    ...security,
    ...("keys" in security ? { keys: [...byIdentifier.values()] } : {}),
    ...(typeof valueAt(security, "sendWith") === "number" ? { sendWith: first } : {}),
  };
}

function sound(document: ConfigurationDocument): ConfigurationDocument {
  const sections = Object.entries(interfacesOf(document)).map(([name, section]) => {
    const security = valueAt(section, "security");
    const isThere = isDocument(section) && isDocument(security);
    return [name, isThere ? { ...section, security: withSoundKeys(security) } : section];
  });
  const interfaces = Object.fromEntries(sections);
  return "interfaces" in document ? { ...document, interfaces } : document;
}

/** Documents that keep to the schema, with secrets in themselves and in `secretFile`. Intervals of IGMP may not fit together. */
export const anyConfiguration = (secretFile: string): fc.Arbitrary<ConfigurationDocument> =>
  anyValue(configurationJsonSchema() as Schema, { name: "", secretFile }).map((document) =>
    sound(document as ConfigurationDocument),
  );
