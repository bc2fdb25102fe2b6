// The numbers in the configuration file of the Python router (hpim-dm 1.5.1): what each of them did there, and what
// becomes of it here. They are seconds, counts, or tenths of a second (MAX_RESPONSE_TIME_...).

/** What other settings of IGMP follow from (RFC 2236 §8), by their names there. */
export interface IgmpBasis {
  readonly ROBUSTNESS_VARIABLE: number;
  readonly QUERY_INTERVAL: number;
  readonly QUERY_RESPONSE_INTERVAL: number;
}

/** The value that holds in both programs where the key is absent. */
type Usual = (basis: IgmpBasis) => number;

/** What becomes of a number; `to` is the setting's name here. */
export type LegacyNumber =
  | { readonly kind: "taken"; readonly to: string; readonly usual: Usual }
  /** 1.5.1 ignored it and did what `instead` says. */
  | {
      readonly kind: "revived";
      readonly to: string;
      readonly usual: Usual;
      readonly instead: string;
    }
  /** Without effect in both programs. */
  | { readonly kind: "idle"; readonly because: string }
  /** Cannot be set here; `because` gets the value that holds. */
  | {
      readonly kind: "left";
      readonly usual: Usual;
      readonly because: (usual: number) => string;
    };

/** Numbers of one section by key. */
export type LegacyNumbers = Readonly<Record<string, LegacyNumber>>;

const taken = (to: string, usual: Usual): LegacyNumber => ({ kind: "taken", to, usual });

const revived = (to: string, usual: Usual, instead: string): LegacyNumber => ({
  ...{ kind: "revived", to, usual, instead },
});

const fixed = (to: string, always: number): LegacyNumber =>
  revived(to, () => always, `always used ${always} s`);

const idle = (because: string): LegacyNumber => ({ kind: "idle", because });

const derived = (by: string, usual: Usual): LegacyNumber => ({
  kind: "left",
  usual,
  because: (value) => `it follows from other settings (${by}), and is ${value} s here`,
});

const NAMESPACES =
  "a daemon serves the multicast table of its network namespace: run one in each namespace";

/** At the top. */
export const LEGACY_TOP: LegacyNumbers = {
  MulticastVRF: { kind: "left", usual: () => 0, because: () => NAMESPACES },
  UnicastVRF: taken("routingTable", () => 254),
};

/** HPIM-DM, DefaultTimers. */
export const LEGACY_TIMERS: LegacyNumbers = {
  HELLO_PERIOD: fixed("helloPeriod", 10),
  INITIAL_FLOOD_TIME: revived("initialFloodTime", () => 15, "flooded without end"),
  MESSAGE_RETRANSMISSION_TIME: fixed("retransmissionTime", 3),
  SOURCE_LIFETIME: fixed("sourceActiveTime", 210),
};

/** HPIM-DM, Settings. */
export const LEGACY_SETTINGS: LegacyNumbers = {
  SYNC_FRAGMENTATION_MSG: taken("treesPerSync", () => 0),
};

/** IGMP, Settings. */
export const LEGACY_IGMP: LegacyNumbers = {
  ROBUSTNESS_VARIABLE: taken("robustnessVariable", () => 2),
  QUERY_INTERVAL: taken("queryInterval", () => 125),
  QUERY_RESPONSE_INTERVAL: taken("queryResponseInterval", () => 10),
  MAX_RESPONSE_TIME_QUERY_RESPONSE_INTERVAL: idle("QUERY_RESPONSE_INTERVAL says it"),
  GROUP_MEMBERSHIP_INTERVAL: derived(
    "RFC 2236 §8.4",
    (basis) => basis.ROBUSTNESS_VARIABLE * basis.QUERY_INTERVAL + basis.QUERY_RESPONSE_INTERVAL,
  ),
  OTHER_QUERIER_PRESENT_INTERVAL: derived(
    "RFC 2236 §8.5",
    (basis) => basis.ROBUSTNESS_VARIABLE * basis.QUERY_INTERVAL + basis.QUERY_RESPONSE_INTERVAL / 2,
  ),
  STARTUP_QUERY_INTERVAL: revived(
    "startupQueryInterval",
    (basis) => basis.QUERY_INTERVAL / 4,
    "waited for QUERY_INTERVAL from the first query on",
  ),
  STARTUP_QUERY_COUNT: revived(
    "startupQueryCount",
    (basis) => basis.ROBUSTNESS_VARIABLE,
    "always sent one",
  ),
  LAST_MEMBER_QUERY_INTERVAL: taken("lastMemberQueryInterval", () => 1),
  LAST_MEMBER_QUERY_COUNT: taken("lastMemberQueryCount", (basis) => basis.ROBUSTNESS_VARIABLE),
  MAX_RESPONSE_TIME_LAST_MEMBER_QUERY_INTERVAL: idle("LAST_MEMBER_QUERY_INTERVAL says it"),
  UNSOLICITED_REPORT_INTERVAL: idle("it is the hosts' business"),
  VERSION_1_ROUTER_PRESENT_TIMEOUT: revived(
    "version1RouterPresentTimeout",
    () => 400,
    "took no notice of routers that speak IGMPv1",
  ),
};

/** MLD, Settings: keys of numbers, none of which is taken. */
export const LEGACY_MLD: readonly string[] = [
  "ROBUSTNESS_VARIABLE",
  "QUERY_INTERVAL",
  "QUERY_RESPONSE_INTERVAL",
  "MULTICAST_LISTENER_INTERVAL",
  "OTHER_QUERIER_PRESENT_INTERVAL",
  "STARTUP_QUERY_INTERVAL",
  "STARTUP_QUERY_COUNT",
  "LAST_LISTENER_QUERY_INTERVAL",
  "LAST_LISTENER_QUERY_COUNT",
  "UNSOLICITED_REPORT_INTERVAL",
];

/** What is to be said of a number that the file has; undefined: nothing. */
export function remarkOn(
  number: LegacyNumber,
  value: number,
  basis: IgmpBasis,
): string | undefined {
  switch (number.kind) {
    case "taken":
      return undefined;
    case "revived":
      return `had no effect in hpim-dm 1.5.1, which ${number.instead}; here it is in force`;
    case "idle":
      return `had no effect in hpim-dm 1.5.1, and has none here: ${number.because}`;
    case "left": {
      const usual = number.usual(basis);
      return value === usual ? undefined : `is not taken: ${number.because(usual)}`;
    }
  }
}
