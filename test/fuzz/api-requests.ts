// Requests to the control API, as plain values: right ones of every route, and what becomes of them.
import { ALGORITHM_NAMES } from "../../src/api/algorithms.ts";
import { LIST_NAMES } from "../../src/api/lists/lists.ts";
import { SETTINGS } from "../../src/api/settings.ts";
import type { Random } from "../../src/base/random.ts";
import { happens, pick } from "../../tools/campaign/generate.ts";
import type { Material } from "../../tools/fuzz/target.ts";
import { textOf, varyText } from "../../tools/fuzz/vary-text.ts";
import { configurationTexts, WORDS } from "./configuration-texts.ts";

/** A request. */
export interface PlainRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

const JSON_TYPE = "application/json";
const METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "PROPFIND"] as const;
const TYPES = [
  ...[JSON_TYPE, `${JSON_TYPE}; charset=utf-8`, "text/plain", "application/x-www-form-urlencoded"],
  ...["multipart/form-data; boundary=x", "", "application/jsonx", "APPLICATION/JSON"],
];
const NAMES = [
  "eth1",
  "eth2",
  "eth3",
  "lo",
  "eth*",
  "*",
  "a b",
  "a%20b",
  "%",
  "..",
  "x".repeat(16),
  "",
];
const VALUES = [
  ..."true false toggle default 0 1 2 3 10 60 300 50ms 2s 25.5 1h 65536 ~ {} [] '' 1e3".split(" "),
  ..."debug info warn error newest".split(" "),
];
const QUERIES = [
  ...["", "", "group=239.1.1.1", "source=10.0.1.9", "interface=eth1", "interface=eth9", "x=1"],
  ...[
    "group=239.0.0.0/8",
    "group=10.0.0.1",
    "group=",
    "group=1&group=2",
    "%=%",
    "source=10.0.0.0/8",
  ],
  ...["limit=1", "limit=0", "limit=1e9", "limit=-1", "limit=1&limit=2", "limit=x"],
];
const EVENT_QUERIES = [
  ...["", "level=debug", "level=loud", "level=info&level=warn", "subsystem=trees,messages"],
  ...["subsystem=trees&subsystem=daemon", "subsystem=", "subsystem=,", "subsystem=cows"],
  ...["interface=eth1&group=239.1.1.1&source=10.0.1.0/24", "limit=1"],
];
const FILES = ["/etc/hpim-dm.yaml", "/nonexistent/x.yaml", "relative", "", "/", "/dev/null", "/\0"];

const get = (random: Random, path: string, queries = QUERIES): PlainRequest => {
  const query = pick(random, queries);
  return { method: "GET", path: query === "" ? path : `${path}?${query}`, type: "", body: "" };
};

const change = (method: string, path: string, body: unknown): PlainRequest => ({
  ...{ method, path, type: JSON_TYPE, body: body === undefined ? "" : JSON.stringify(body) },
});

function changeOfKey(random: Random): PlainRequest {
  const name = pick(random, NAMES);
  const identifier = pick(random, [0, 1, 2, 7, 65_535, 65_536, -1, 1.5]);
  const path = `/v1/interfaces/${name}/keys/${identifier}`;
  const algorithm = pick(random, [...ALGORITHM_NAMES, "sha", ""]);
  const secret = pick(random, ["abc", "s", "", "\0", "<redacted>", "é"]);
  switch (random.below(3)) {
    case 0:
      return change("DELETE", path, undefined);
    case 1:
      return change("PUT", `/v1/interfaces/${name}/send-key`, {
        identifier: happens(random, 30) ? null : identifier,
      });
    default:
      return change("PUT", path, { algorithm, secret, acceptOnly: pick(random, [true, false, 1]) });
  }
}

const TEXTS = configurationTexts();

/** A request as a client may well send it. */
export function anyRequest(random: Random): PlainRequest {
  const what = random.below(100);
  if (what < 20) return get(random, `/v1/${pick(random, LIST_NAMES)}`);
  if (what < 25) {
    const others = ["version", "configuration", "start-options", "openapi.json", "nonsense"];
    return get(random, `/v1/${pick(random, others)}`);
  }
  if (what < 28) return get(random, "/v1/events", EVENT_QUERIES);
  if (what < 50) {
    const { name } = pick(random, SETTINGS);
    const at = happens(random, 50) ? null : pick(random, NAMES);
    const wish = { value: pick(random, VALUES), interface: at };
    const subsystem = pick(random, ["trees", "messages", "cows", "__proto__", ""]);
    const isOfLog = name === "logLevel" || happens(random, 5);
    return change("PUT", `/v1/settings/${name}`, isOfLog ? { ...wish, subsystem } : wish);
  }
  if (what < 65) {
    const path = `/v1/interfaces/${pick(random, NAMES)}/${pick(random, ["hpim", "igmp"])}`;
    return change(pick(random, ["PUT", "DELETE"]), path, undefined);
  }
  if (what < 90) return changeOfKey(random);
  if (what < 98) {
    const file = { file: pick(random, FILES), text: pick(random, TEXTS) };
    const [method, path] = pick(random, [
      ["PUT", "/v1/configuration"],
      ["POST", "/v1/configuration/check"],
    ] as const);
    return change(method, path, file);
  }
  return change("POST", "/v1/stop", undefined);
}

/** A request as text. */
export const textOfRequest = (request: PlainRequest): string => JSON.stringify(request);

/** The request that a text is; null: it is none. */
export function requestOf(text: string): PlainRequest | null {
  try {
    const { method, path, type, body } = JSON.parse(text) as Partial<PlainRequest>;
    return { method: `${method}`, path: `${path}`, type: `${type}`, body: `${body}` };
  } catch {
    return null;
  }
}

/** Another request: one of its parts is no longer what it was. */
export function varyRequest(material: Material): PlainRequest {
  const { random } = material;
  const kept = happens(random, 40) ? requestOf(textOf(material.input)) : null;
  const request = kept ?? anyRequest(random);
  if (kept === null && happens(random, 50)) return request;
  const vary = (text: string): string => varyText(text, material, WORDS);
  switch (random.below(10)) {
    case 0:
      return { ...request, method: pick(random, METHODS) };
    case 1:
      return { ...request, type: pick(random, TYPES) };
    case 2:
    case 3:
    case 4:
      return { ...request, path: `/${vary(request.path.slice(1))}` };
    default:
      return { ...request, body: vary(request.body) };
  }
}
