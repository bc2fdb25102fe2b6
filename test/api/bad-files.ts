// Bad configuration files, and what is said of each: exactly that, and all of it. Whoever changes a sentence changes it here.

/** What is known in a place that has an unknown setting. */
const TOP = "known here are log, metrics, hpim, igmp, interfaces";
const HPIM_OF_INTERFACE =
  "helloPeriod, triggeredHelloDelay, syncRetransmissionTime, syncHoldTime, retransmissionTime, ackFailureThreshold, holdForwarding, holdForwardingTime, treesPerSync, neighborLimit";
const HPIM = `known here are routingTable, sourceActiveTime, floodInitialData, initialFloodTime, preferences, treesPerNeighborLimit, treeLimit, dataEntryLimit, sequenceNumberLimit, windowLimit, ${HPIM_OF_INTERFACE}`;
/** What is known of IGMP. */
export const IGMP =
  "known here are robustnessVariable, queryInterval, queryResponseInterval, startupQueryInterval, startupQueryCount, lastMemberQueryInterval, lastMemberQueryCount, version1RouterPresentTimeout, groupLimit";
const OF_INTERFACE = "known here are hpim, igmp, security, allow, deny, ttlThreshold";
const SWITCH = "expected true, false or a map of settings";
const NAME =
  "expected the name of an interface, 1 to 15 characters without space, slash and colon, or a pattern of names with *";
const ROUTING_PROTOCOL =
  "expected a routing protocol: kernel, boot, static, zebra, bird, bgp, isis, ospf, rip, or a number from 0 to 255";
const ALGORITHM =
  "expected one of md5, sha1, sha224, sha256, sha384, sha512, sha3_224, sha3_256, sha3_384, sha3_512, blake2b, blake2s";
const IDENTIFIER = "expected a whole number from 0 to 65535";
const GROUP =
  "expected the address of a group, such as 239.1.2.3, or a prefix, such as 239.1.0.0/16, with no bit set beyond its length";
const SOURCE =
  "expected the address of a source, such as 10.1.1.100, or a prefix, such as 10.1.1.0/24, with no bit set beyond its length";
const TENTHS =
  "expected a duration from 0.1s to 25.5s in steps of 0.1s: a query says it in one byte of tenths";
const KEY = "interfaces.e.security.keys.0";

const duration = (least: string, most: string): string =>
  `expected a duration from ${least} to ${most}, such as 2, "2s" or "2000ms"`;
const count = (least: number, most: number): string =>
  `expected a whole number from ${least} to ${most}`;

/** A file with this in the section of an interface. */
export const on = (text: string): string => `interfaces: {e: {${text}}}`;
const key = (text: string): string => on(`security: {keys: [{${text}}]}`);

/** A text, and the problems of it behind "f:". */
export type BadFile = readonly [text: string, ...problems: string[]];

/** Sections and keys. */
export const BAD_SECTIONS: readonly BadFile[] = [
  ["- hpim", "1:1: expected a map of settings"],
  ["hpim", "1:1: expected a map of settings"],
  ["3", "1:1: expected a map of settings"],
  ["hpm: {}", `1:1: hpm: unknown setting (did you mean hpim?); ${TOP}`],
  ["Interfaces: {}", `1:1: Interfaces: unknown setting (did you mean interfaces?); ${TOP}`],
  ["hpim {treeLimit: 1}", `1:1: hpim {treeLimit: unknown setting; ${TOP}`],
  ["__proto__: {}", `1:1: __proto__: unknown setting; ${TOP}`],
  ["hpim: true", "1:1: hpim: expected a map of settings"],
  ["igmp: [queryInterval]", "1:1: igmp: expected a map of settings"],
  [
    "hpim:\n# all is left out\nigmp:\ninterfaces:\nlog:",
    "1:1: hpim: empty; expected a map of settings",
    "3:1: igmp: empty; expected a map of settings",
    "4:1: interfaces: empty; expected a map of interfaces by name",
    "5:1: log: empty; expected a map of settings",
  ],
  ["interfaces: [e0, e1]", "1:1: interfaces: expected a map of interfaces by name"],
  ["interfaces: e0", "1:1: interfaces: expected a map of interfaces by name"],
  ["interfaces: {e: true}", "1:14: interfaces.e: expected a map of settings"],
  ["interfaces:\n  e:", "2:3: interfaces.e: empty; expected a map of settings"],
  [on("hpim: yes"), `1:18: interfaces.e.hpim: ${SWITCH}`],
  [
    on("hpim: 1, igmp: [true]"),
    `1:18: interfaces.e.hpim: ${SWITCH}`,
    `1:27: interfaces.e.igmp: ${SWITCH}`,
  ],
  [
    "interfaces:\n  e:\n    hpim:\n    igmp: # on?",
    `3:5: interfaces.e.hpim: empty; ${SWITCH}`,
    `4:5: interfaces.e.igmp: empty; ${SWITCH}`,
  ],
  [
    on("HPIM: true, ttl_threshold: 3, ipv6: true"),
    `1:18: interfaces.e.HPIM: unknown setting (did you mean hpim?); ${OF_INTERFACE}`,
    `1:30: interfaces.e.ttl_threshold: unknown setting (did you mean ttlThreshold?); ${OF_INTERFACE}`,
    `1:48: interfaces.e.ipv6: unknown setting; ${OF_INTERFACE}`,
  ],
  [
    on("hpim: {treeLimit: 5}"),
    `1:25: interfaces.e.hpim.treeLimit: unknown setting; known here are ${HPIM_OF_INTERFACE}`,
  ],
  [
    on("igmp: {groupLimits: 5}"),
    `1:25: interfaces.e.igmp.groupLimits: unknown setting (did you mean groupLimit?); ${IGMP}, join`,
  ],
  [
    "hpim: {hello-period: 1, queryInterval: 60}",
    `1:8: hpim.hello-period: unknown setting (did you mean helloPeriod?); ${HPIM}`,
    `1:25: hpim.queryInterval: unknown setting; ${HPIM}`,
  ],
  [
    "igmp: {queryinterval: 60}",
    `1:8: igmp.queryinterval: unknown setting (did you mean queryInterval?); ${IGMP}`,
  ],
  [
    "metrics: {listen: 9786, trees: -1, port: 1}\n",
    '1:11: metrics.listen: expected an address of this machine and a port, such as "127.0.0.1:9786" or "[::1]:9786"',
    "1:25: metrics.trees: expected a whole number from 0 to 10000",
    "1:36: metrics.port: unknown setting; known here are listen, trees",
  ],
  ["log: {file: /tmp/log}", "1:7: log.file: unknown setting; known here are level, subsystems"],
  [
    `interfaces:
  an-interface-name-too-long: {hpim: {helo: 1}}
  "e 0": {}
  e0/1: {}
  e0:1: {}
  .: {}
  "": {}
  "a-pattern-that-is-too-long*": {}`,
    `2:3: interfaces.an-interface-name-too-long: ${NAME}`,
    `2:39: interfaces.an-interface-name-too-long.hpim.helo: unknown setting; known here are ${HPIM_OF_INTERFACE}`,
    `3:3: interfaces.e 0: ${NAME}`,
    `4:3: interfaces.e0/1: ${NAME}`,
    `5:3: interfaces.e0:1: ${NAME}`,
    `6:3: interfaces..: ${NAME}`,
    `7:3: interfaces.: ${NAME}`,
    `8:3: interfaces.a-pattern-that-is-too-long*: ${NAME}`,
  ],
  [
    "interfaces: {10: {hpim: {helo: 1}}}",
    `1:26: interfaces.10.hpim.helo: unknown setting; known here are ${HPIM_OF_INTERFACE}`,
  ],
];

/** Values of settings. */
export const BAD_VALUES: readonly BadFile[] = [
  ["log: info", "1:1: log: expected a map of settings"],
  ["log: {level: loud}", "1:7: log.level: expected one of debug, info, warn, error"],
  [
    "log: {level: INFO}",
    "1:7: log.level: expected one of debug, info, warn, error (did you mean info?)",
  ],
  ["log: {level: }", "1:7: log.level: empty; expected one of debug, info, warn, error"],
  ["log: {subsystems: debug}", "1:7: log.subsystems: expected a map of settings"],
  [
    "log: {subsystems: {tree: debug}}",
    "1:20: log.subsystems.tree: unknown setting (did you mean trees?); known here are interfaces, neighbors, trees, forwarding, membership, drops, kernel, messages",
  ],
  [
    "log: {subsystems: {trees: 1}}",
    "1:20: log.subsystems.trees: expected one of debug, info, warn, error",
  ],
  ...["49ms", "901", '"10"', "10sec", "-1", "true", "[10]", "1h 5min", ".inf", ".nan", "{}"].map(
    (value): BadFile => [
      `hpim: {helloPeriod: ${value}}`,
      `1:8: hpim.helloPeriod: ${duration("50ms", "900s")}`,
    ],
  ),
  ["hpim: {helloPeriod: }", `1:8: hpim.helloPeriod: empty; ${duration("50ms", "900s")}`],
  ["hpim: {triggeredHelloDelay: 61s}", `1:8: hpim.triggeredHelloDelay: ${duration("0ms", "60s")}`],
  [
    "hpim: {syncRetransmissionTime: 9ms}",
    `1:8: hpim.syncRetransmissionTime: ${duration("10ms", "3600s")}`,
  ],
  ["hpim: {syncHoldTime: 2h}", `1:8: hpim.syncHoldTime: ${duration("10ms", "3600s")}`],
  ["hpim: {retransmissionTime: 0}", `1:8: hpim.retransmissionTime: ${duration("10ms", "3600s")}`],
  [
    "hpim: {holdForwardingTime: 0.001}",
    `1:8: hpim.holdForwardingTime: ${duration("10ms", "3600s")}`,
  ],
  ["hpim: {sourceActiveTime: 500ms}", `1:8: hpim.sourceActiveTime: ${duration("1s", "86400s")}`],
  ["hpim: {initialFloodTime: 3601}", `1:8: hpim.initialFloodTime: ${duration("100ms", "3600s")}`],
  ...["0", "2.5", '"3"', "1001", "", "[3]"].map(
    (value): BadFile => [
      `hpim: {ackFailureThreshold: ${value}}`,
      `1:8: hpim.ackFailureThreshold: ${value === "" ? "empty; " : ""}${count(1, 1_000)}`,
    ],
  ),
  ["hpim: {neighborLimit: 65536}", `1:8: hpim.neighborLimit: ${count(1, 65_535)}`],
  ["hpim: {treesPerSync: automatic}", `1:8: hpim.treesPerSync: ${count(1, 4_000)}`],
  ["hpim: {routingTable: main}", `1:8: hpim.routingTable: ${count(1, 4_294_967_295)}`],
  ["hpim: {treeLimit: 1e9}", `1:8: hpim.treeLimit: ${count(1, 10_000_000)}`],
  ["hpim: {treesPerNeighborLimit: 0}", `1:8: hpim.treesPerNeighborLimit: ${count(1, 10_000_000)}`],
  ["hpim: {dataEntryLimit: -1}", `1:8: hpim.dataEntryLimit: ${count(1, 10_000_000)}`],
  ["hpim: {windowLimit: 0}", `1:8: hpim.windowLimit: ${count(1, 65_536)}`],
  ["hpim: {sequenceNumberLimit: 15}", `1:8: hpim.sequenceNumberLimit: ${count(16, 4_294_967_295)}`],
  ["hpim: {floodInitialData: off}", "1:8: hpim.floodInitialData: expected true or false"],
  ['hpim: {holdForwarding: "true"}', "1:8: hpim.holdForwarding: expected true or false"],
  ["hpim: {holdForwarding: }", "1:8: hpim.holdForwarding: empty; expected true or false"],
  [
    "hpim: {preferences: 110}",
    "1:8: hpim.preferences: expected a map of preferences by routing protocol",
  ],
  [
    "hpim: {preferences: [ospf]}",
    "1:8: hpim.preferences: expected a map of preferences by routing protocol",
  ],
  [
    "hpim: {preferences: {OSPF: 110, babel: low, 256: 1, rip: -1, 189: 4294967296}}",
    `1:22: hpim.preferences.OSPF: ${ROUTING_PROTOCOL} (did you mean ospf?)`,
    `1:33: hpim.preferences.babel: ${count(0, 4_294_967_295)}`,
    `1:33: hpim.preferences.babel: ${ROUTING_PROTOCOL}`,
    `1:45: hpim.preferences.256: ${ROUTING_PROTOCOL}`,
    `1:53: hpim.preferences.rip: ${count(0, 4_294_967_295)}`,
    `1:62: hpim.preferences.189: ${count(0, 4_294_967_295)}`,
  ],
  ["igmp: {robustnessVariable: 8}", `1:8: igmp.robustnessVariable: ${count(1, 7)}`],
  ["igmp: {queryResponseInterval: 150ms}", `1:8: igmp.queryResponseInterval: ${TENTHS}`],
  ["igmp: {queryResponseInterval: 25.6}", `1:8: igmp.queryResponseInterval: ${TENTHS}`],
  ["igmp: {lastMemberQueryInterval: 0}", `1:8: igmp.lastMemberQueryInterval: ${TENTHS}`],
  ["igmp: {queryInterval: 100ms}", `1:8: igmp.queryInterval: ${duration("200ms", "86400s")}`],
  [
    "igmp: {startupQueryInterval: 25h}",
    `1:8: igmp.startupQueryInterval: ${duration("100ms", "86400s")}`,
  ],
  ["igmp: {startupQueryCount: 0}", `1:8: igmp.startupQueryCount: ${count(1, 1_000)}`],
  ["igmp: {lastMemberQueryCount: two}", `1:8: igmp.lastMemberQueryCount: ${count(1, 1_000)}`],
  [
    "igmp: {version1RouterPresentTimeout: 1}\nhpm: {}",
    `2:1: hpm: unknown setting (did you mean hpim?); ${TOP}`,
  ],
  ["igmp: {groupLimit: 1.5}", `1:8: igmp.groupLimit: ${count(1, 10_000_000)}`],
  [on("ttlThreshold: 0"), `1:18: interfaces.e.ttlThreshold: ${count(1, 254)}`],
  [on("ttlThreshold: 255"), `1:18: interfaces.e.ttlThreshold: ${count(1, 254)}`],
  [
    on('hpim: {helloPeriod: 3 s, neighborLimit: "64"}'),
    `1:43: interfaces.e.hpim.neighborLimit: ${count(1, 65_535)}`,
  ],
  [on("allow: [239.0.0.0/8]"), "1:18: interfaces.e.allow: expected a map of settings"],
  [
    on("deny: {groups: 239.0.0.0/8}"),
    "1:25: interfaces.e.deny.groups: expected a list of groups or prefixes of groups",
  ],
  [
    on("deny: {sources: }"),
    "1:25: interfaces.e.deny.sources: empty; expected a list of sources or prefixes of sources",
  ],
  [
    on("allow: {group: []}"),
    "1:26: interfaces.e.allow.group: unknown setting (did you mean groups?); known here are groups, sources",
  ],
  ...[
    "10.0.0.0/8",
    "ff3e::/16",
    "239.1.2.3/16",
    "239.1.0.0/33",
    "239.1",
    "224.0.0.0/3",
    "3",
    "{}",
  ].map(
    (value): BadFile => [
      on(`allow: {groups: [${value}]}`),
      `1:35: interfaces.e.allow.groups.0: ${GROUP}`,
    ],
  ),
  ...[
    "239.1.1.1",
    '"2001:db8::/32"',
    "10.1.1.1/24",
    "10.01.1.1",
    "10.0.0.256",
    "host",
    "10.0.0.0/08",
  ].map(
    (value): BadFile => [
      on(`deny: {sources: [10.1.1.1, ${value}]}`),
      `1:45: interfaces.e.deny.sources.1: ${SOURCE}`,
    ],
  ),
];

/** RFC 2236 §8.3, at the router, an interface and a pattern. */
export const BAD_TIMING: readonly BadFile[] = [
  [
    "igmp: {queryInterval: 10}",
    "1:1: igmp: expected queryResponseInterval, 10s here, below queryInterval, 10s here",
  ],
  [
    "igmp: {queryResponseInterval: 20s, queryInterval: 20s}\ninterfaces: {e: {igmp: {groupLimit: 5}}}",
    "1:1: igmp: expected queryResponseInterval, 20s here, below queryInterval, 20s here",
  ],
  [
    on("igmp: {queryInterval: 500ms}"),
    "1:18: interfaces.e.igmp: expected queryResponseInterval, 10s here, below queryInterval, 500ms here",
  ],
  [
    'interfaces: {"e*": {igmp: {queryResponseInterval: 20}}}\nigmp: {queryInterval: 15}',
    "1:21: interfaces.e*.igmp: expected queryResponseInterval, 20s here, below queryInterval, 15s here",
  ],
  [
    `${on("igmp: {queryInterval: 5}")}\nigmp: {queryInterval: soon, helo: 1}`,
    "1:18: interfaces.e.igmp: expected queryResponseInterval, 10s here, below queryInterval, 5s here",
    `2:8: igmp.queryInterval: ${duration("200ms", "86400s")}`,
    `2:29: igmp.helo: unknown setting; ${IGMP}`,
  ],
  [
    on("igmp: {queryInterval: 5, queryResponseInterval: 130}"),
    `1:43: interfaces.e.igmp.queryResponseInterval: ${TENTHS}`,
  ],
];

/** Keys, without those whose secrets are in files. */
export const BAD_KEYS: readonly BadFile[] = [
  [on("security: sha256"), "1:18: interfaces.e.security: expected a map of settings"],
  [
    on("security: {keys: {identifier: 1}, sendWith: 1}"),
    "1:29: interfaces.e.security.keys: expected a list of keys",
  ],
  [
    on("security: {keys: [one]}"),
    `1:36: ${KEY}: expected a map with identifier, algorithm, and secret or secretFile`,
  ],
  [
    on("security: {keys: [{}]}"),
    `1:36: ${KEY}.identifier: missing; ${IDENTIFIER}`,
    `1:36: ${KEY}.algorithm: missing; ${ALGORITHM}`,
    `1:36: ${KEY}: missing; expected secret or secretFile`,
  ],
  [key("algorithm: md5, secret: swordfish"), `1:36: ${KEY}.identifier: missing; ${IDENTIFIER}`],
  [key("identifier: 1, secret: swordfish"), `1:36: ${KEY}.algorithm: missing; ${ALGORITHM}`],
  [key("identifier: 1, algorithm: md5"), `1:36: ${KEY}: missing; expected secret or secretFile`],
  [
    key("identifier: 1, algorithm: md5, secret: swordfish, secretFile: /dev/zero"),
    `1:36: ${KEY}: expected either secret or secretFile, not both`,
  ],
  [
    key("id: 1, algorithm: md5, key: swordfish"),
    `1:36: ${KEY}.identifier: missing; ${IDENTIFIER}`,
    `1:36: ${KEY}: missing; expected secret or secretFile`,
    `1:37: ${KEY}.id: unknown setting; known here are identifier, algorithm, secret, secretFile`,
    `1:60: ${KEY}.key: unknown setting; known here are identifier, algorithm, secret, secretFile`,
  ],
  ...["65536", "-1", '"1"', "1.5", "newest"].map(
    (value): BadFile => [
      key(`identifier: ${value}, algorithm: md5, secret: swordfish`),
      `1:37: ${KEY}.identifier: ${IDENTIFIER}`,
    ],
  ),
  [
    key("identifier: 1, algorithm: SHA-256, secret: swordfish"),
    `1:52: ${KEY}.algorithm: ${ALGORITHM} (did you mean sha256?)`,
  ],
  [
    key("identifier: 1, algorithm: shake_128, secret: swordfish"),
    `1:52: ${KEY}.algorithm: ${ALGORITHM}`,
  ],
  [
    key("identifier: 1, algorithm: , secret: swordfish"),
    `1:52: ${KEY}.algorithm: empty; ${ALGORITHM}`,
  ],
  [
    key('identifier: 1, algorithm: md5, secret: ""'),
    `1:68: ${KEY}.secret: expected the secret, a text of at least one character`,
  ],
  [
    key("identifier: 1, algorithm: md5, secret: "),
    `1:68: ${KEY}.secret: empty; expected the secret, a text`,
  ],
  ...["12345", "true", "[swordfish]", "0x1f"].map(
    (value): BadFile => [
      key(`identifier: 1, algorithm: md5, secret: ${value}`),
      `1:68: ${KEY}.secret: expected the secret as a text: put it in quotes`,
    ],
  ),
  [
    key('identifier: -1, algorithm: md5, secret: "\\0\\0"'),
    `1:37: ${KEY}.identifier: ${IDENTIFIER}`,
    `1:69: ${KEY}.secret: expected a secret, and these are nothing but zero bytes`,
  ],
  [
    `interfaces:
  e:
    security:
      keys:
        - {identifier: 1, algorithm: md5, secret: swordfish}
        - {identifier: 2, algorithm: md9, secret: swordfish}
        - {identifier: 1, algorithm: sha1, secret: swordfish}
      sendWith: 3`,
    `6:27: interfaces.e.security.keys.1.algorithm: ${ALGORITHM} (did you mean md5?)`,
    "7:12: interfaces.e.security.keys.2.identifier: there is another key 1 on this interface",
    "8:7: interfaces.e.security.sendWith: there is no key 3 on this interface",
  ],
  [
    on("security: {keys: [{identifier: x, algorithm: md5, secret: swordfish}], sendWith: 3}"),
    `1:37: ${KEY}.identifier: ${IDENTIFIER}`,
  ],
  [
    on("security: {sendWith: 3}"),
    "1:29: interfaces.e.security.sendWith: there is no key 3 on this interface",
  ],
  [
    on("security: {sendWith: }"),
    "1:29: interfaces.e.security.sendWith: empty; expected the identifier of a key, or newest",
  ],
  ...["oldest", "65536", "[1]"].map(
    (value): BadFile => [
      on(`security: {sendWith: ${value}}`),
      "1:29: interfaces.e.security.sendWith: expected the identifier of a key, or newest",
    ],
  ),
  [
    on("security: {keys: [], sendWith: newest, acceptLegacyRetransmissions: 1}"),
    "1:57: interfaces.e.security.acceptLegacyRetransmissions: expected true or false",
  ],
  [
    on("security: {key: swordfish}"),
    "1:29: interfaces.e.security.key: unknown setting (did you mean keys?); known here are keys, sendWith, acceptLegacyRetransmissions",
  ],
];
