// What tshark with the dissector says of a capture, in the form of "hpim-dm decode --json"; and what that says.
import { execFileSync } from "node:child_process";
import { COMMAND } from "../support/command.ts";
import { fromRoot } from "../support/root.ts";
import type { Said } from "../vectors/hand-checked.ts";

/** A frame of protocol 103 as tshark sees it. */
export interface Dissected {
  readonly said: Said;
  /** By the numbers of their frames. */
  readonly acknowledgedIn: readonly number[];
  /** All that tshark remarks, of any protocol. */
  readonly remarks: readonly string[];
  /** Errors of the script, and of Wireshark's own. */
  readonly errors: string;
}

const SCRIPT = fromRoot("dissector", "hpim-dm.lua");
const MOST_OUTPUT_BYTES = 1 << 28;

const COLUMNS = [
  ...["frame.number", "frame.time_epoch", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst"],
  ...["hpim.boot_time", "hpim.version", "hpim.type"],
  ...["hpim.security_id", "hpim.security_length", "hpim.security_valid"],
  ...["hpim.options.tree_source", "hpim.options.tree_group", "hpim.options.hello_holdtime"],
  ...["hpim.options.hello_holdtime_millis", "hpim.options.checkpoint_sequence_number"],
  ...["hpim.options.assert_metric_preference", "hpim.options.assert_metric"],
  ...["hpim.options.sequence_number", "hpim.options.neighbor_boot_time"],
  ...["hpim.options.my_snapshot_sequence_number"],
  ...["hpim.options.neighbor_snapshot_sequence_number"],
  ...["hpim.options.sync_sequence_number", "hpim.options.master_flag", "hpim.options.more_flag"],
  ...["hpim.malformed", "hpim.repeats", "hpim.acknowledges", "hpim.acknowledged_in"],
  ...["_ws.expert.message", "_ws.lua.error", "_ws.malformed.dissector_bug"],
] as const;
type Column = (typeof COLUMNS)[number];
/** The values of each column. */
type Row = Readonly<Record<Column, readonly string[]>>;

const TYPES = [
  ...(["Hello", "Sync", "IamUpstream", "IamNoLongerUpstream"] as const),
  ...(["Interest", "NoInterest", "Ack"] as const),
];

/** Not in any text that tshark prints. */
const BETWEEN_COLUMNS = "\x1f";
const BETWEEN_VALUES = "\x1e";

const first = (row: Row, column: Column): string | null => row[column][0] ?? null;

function numberIn(row: Row, column: Column): number | undefined {
  const text = first(row, column);
  return text === null ? undefined : Number(text);
}

/** What is there of these. */
const fieldsOf = (row: Row, columns: Readonly<Record<string, Column>>): object =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]) => {
      const value = numberIn(row, column);
      return value === undefined ? [] : [[name, value]];
    }),
  );

const OPTIONS = {
  holdTime: "hpim.options.hello_holdtime",
  checkpointSn: "hpim.options.checkpoint_sequence_number",
  holdTimeMillis: "hpim.options.hello_holdtime_millis",
} as const;
const SYNC = {
  mySnapshotSn: "hpim.options.my_snapshot_sequence_number",
  neighborSnapshotSn: "hpim.options.neighbor_snapshot_sequence_number",
  neighborBootTime: "hpim.options.neighbor_boot_time",
  syncSn: "hpim.options.sync_sequence_number",
} as const;
const { syncSn: _, ...ACK } = SYNC;
const TREE = {
  sn: "hpim.options.sequence_number",
  preference: "hpim.options.assert_metric_preference",
  metric: "hpim.options.assert_metric",
} as const;

/** IPv6 as RFC 5952 has it: tshark writes the last four bytes of some addresses as those of IPv4. */
const addressOf = (text: string | null): string | null =>
  text?.includes(":") ? new URL(`http://[${text}]/`).hostname.slice(1, -1) : text;

const treesOf = (row: Row): readonly object[] =>
  row["hpim.options.tree_source"].map((source, i) => ({
    source,
    group: row["hpim.options.tree_group"][i],
    preference: Number(row["hpim.options.assert_metric_preference"][i]),
    metric: Number(row["hpim.options.assert_metric"][i]),
  }));

function bodyOf(row: Row, type: string | undefined): object {
  if (type === "Hello") return fieldsOf(row, OPTIONS);
  if (type === "Sync") {
    const more = first(row, "hpim.options.more_flag") === "1";
    const master = first(row, "hpim.options.master_flag") === "1";
    const rest = more ? { trees: treesOf(row) } : fieldsOf(row, OPTIONS);
    return { ...fieldsOf(row, SYNC), master, more, ...rest };
  }
  const repeats = numberIn(row, "hpim.repeats");
  const acknowledges = numberIn(row, "hpim.acknowledges") ?? null;
  return {
    treeSource: first(row, "hpim.options.tree_source"),
    treeGroup: first(row, "hpim.options.tree_group"),
    ...fieldsOf(row, type === "Ack" ? { ...ACK, sn: TREE.sn } : TREE),
    ...(repeats !== undefined && { repeats }),
    ...(type === "Ack" && { acknowledges }),
  };
}

function saidIn(row: Row): Said {
  const place = {
    frame: Number(first(row, "frame.number")),
    time: Number(first(row, "frame.time_epoch")),
    source: addressOf(first(row, "ip.src") ?? first(row, "ipv6.src")),
    destination: addressOf(first(row, "ip.dst") ?? first(row, "ipv6.dst")),
  };
  const malformed = first(row, "hpim.malformed");
  if (malformed !== null) return { ...place, malformed };
  const type = TYPES[numberIn(row, "hpim.type") ?? -1];
  const valid = first(row, "hpim.security_valid");
  const header = {
    type,
    ...fieldsOf(row, { bootTime: "hpim.boot_time", securityIdentifier: "hpim.security_id" }),
    ...fieldsOf(row, { securityLength: "hpim.security_length" }),
    securityValid: valid === null ? null : valid === "1",
  };
  return { ...place, ...header, ...bodyOf(row, type) };
}

/** A key, and the place that it has in the preferences. */
export const keyPreference = (key: string, place: number = 1): readonly string[] => [
  "-o",
  `hpim-dm.key${place}:${key}`,
];

const run = (words: readonly string[]): string =>
  execFileSync("tshark", words, {
    encoding: "utf8",
    maxBuffer: MOST_OUTPUT_BYTES,
    stdio: ["ignore", "pipe", "ignore"],
  });

/** What tshark prints of a capture with these options. */
export const tshark = (file: string, ...options: readonly string[]): string =>
  run(["-n", "-X", `lua_script:${SCRIPT}`, "-r", file, ...options]);

/** The names of all fields that there are. */
export const fields = (): readonly string[] =>
  run(["-G", "fields", "-X", `lua_script:${SCRIPT}`])
    .split("\n")
    .map((line) => line.split("\t")[2] ?? "");

/** The frames of protocol 103 that are not PIM's, as tshark sees them at its second look. */
export function dissect(file: string, options: readonly string[] = []): readonly Dissected[] {
  const output = tshark(
    file,
    ...["-2", "-Y", "hpim-dm", "-T", "fields", "-E", `separator=${BETWEEN_COLUMNS}`],
    ...["-E", `aggregator=${BETWEEN_VALUES}`, ...COLUMNS.flatMap((column) => ["-e", column])],
    ...options,
  );
  return output.split("\n").flatMap((line) => {
    if (line === "") return [];
    const cells = line.split(BETWEEN_COLUMNS);
    const row = Object.fromEntries(
      COLUMNS.map((column, i) => [column, cells[i] ? cells[i].split(BETWEEN_VALUES) : []]),
    ) as unknown as Row;
    return {
      said: saidIn(row),
      acknowledgedIn: row["hpim.acknowledged_in"].map(Number),
      remarks: row["_ws.expert.message"],
      errors: [...row["_ws.lua.error"], ...row["_ws.malformed.dissector_bug"]].join(),
    };
  });
}

/** What "hpim-dm decode --json" says of a capture. */
export const decode = (file: string, options: readonly string[] = []): readonly Said[] =>
  execFileSync(process.execPath, [COMMAND, "decode", file, "--json", ...options], {
    encoding: "utf8",
    maxBuffer: MOST_OUTPUT_BYTES,
  })
    .split("\n")
    .flatMap((line) => (line === "" ? [] : JSON.parse(line)));
