// The Python router's configuration file: what each of its keys becomes, what is said of it, and where problems are.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { configurationFileSchema } from "../../src/api/configuration-file.ts";
import type { LegacyReading } from "../../src/api/legacy-file.ts";
import { convertLegacy, isLegacyFile, LEGACY_YAML_VERSION } from "../../src/api/legacy-file.ts";
import * as numbers from "../../src/api/legacy-numbers.ts";
import { DEFAULT_INTERFACE_SETTINGS, DEFAULT_ROUTER_SETTINGS } from "../../src/core/settings.ts";
import { MAIN_ROUTING_TABLE } from "../../src/daemon/configuration.ts";
import { DEFAULT_MEMBERSHIP_SETTINGS } from "../../src/membership/settings.ts";
import { fromRoot } from "../support/root.ts";

const reading = (text: string): LegacyReading =>
  convertLegacy(parse(text, { version: LEGACY_YAML_VERSION }));

function converted(text: string) {
  const result = reading(text);
  assert.deepEqual(result.issues, []);
  return result;
}

/** Remarks as lines: the key and the sentence. */
const remarksOf = (text: string): readonly string[] =>
  converted(text).remarks.map(({ path, message }) => `${path.join(".")} ${message}`);

/** Paths in the old file of what our schema, or else the old one's, does not take. */
function problemPaths(text: string): readonly string[] {
  const result = reading(text);
  if (result.issues.length > 0) return result.issues.map(({ path }) => path.join("."));
  const { error } = configurationFileSchema.safeParse(result.document);
  return (error?.issues ?? []).map(({ path }) => result.originOf(path).join("."));
}

const NO_EFFECT = "had no effect in hpim-dm 1.5.1";
const IN_FORCE = "here it is in force";
const ACCEPTS = `is taken with acceptLegacyRetransmissions: true, as neighbors run hpim-dm 1.5.1, and sign what they send again wrongly; switch that off when none does`;

test("every key that 1.5.1 writes, with its default", () => {
  const sample = readFileSync(fromRoot("test", "api", "legacy-sample.yaml"), "utf8");
  assert.deepEqual(converted(sample).document, {
    interfaces: {
      eth0: {
        hpim: true,
        security: {
          keys: [{ identifier: 7, algorithm: "sha256", secret: "secret-of-eth0" }],
          acceptLegacyRetransmissions: true,
        },
        igmp: true,
      },
      eth1: { hpim: true, igmp: true },
    },
  });
  assert.deepEqual(remarksOf(sample), [
    `HPIM-DM.DefaultTimers.HELLO_PERIOD ${NO_EFFECT}, which always used 10 s; ${IN_FORCE}`,
    `HPIM-DM.DefaultTimers.INITIAL_FLOOD_TIME ${NO_EFFECT}, which flooded without end; ${IN_FORCE}`,
    `HPIM-DM.DefaultTimers.MESSAGE_RETRANSMISSION_TIME ${NO_EFFECT}, which always used 3 s; ${IN_FORCE}`,
    `HPIM-DM.DefaultTimers.SOURCE_LIFETIME ${NO_EFFECT}, which always used 210 s; ${IN_FORCE}`,
    `HPIM-DM.Interfaces.eth0.ipv4.security ${ACCEPTS}`,
    "HPIM-DM.Interfaces.eth0.ipv6 is not taken: IPv6 is not built yet",
    `IGMP.Settings.MAX_RESPONSE_TIME_LAST_MEMBER_QUERY_INTERVAL ${NO_EFFECT}, and has none here: LAST_MEMBER_QUERY_INTERVAL says it`,
    `IGMP.Settings.MAX_RESPONSE_TIME_QUERY_RESPONSE_INTERVAL ${NO_EFFECT}, and has none here: QUERY_RESPONSE_INTERVAL says it`,
    `IGMP.Settings.STARTUP_QUERY_COUNT ${NO_EFFECT}, which always sent one; ${IN_FORCE}`,
    `IGMP.Settings.STARTUP_QUERY_INTERVAL ${NO_EFFECT}, which waited for QUERY_INTERVAL from the first query on; ${IN_FORCE}`,
    `IGMP.Settings.UNSOLICITED_REPORT_INTERVAL ${NO_EFFECT}, and has none here: it is the hosts' business`,
    `IGMP.Settings.VERSION_1_ROUTER_PRESENT_TIMEOUT ${NO_EFFECT}, which took no notice of routers that speak IGMPv1; ${IN_FORCE}`,
    "MLD is not taken: MLD is not built yet",
  ]);
});

const timers = (text: string): string => `HPIM-DM: {DefaultTimers: {${text}}}`;
const settings = (text: string): string => `HPIM-DM: {Settings: {${text}}}`;
const igmp = (text: string): string => `IGMP: {Settings: {${text}}}`;
const eth0 = (text: string): string => `HPIM-DM: {Interfaces: {eth0: {${text}}}}`;

const secured = (key: object, hpim: object = { hpim: true }): object => ({
  interfaces: { eth0: { ...hpim, security: { keys: [key], acceptLegacyRetransmissions: true } } },
});

// One key at a time: the text, the document, and of each remark a part.
for (const [text, document, ...remarks] of [
  ["UnicastVRF: 100", { hpim: { routingTable: 100 } }],
  ["MulticastVRF: 5", {}, "run one in each namespace"],
  [timers("HELLO_PERIOD: 30"), { hpim: { helloPeriod: 30 } }, "always used 10 s; here it is in"],
  [timers("INITIAL_FLOOD_TIME: 20"), { hpim: { initialFloodTime: 20 } }, "flooded without end"],
  [timers("MESSAGE_RETRANSMISSION_TIME: 1"), { hpim: { retransmissionTime: 1 } }, "used 3 s"],
  [timers("SOURCE_LIFETIME: 60"), { hpim: { sourceActiveTime: 60 } }, "always used 210 s"],
  [settings("INITIAL_FLOOD_ENABLED: false"), { hpim: { floodInitialData: false } }],
  [settings("SYNC_FRAGMENTATION_MSG: 40"), { hpim: { treesPerSync: 40 } }],
  [eth0("ipv4: {enabled: true}"), { interfaces: { eth0: { hpim: true } } }],
  [eth0("ipv4: {enabled: on}"), { interfaces: { eth0: { hpim: true } } }],
  [eth0("ipv4: {enabled: false}"), {}],
  [eth0("ipv6: {enabled: false, security: {key: k}}"), {}],
  [eth0("ipv6: {enabled: true}"), {}, "IPv6 is not built yet"],
  [
    eth0("ipv4: {enabled: true, security: {key: k}}"),
    secured({ identifier: 0, algorithm: "md5", secret: "k" }),
    "is taken with acceptLegacyRetransmissions",
  ],
  [
    eth0("ipv4: {security: {key: k, identifier: 010}}"),
    secured({ identifier: 8, algorithm: "md5", secret: "k" }, {}),
    `${NO_EFFECT} while HPIM-DM was off there`,
    "is taken with acceptLegacyRetransmissions",
  ],
  [igmp("ROBUSTNESS_VARIABLE: 3"), { igmp: { robustnessVariable: 3 } }],
  [igmp("QUERY_INTERVAL: 60"), { igmp: { queryInterval: 60 } }],
  [igmp("QUERY_RESPONSE_INTERVAL: 5"), { igmp: { queryResponseInterval: 5 } }],
  [igmp("MAX_RESPONSE_TIME_QUERY_RESPONSE_INTERVAL: 50"), {}, "QUERY_RESPONSE_INTERVAL says it"],
  [igmp("GROUP_MEMBERSHIP_INTERVAL: 300"), {}, "(RFC 2236 §8.4), and is 260 s here"],
  [igmp("OTHER_QUERIER_PRESENT_INTERVAL: 300"), {}, "(RFC 2236 §8.5), and is 255 s here"],
  [
    igmp("STARTUP_QUERY_INTERVAL: 5"),
    { igmp: { startupQueryInterval: 5 } },
    "from the first query",
  ],
  [igmp("STARTUP_QUERY_COUNT: 3"), { igmp: { startupQueryCount: 3 } }, "always sent one"],
  [igmp("STARTUP_QUERY_COUNT: 1"), { igmp: { startupQueryCount: 1 } }, "always sent one"],
  [igmp("LAST_MEMBER_QUERY_INTERVAL: 2"), { igmp: { lastMemberQueryInterval: 2 } }],
  [igmp("LAST_MEMBER_QUERY_COUNT: 3"), { igmp: { lastMemberQueryCount: 3 } }],
  [igmp("MAX_RESPONSE_TIME_LAST_MEMBER_QUERY_INTERVAL: 5"), {}, "LAST_MEMBER_QUERY_INTERVAL says"],
  [igmp("UNSOLICITED_REPORT_INTERVAL: 5"), {}, "the hosts' business"],
  [
    igmp("VERSION_1_ROUTER_PRESENT_TIMEOUT: 60"),
    { igmp: { version1RouterPresentTimeout: 60 } },
    "took no notice",
  ],
  ["IGMP: {Interfaces: {eth0: {enabled: true}}}", { interfaces: { eth0: { igmp: true } } }],
  ["IGMP: {Interfaces: {eth0: {enabled: false}}}", {}],
  ["MLD: {Interfaces: {eth0: {enabled: true}, eth1: {enabled: true}}}", {}, "MLD is not built yet"],
  ["MLD: {Interfaces: {eth0: {enabled: false}}, Settings: {QUERY_INTERVAL: 60}}", {}],
] as const satisfies readonly (readonly [string, object, ...string[]])[]) {
  test(`${text} becomes ${JSON.stringify(document)}`, () => {
    assert.deepEqual(converted(text).document, document);
    const found = remarksOf(text);
    assert.equal(found.length, remarks.length, found.join("\n"));
    for (const [index, part] of remarks.entries()) {
      assert.ok(found[index]?.includes(part), found[index]);
    }
  });
}

// RFC 2236 §8: what 1.5.1 wrote with other settings is left out where it follows from them here too.
for (const [text, document] of [
  [
    "QUERY_INTERVAL: 60, STARTUP_QUERY_INTERVAL: 15, GROUP_MEMBERSHIP_INTERVAL: 130",
    { queryInterval: 60 },
  ],
  [
    "QUERY_INTERVAL: 60, STARTUP_QUERY_INTERVAL: 31.25",
    { queryInterval: 60, startupQueryInterval: 31.25 },
  ],
  [
    "ROBUSTNESS_VARIABLE: 3, LAST_MEMBER_QUERY_COUNT: 3, OTHER_QUERIER_PRESENT_INTERVAL: 380",
    { robustnessVariable: 3 },
  ],
  [
    "ROBUSTNESS_VARIABLE: 3, LAST_MEMBER_QUERY_COUNT: 2",
    { robustnessVariable: 3, lastMemberQueryCount: 2 },
  ],
] as const) {
  test(`${text}: what follows from the others is left out`, () => {
    assert.deepEqual(converted(igmp(text)).document, { igmp: document });
    assert.ok(remarksOf(igmp(text)).every((line) => !line.includes("is not taken")));
  });
}

test("a value that is left out is our default", () => {
  const defaults: Readonly<Record<string, unknown>> = {
    ...{
      ...DEFAULT_ROUTER_SETTINGS,
      ...DEFAULT_INTERFACE_SETTINGS,
      routingTable: MAIN_ROUTING_TABLE,
    },
    ...DEFAULT_MEMBERSHIP_SETTINGS,
  };
  const basis = { ROBUSTNESS_VARIABLE: 2, QUERY_INTERVAL: 125, QUERY_RESPONSE_INTERVAL: 10 };
  const { LEGACY_TOP, LEGACY_TIMERS, LEGACY_IGMP } = numbers;
  for (const number of Object.values({ ...LEGACY_TOP, ...LEGACY_TIMERS, ...LEGACY_IGMP })) {
    if (!("to" in number)) continue;
    const usual = number.usual(basis);
    const ours = defaults[number.to];
    assert.ok(ours === usual || ours === usual * 1_000, `${number.to}: ${ours}, not ${usual}`);
  }
  assert.equal(DEFAULT_ROUTER_SETTINGS.floodInitialData, true);
});

test("docs/configuration.md names every number and what it becomes in one row", () => {
  const rows = readFileSync(fromRoot("docs", "configuration.md"), "utf8").split("\n");
  const { LEGACY_TOP, LEGACY_TIMERS, LEGACY_SETTINGS, LEGACY_IGMP } = numbers;
  const known = { ...LEGACY_TOP, ...LEGACY_TIMERS, ...LEGACY_SETTINGS, ...LEGACY_IGMP };
  for (const [key, number] of Object.entries(known)) {
    const [, keys = "", becomes = ""] =
      rows.map((row) => row.split("|")).find((cells) => cells[1]?.includes(`\`${key}\``)) ?? [];
    assert.ok(keys !== "", key);
    if ("to" in number) assert.ok(becomes.includes(`\`${number.to}\``), number.to);
    else assert.equal(becomes.trim(), "-");
  }
});

for (const text of [
  "HPIM-DM:\nIGMP:\nMLD:",
  "HPIM-DM: {DefaultTimers: , Settings: , Interfaces: }",
  "IGMP: {Settings: , Interfaces: }\nMLD: {Settings: , Interfaces: }",
  "HPIM-DM: {Interfaces: {eth0: }}\nIGMP: {Interfaces: {eth0: }}\nMLD: {Interfaces: {eth0: }}",
  eth0("ipv4: , ipv6: "),
  eth0("ipv4: {security: }"),
]) {
  test(`${JSON.stringify(text)} says nothing`, () => {
    assert.deepEqual(converted(text).document, {});
    assert.deepEqual(remarksOf(text), []);
  });
}

test("remarks are in the order of the file", () => {
  const keys = (text: string) => remarksOf(text).map((line) => line.split(" ")[0]);
  const [vrf, timer] = ["MulticastVRF: 1", timers("SOURCE_LIFETIME: 1, HELLO_PERIOD: 1")];
  const inTimers = ["HPIM-DM.DefaultTimers.SOURCE_LIFETIME", "HPIM-DM.DefaultTimers.HELLO_PERIOD"];
  assert.deepEqual(keys(`${vrf}\n${timer}`), ["MulticastVRF", ...inTimers]);
  assert.deepEqual(keys(`${timer}\n${vrf}`), [...inTimers, "MulticastVRF"]);
});

for (const [text, key] of [
  ["MulticastVrf: 0\nIGMP:", "MulticastVrf"],
  ["hpim: {}\nIGMP:", "hpim"],
  ["HPIM-DM: {Timers: {}}", "Timers"],
  [timers("HELO_PERIOD: 3"), "HELO_PERIOD"],
  [settings("FLOOD: true"), "FLOOD"],
  [eth0("enabled: true"), "enabled"],
  [eth0("ipv4: {enable: true}"), "enable"],
  [eth0("ipv6: {enable: true}"), "enable"],
  [eth0("ipv4: {security: {id: 7, key: k}}"), "id"],
  ["IGMP: {Interfaces: {eth0: {ipv4: true}}}", "ipv4"],
  [igmp("MULTICAST_LISTENER_INTERVAL: 3"), "MULTICAST_LISTENER_INTERVAL"],
  ["MLD: {Settings: {GROUP_MEMBERSHIP_INTERVAL: 3}}", "GROUP_MEMBERSHIP_INTERVAL"],
] as const) {
  test(`${JSON.stringify(text)}: ${key} is not known`, () => {
    const [issue] = reading(text).issues;
    assert.equal(issue?.code, "unrecognized_keys");
    assert.deepEqual(issue?.code === "unrecognized_keys" && issue.keys, [key]);
    assert.match(issue?.message ?? "", /^unknown setting.*; known here are /);
  });
}

// A problem of the result is one of what it comes from in the old file.
for (const [text, ...paths] of [
  ["3", ""],
  ["HPIM-DM: [1]", "HPIM-DM"],
  ["UnicastVRF: main", "UnicastVRF"],
  ["UnicastVRF: 0", "UnicastVRF"],
  [
    timers('HELLO_PERIOD: "10", SOURCE_LIFETIME: '),
    "HPIM-DM.DefaultTimers.HELLO_PERIOD",
    "HPIM-DM.DefaultTimers.SOURCE_LIFETIME",
  ],
  [
    timers("HELLO_PERIOD: 0, INITIAL_FLOOD_TIME: 9000, SOURCE_LIFETIME: 0.5"),
    "HPIM-DM.DefaultTimers.SOURCE_LIFETIME",
    "HPIM-DM.DefaultTimers.INITIAL_FLOOD_TIME",
    "HPIM-DM.DefaultTimers.HELLO_PERIOD",
  ],
  [settings("INITIAL_FLOOD_ENABLED: 2"), "HPIM-DM.Settings.INITIAL_FLOOD_ENABLED"],
  [settings("SYNC_FRAGMENTATION_MSG: 1.5"), "HPIM-DM.Settings.SYNC_FRAGMENTATION_MSG"],
  ["HPIM-DM: {Interfaces: [eth0]}", "HPIM-DM.Interfaces"],
  [eth0("ipv4: true"), "HPIM-DM.Interfaces.eth0.ipv4"],
  [eth0("ipv4: {enabled: maybe}"), "HPIM-DM.Interfaces.eth0.ipv4.enabled"],
  [eth0("ipv4: {security: {}}"), "HPIM-DM.Interfaces.eth0.ipv4.security.key"],
  [eth0("ipv4: {security: {key: 12}}"), "HPIM-DM.Interfaces.eth0.ipv4.security.key"],
  [eth0("ipv6: {security: {key: }}"), "HPIM-DM.Interfaces.eth0.ipv6.security.key"],
  ["HPIM-DM: {Interfaces: {a/b: {ipv4: {enabled: true}}}}", "HPIM-DM.Interfaces.a/b"],
  ["IGMP: {Interfaces: {a/b: {enabled: true}}}", "IGMP.Interfaces.a/b"],
  [igmp("ROBUSTNESS_VARIABLE: 8"), "IGMP.Settings.ROBUSTNESS_VARIABLE"],
  [igmp("QUERY_RESPONSE_INTERVAL: 25.6"), "IGMP.Settings.QUERY_RESPONSE_INTERVAL"],
  [igmp("UNSOLICITED_REPORT_INTERVAL: soon"), "IGMP.Settings.UNSOLICITED_REPORT_INTERVAL"],
] as const satisfies readonly (readonly [string, ...string[]])[]) {
  test(`${JSON.stringify(text)} has a problem at ${paths.join(", ")}`, () =>
    assert.deepEqual(problemPaths(text), paths));
}

test("problems of keys, and of whole sections, have a place in the old file", () => {
  const text = `${eth0("ipv4: {enabled: true, security: {key: '', identifier: 65536}}")}
IGMP: {Interfaces: {eth0: {enabled: true}, eth1: {enabled: true}}}`;
  const { originOf } = converted(text);
  const ipv4 = ["HPIM-DM", "Interfaces", "eth0", "ipv4"];
  const security = ["interfaces", "eth0", "security"];
  for (const [path, origin] of [
    [[], []],
    [["hpim"], ["HPIM-DM"]],
    [["igmp"], ["IGMP", "Settings"]],
    [["interfaces", "eth0"], ipv4.slice(0, -1)],
    [
      ["interfaces", "eth0", "hpim"],
      [...ipv4, "enabled"],
    ],
    [
      ["interfaces", "eth1", "igmp"],
      ["IGMP", "Interfaces", "eth1", "enabled"],
    ],
    [security, [...ipv4, "security"]],
    [
      [...security, "acceptLegacyRetransmissions"],
      [...ipv4, "security"],
    ],
    [
      [...security, "keys", 0, "identifier"],
      [...ipv4, "security", "identifier"],
    ],
    [
      [...security, "keys", 0, "algorithm"],
      [...ipv4, "security", "algorithm"],
    ],
    [
      [...security, "keys", 0, "secret"],
      [...ipv4, "security", "key"],
    ],
  ] as const) {
    assert.deepEqual(originOf(path), origin);
  }
});

for (const [value, is] of [
  [{ "HPIM-DM": null }, true],
  [{ IGMP: {} }, true],
  [{ MLD: {} }, true],
  [{ MulticastVRF: 0 }, true],
  [{ hpim: {}, UnicastVRF: 0 }, true],
  [{ hpim: {}, igmp: {}, interfaces: {} }, false],
  [{}, false],
  [null, false],
  [["IGMP"], false],
] as const) {
  test(`${JSON.stringify(value)} is ${is ? "" : "not "}the Python router's`, () =>
    assert.equal(isLegacyFile(value), is));
}
