// Texts that are no YAML or say things twice, and bad files of the Python router, with what is said of each.
import type { BadFile } from "./bad-files.ts";

const ALIAS =
  "not YAML: an alias (*) has to name an anchor (&) above it; a text that begins with * has to be in quotes";
const NO_COLON = 'not YAML: expected "key: value"; a colon, or the blank behind it, is missing';
const TAG =
  "not YAML: a word that begins with ! is a tag, and means nothing here: put it in quotes";
const ON_ONE_LINE =
  'not YAML: a second key on one line: begin a new line with it, or write { key: value, key: value }; a text with ": " in it has to be in quotes';
const NO_COMMA =
  'not YAML: a second key without a comma before it; a text with ": " in it has to be in quotes';
const NO_BRACE = "not YAML: a { is not closed by a }, or a line between them is not indented";
const NO_BRACKET = "not YAML: a [ is not closed by a ], or a line between them is not indented";
const IN_QUOTES = "not YAML: a text that begins with this character has to be in quotes";
const NAME =
  "expected the name of an interface, 1 to 15 characters without space, slash and colon, or a pattern of names with *";
const TOP = "known here are log, metrics, hpim, igmp, interfaces";

const secret = (text: string): string =>
  `interfaces:\n  e:\n    security:\n      keys:\n      - identifier: 1\n        algorithm: md5\n        secret: ${text}`;
const IN_SECRET = "7:17";

/** YAML of which nothing can be told, and keys that are there twice. */
export const BAD_YAML: readonly BadFile[] = [
  ["hpim: {}\nigmp: {}\nhpim: {}", "3:1: hpim: this key is there for the second time"],
  [
    "interfaces:\n  e: {hpim: true, hpim: maybe}\n  f: {}\n  f: {pim: true}",
    "2:19: interfaces.e.hpim: this key is there for the second time",
    "2:19: interfaces.e.hpim: expected true, false or a map of settings",
    "4:3: interfaces.f: this key is there for the second time",
    "4:7: interfaces.f.pim: unknown setting (did you mean hpim?); known here are hpim, igmp, security, allow, deny, ttlThreshold",
  ],
  ["hpim: {helloPeriod: 1\nigmp: {queryInterval: 60}", `2:1: ${NO_BRACE}`],
  ["hpim: {helloPeriod: 1]", `1:22: ${NO_BRACE}`],
  ["interfaces: [e0", `1:16: ${NO_BRACKET}`],
  ["interfaces:\n  e:\n\thpim: true", "3:1: not YAML: a line begins with a tab: use blanks"],
  [
    "interfaces:\n  e:\n    hpim: true\n   igmp: true\nhpim {}",
    "4:1: not YAML: this key does not begin in the column of those that it belongs to",
    `5:1: ${NO_COLON}`,
  ],
  ["interfaces:\n  e: hpim: true", `2:6: ${ON_ONE_LINE}`],
  ["interfaces:\n  e\n    hpim: true", `2:3: ${NO_COLON}`],
  ["interfaces:\n  e:\n  hpim true\n  igmp: true", `3:3: ${NO_COLON}`],
  ["interfaces: {e: {hpim: true igmp: true}}", `1:24: ${NO_COMMA}`],
  ["interfaces:\n  e: {}\n  *: {hpim: true}", `3:4: ${ALIAS}`],
  ["interfaces:\n  *-lan: {hpim: true}", `2:8: ${ALIAS}`],
  ["interfaces:\n  e: &lan {}\n  f: *lna", `3:6: interfaces.f: ${ALIAS}`],
  ["interfaces: {e: *lan, f: &lan {}}", `1:17: interfaces.e: ${ALIAS}`],
  ["lan: &lan {}\ninterfaces: {e: *lan}", `1:1: lan: unknown setting; ${TOP}`],
  [
    "interfaces: {e: &lan {pim: true}, f: *lan}",
    "1:23: interfaces.e.pim: unknown setting (did you mean hpim?); known here are hpim, igmp, security, allow, deny, ttlThreshold",
    "1:35: interfaces.f.pim: unknown setting (did you mean hpim?); known here are hpim, igmp, security, allow, deny, ttlThreshold",
  ],
  [
    "interfaces:\n  e: &lan {}\n  f:\n    <<: *lan",
    "4:5: interfaces.f.<<: unknown setting; known here are hpim, igmp, security, allow, deny, ttlThreshold",
  ],
  ["interfaces: {e: &lan &lan {}}", "1:22: not YAML: A node can have at most one anchor"],
  [
    `a: &a [x]\nb: &b [${"*a,".repeat(99)}]\nc: &c [${"*b,".repeat(99)}]\nd: [*c, *c]`,
    "1:1: not YAML: Excessive alias count indicates a resource exhaustion attack",
  ],
  ["hpim: !include other.yaml", `1:7: ${TAG}`],
  ["!!set {hpim, igmp}", `1:1: ${TAG}`],
  ["hpim: {}\n---\nigmp: {}", "2:1: not YAML: a second document begins here: a file has one"],
  ["%YAML 3.0\n---\nhpim: {}", "1:7: not YAML: Unsupported YAML version 3.0"],
  ["? [e0, e1]\n: {hpim: true}", "1:3: not YAML: expected a word before the colon"],
  ["interfaces: {: {hpim: true}}", `1:14: interfaces.: ${NAME}`],
  [secret("@swordfish"), `${IN_SECRET}: ${IN_QUOTES}`],
  [secret("`swordfish"), `${IN_SECRET}: ${IN_QUOTES}`],
  [secret("*swordfish"), `${IN_SECRET}: interfaces.e.security.keys.0.secret: ${ALIAS}`],
  [secret("!swordfish"), `${IN_SECRET}: ${TAG}`],
  [secret("|swordfish"), "7:18: not YAML: a text that begins with | or > has to be in quotes"],
  [secret("sword: fish"), `${IN_SECRET}: ${ON_ONE_LINE}`],
  [
    secret('"sword\\kfish"'),
    `7:23: not YAML: a \\ in a text in " begins an escape: write \\\\, or use ' in place of "`,
  ],
  [secret('"swordfish'), '7:27: not YAML: a text that begins with " does not end with it'],
  [secret("'swordfish"), "7:27: not YAML: a text that begins with ' does not end with it"],
  [
    secret('"sword"fish'),
    "7:24: not YAML: the value has ended before this; a comma or quotes are missing",
  ],
];

const TIMERS =
  "known here are HELLO_PERIOD, INITIAL_FLOOD_TIME, MESSAGE_RETRANSMISSION_TIME, SOURCE_LIFETIME";
const OLD_TOP = "known here are MulticastVRF, UnicastVRF, HPIM-DM, IGMP, MLD";
const OLD_KEY = "expected a text, in quotes if it looks like a number";

/** Files of the Python router. */
export const BAD_LEGACY: readonly BadFile[] = [
  ["IGMP:\nHPIM-DM: [1]", "2:1: HPIM-DM: expected a map of settings"],
  [
    "MulticastVrf: 3\nUnicastVRF: main\nhpim: {}",
    `1:1: MulticastVrf: unknown setting (did you mean MulticastVRF?); ${OLD_TOP}`,
    "2:1: UnicastVRF: expected a number",
    `3:1: hpim: unknown setting; ${OLD_TOP}`,
  ],
  ["UnicastVRF: 0", "1:1: UnicastVRF: expected a whole number from 1 to 4294967295"],
  [
    "HPIM-DM: {DefaultTimers: {HELLO_PERIOD: 0, HELO_PERIOD: 3, SOURCE_LIFETIME: soon}}",
    '1:27: HPIM-DM.DefaultTimers.HELLO_PERIOD: expected a duration from 50ms to 900s, such as 2, "2s" or "2000ms"',
    `1:44: HPIM-DM.DefaultTimers.HELO_PERIOD: unknown setting (did you mean HELLO_PERIOD?); ${TIMERS}`,
    "1:60: HPIM-DM.DefaultTimers.SOURCE_LIFETIME: expected a number",
  ],
  [
    "HPIM-DM: {Settings: {SYNC_FRAGMENTATION_MSG: -1, INITIAL_FLOOD_ENABLED: 2}}",
    "1:22: HPIM-DM.Settings.SYNC_FRAGMENTATION_MSG: expected a whole number from 1 to 4000",
    "1:50: HPIM-DM.Settings.INITIAL_FLOOD_ENABLED: expected true or false",
  ],
  [
    "IGMP: {Settings: {QUERY_INTERVAL: 5, ROBUSTNESS_VARIABLE: 9, QUERY_RESPONSE_INTERVAL: }}",
    "1:8: IGMP.Settings: expected queryResponseInterval, 10s here, below queryInterval, 5s here",
    "1:38: IGMP.Settings.ROBUSTNESS_VARIABLE: expected a whole number from 1 to 7",
    "1:62: IGMP.Settings.QUERY_RESPONSE_INTERVAL: empty; expected a number",
  ],
  [
    `HPIM-DM:
  Interfaces:
    e0: {ipv4: {enabled: on, security: {identifier: 65536, algorithm: shake_128, key: ''}}}
    e0/1: {ipv4: {enabled: yes}}
    e2: {ipv4: {enabled: maybe, security: {identifier: 1}}}
    e3: {ipv4: {enable: true, security: {algorithm: md5, key: 12}}}
    e4: true
    e5: {ipv4: {security: {identifier: -1, algorithm: md5, key: "\\0"}}}
IGMP:
  Interfaces: {e0: on, e/1: {enabled: true}}
MLD: {Interfaces: [e0]}`,
    "3:41: HPIM-DM.Interfaces.e0.ipv4.security.identifier: expected a whole number from 0 to 65535",
    "3:60: HPIM-DM.Interfaces.e0.ipv4.security.algorithm: expected one of md5, sha1, sha224, sha256, sha384, sha512, sha3_224, sha3_256, sha3_384, sha3_512, blake2b, blake2s",
    "3:82: HPIM-DM.Interfaces.e0.ipv4.security.key: expected the secret, a text of at least one character",
    `4:5: HPIM-DM.Interfaces.e0/1: ${NAME}`,
    "5:17: HPIM-DM.Interfaces.e2.ipv4.enabled: expected true or false",
    `5:33: HPIM-DM.Interfaces.e2.ipv4.security.key: missing; ${OLD_KEY}`,
    "6:17: HPIM-DM.Interfaces.e3.ipv4.enable: unknown setting (did you mean enabled?); known here are enabled, security",
    `6:58: HPIM-DM.Interfaces.e3.ipv4.security.key: ${OLD_KEY}`,
    "7:5: HPIM-DM.Interfaces.e4: expected a map of settings",
    "8:28: HPIM-DM.Interfaces.e5.ipv4.security.identifier: expected a whole number from 0 to 65535",
    "8:60: HPIM-DM.Interfaces.e5.ipv4.security.key: expected a secret, and these are nothing but zero bytes",
    "10:16: IGMP.Interfaces.e0: expected a map of settings",
    `10:24: IGMP.Interfaces.e/1: ${NAME}`,
    "11:7: MLD.Interfaces: expected a map of interfaces by name",
  ],
  [
    "MLD: {Settings: {ROBUSTNESS: 2}}",
    "1:18: MLD.Settings.ROBUSTNESS: unknown setting; known here are ROBUSTNESS_VARIABLE, QUERY_INTERVAL, QUERY_RESPONSE_INTERVAL, MULTICAST_LISTENER_INTERVAL, OTHER_QUERIER_PRESENT_INTERVAL, STARTUP_QUERY_INTERVAL, STARTUP_QUERY_COUNT, LAST_LISTENER_QUERY_INTERVAL, LAST_LISTENER_QUERY_COUNT, UNSOLICITED_REPORT_INTERVAL",
  ],
  ["IGMP: {}\nIGMP: {}", "2:1: IGMP: this key is there for the second time"],
  ["IGMP: !!omap [Settings: {}]", `1:7: ${TAG}`],
  ["IGMP: {<<: 3}", "1:1: not YAML: Merge sources must be maps or map aliases"],
];
