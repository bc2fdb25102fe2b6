// Configuration files to begin with: every bad file of the tests, the examples of the manual, files of the
// Python router; and the words that mean something in them.
import { readFileSync } from "node:fs";
import { ALGORITHM_NAMES } from "../../src/api/algorithms.ts";
import { SETTINGS } from "../../src/api/settings.ts";
import type { Random } from "../../src/base/random.ts";
import { happens, pick } from "../../tools/campaign/generate.ts";
import type { Material } from "../../tools/fuzz/target.ts";
import { inputOf, textOf, varyText } from "../../tools/fuzz/vary-text.ts";
import type { BadFile } from "../api/bad-files.ts";
import { BAD_KEYS, BAD_SECTIONS, BAD_TIMING, BAD_VALUES } from "../api/bad-files.ts";
import { BAD_JOINS } from "../api/bad-joins.ts";
import { BAD_LEGACY, BAD_YAML } from "../api/bad-texts.ts";
import { fromRoot } from "../support/root.ts";

const BAD: readonly BadFile[] = [
  ...[BAD_SECTIONS, BAD_JOINS, BAD_VALUES, BAD_TIMING, BAD_KEYS, BAD_YAML, BAD_LEGACY].flat(),
];

/** Of whatever begins with "```yaml". */
const EXAMPLES = /```yaml\n(.*?)```/gs;

/** Longer ones take the parser longer, and come to the same. */
const LONGEST = 500;

const WHOLE = `hpim: { helloPeriod: 2s, treesPerSync: 3, preferences: { ospf: 110, 186: 20 } }
igmp: { queryInterval: 20, queryResponseInterval: 5 }
log: { level: warn }
interfaces:
  eth0:
    hpim: { holdForwarding: false }
    security:
      keys: [{ identifier: 1, algorithm: sha256, secret: abc }]
      sendWith: 1
  "eth*":
    igmp: true
    allow: { groups: [239.0.0.0/8], sources: [] }
    deny: { sources: [10.0.0.1, 10.1.0.0/16] }
    ttlThreshold: 3
`;

const LEGACY: readonly string[] = [
  "HPIM-DM:\n  Interfaces:\n    eth0: {ipv4: {enabled: true}, ipv6: {enabled: true}}\n",
  "HPIM-DM: {Interfaces: {e: {ipv4: {security: {algorithm: sha256, identifier: 7, key: abc}}}}}",
  "HPIM-DM: {DefaultTimers: {HELLO_PERIOD: 10, INITIAL_FLOOD_TIME: 15, SOURCE_LIFETIME: 210}}",
  "HPIM-DM: {Settings: {INITIAL_FLOOD_ENABLED: yes, SYNC_FRAGMENTATION_MSG: 010}}\nUnicastVRF: 254",
  "IGMP:\n  Interfaces: {e: {enabled: on}}\n  Settings: {QUERY_INTERVAL: 125, ROBUSTNESS_VARIABLE: 2}\n",
  "MLD: {Interfaces: {e: {enabled: true}}}\nMulticastVRF: 0\n",
];

/** Texts of configuration files, right ones and wrong ones. */
export function configurationTexts(): readonly string[] {
  const manual = readFileSync(fromRoot("docs", "configuration.md"), "utf8");
  const examples = [...manual.matchAll(EXAMPLES)].map(([, text = ""]) => text);
  const texts = ["", WHOLE, ...LEGACY, ...examples, ...BAD.map(([text]) => text)];
  return texts.filter(({ length }) => length <= LONGEST);
}

const VALUES = [
  ...[true, false, 0, 1, 2, 3, 10, 20, 60, 65_535, "50ms", "2s", "0.5", "25.5s", "1h", "info"],
  ...[null, -1, 1.5, "true", "", [], {}],
];
const NAMES = ["eth0", "eth1", "*", "eth*", "e.10", "", "__proto__"];
const TREES = ["239.1.1.1", "239.0.0.0/8", "10.0.0.1", "10.0.0.0/8", "224.0.0.0/4", "x"];

type Section = Record<string, unknown>;

function anySection(random: Random, section: "hpim" | "igmp"): Section {
  const settings = SETTINGS.filter((setting) => setting.section === section);
  const entries = Array.from({ length: random.below(4) }, () => [
    pick(random, settings).name,
    VALUES[random.below(VALUES.length)],
  ]);
  return Object.fromEntries(entries);
}

const anyLists = (random: Random): Section => ({
  groups: Array.from({ length: random.below(3) }, () => pick(random, TREES)),
  ...(happens(random, 50) && { sources: [pick(random, TREES)] }),
});

const anyKey = (random: Random): Section => ({
  identifier: pick(random, [1, 2, 7, 65_535, 65_536]),
  algorithm: pick(random, ALGORITHM_NAMES),
  secret: pick(random, ["abc", "<redacted>", "\0", "é"]),
});

function anyInterface(random: Random): Section {
  const protocol = (section: "hpim" | "igmp"): unknown =>
    happens(random, 60) ? happens(random, 80) : anySection(random, section);
  const keys = Array.from({ length: random.below(3) }, () => anyKey(random));
  return {
    ...(happens(random, 70) && { hpim: protocol("hpim") }),
    ...(happens(random, 50) && { igmp: protocol("igmp") }),
    ...(happens(random, 40) && { security: { keys, ...(happens(random, 30) && { sendWith: 1 }) } }),
    ...(happens(random, 20) && { [pick(random, ["allow", "deny"])]: anyLists(random) }),
    ...(happens(random, 20) && { ttlThreshold: random.below(256) }),
  };
}

/** Text of a configuration file that keeps to the schema, or nearly. */
export function anyConfigurationText(random: Random): string {
  const names = Array.from({ length: random.below(3) }, () => pick(random, NAMES));
  return JSON.stringify({
    ...(happens(random, 40) && { hpim: anySection(random, "hpim") }),
    ...(happens(random, 30) && { igmp: anySection(random, "igmp") }),
    ...(happens(random, 10) && { log: { level: pick(random, ["info", "warn", "loud"]) } }),
    interfaces: Object.fromEntries(names.map((name) => [name, anyInterface(random)])),
  });
}

/** Another text: a new one, or one that was kept, with a few changes. */
export function varyConfiguration(material: Material): Uint8Array {
  const { random } = material;
  const isNew = happens(random, 50);
  const text = isNew ? anyConfigurationText(random) : textOf(material.input);
  const varied = isNew && happens(random, 30) ? text : varyText(text, material, WORDS);
  return inputOf(varied.slice(0, LONGEST));
}

/** Words of configuration files. */
export const WORDS: readonly string[] = [
  ...SETTINGS.map(({ name }) => name),
  ...ALGORITHM_NAMES,
  ..."hpim igmp log level interfaces security keys identifier algorithm secret secretFile".split(
    " ",
  ),
  ..."sendWith newest allow deny groups sources ttlThreshold preferences routingTable".split(" "),
  ..."acceptLegacyRetransmissions info warn error ospf static <redacted> HPIM-DM IGMP MLD".split(
    " ",
  ),
  ..."Interfaces Settings DefaultTimers ipv4 ipv6 enabled UnicastVRF MulticastVRF".split(" "),
  ...`{hpim: {helloPeriod: 2s}}; {eth0: {hpim: true}}; [{identifier: 1, algorithm: md5, secret: x}]`.split(
    "; ",
  ),
];
