// The levels of the log, and the subsystems that have one each. Light, for the command line loads it at each call.

/** From the least to the most important. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
/** From which level on something is told. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The subsystems by their names, and what each tells: a part of a sentence. */
export const SUBSYSTEMS = {
  interfaces: "what runs on an interface, or keeps it from running",
  neighbors: "HPIM-DM neighbors that come, synchronise and go",
  trees: "the states of trees",
  forwarding: "where trees are forwarded to",
  membership: "IGMP queriers, and groups with members",
  drops: "what was received and is not used; each by itself at the level debug",
  kernel: "calls of the kernel that fail",
  messages:
    "each HPIM-DM and IGMP message that is received and understood, or sent, at the level debug",
} as const satisfies Readonly<Record<string, string>>;

/** The name of a subsystem. */
export type Subsystem = keyof typeof SUBSYSTEMS;
/** The names of all subsystems. */
export const SUBSYSTEM_NAMES: readonly Subsystem[] = Object.keys(SUBSYSTEMS) as Subsystem[];

/** Of what the daemon says of its own start, end and configuration: it has no level, and is always told. */
export const OWN_SUBSYSTEM = "daemon";

/** The names that lines of the log have: those of all subsystems, and the daemon's own. */
export const LINE_SUBSYSTEMS: readonly (Subsystem | typeof OWN_SUBSYSTEM)[] = [
  ...SUBSYSTEM_NAMES,
  OWN_SUBSYSTEM,
];

/** Whether each of these is such a name. */
export const areLineSubsystems = (names: readonly string[]): boolean =>
  names.every((name) => LINE_SUBSYSTEMS.some((one) => one === name));

const IMPORTANCE: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Whether `level` is at least as important as `least`. */
export const isAtLeast = (level: LogLevel, least: LogLevel): boolean =>
  IMPORTANCE[level] >= IMPORTANCE[least];
