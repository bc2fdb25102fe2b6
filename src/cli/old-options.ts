// The options of the Python router (hpim-dm 1.5.1), translated before the command line is parsed. One table serves the
// translation, the help, the completion and docs/operations.md.
import { CommandError } from "./command-error.ts";

/** Words of a command of ours. */
export type Words = readonly string[];

/** What became of an option: taken as it was, taken with a difference, or not taken. */
export type Standing =
  | {
      readonly kind: "same" | "differs";
      /** The commands that do it, one after the other. `values`: as many as the option takes. */
      readonly commands: (...values: readonly string[]) => readonly Words[];
    }
  /** Goes with another option, and changes nothing. */
  | { readonly kind: "modifier" }
  | { readonly kind: "not taken" };

/** One option of the Python router. */
export interface OldOption {
  readonly short: string;
  readonly long: string;
  /** Names of its values, in order. */
  readonly values: readonly string[];
  readonly standing: Standing;
  /** What differs, or why it is not taken and what to do instead; "" for what is the same. A sentence without its subject. */
  readonly note: string;
}

const does = (
  kind: "same" | "differs",
  ...commands: readonly (readonly string[])[]
): Extract<Standing, { commands: unknown }> => ({ kind, commands: () => commands });

const withValue = (kind: "same" | "differs", ...words: Words): Standing => ({
  kind,
  commands: (...values) => [[...words, ...values]],
});

const NOT_TAKEN: Standing = { kind: "not taken" };
const NO_IPV6 = "IPv6 and MLD are not built yet";

const option = (
  [short, long, ...values]: readonly [short: string, long: string, ...values: string[]],
  standing: Standing,
  note = "",
): OldOption => ({ short, long, values, standing, note });

/** All options of the Python router, in the order of its documentation. */
export const OLD_OPTIONS: readonly OldOption[] = [
  option(["-start", "--start"], does("same", ["start"])),
  option(["-stop", "--stop"], does("same", ["stop"])),
  option(
    ["-restart", "--restart"],
    does("differs", ["restart"]),
    "says goodbye to the neighbors, and brings the interfaces back",
  ),
  option(["-li", "--list_interfaces"], does("same", ["show", "interfaces"])),
  option(["-ln", "--list_neighbors"], does("same", ["show", "neighbors"])),
  option(["-lsn", "--list_sequence_numbers"], does("same", ["show", "sequence-numbers"])),
  option(["-lns", "--list_neighbors_state"], does("same", ["show", "neighbor-state"])),
  option(["-ls", "--list_state"], does("same", ["show", "groups"], ["show", "trees"])),
  option(
    ["-instances", "--list_instances"],
    does("differs", ["show", "version"]),
    "shows the daemon of this network namespace: each namespace has its own",
  ),
  option(
    ["-mr", "--multicast_routes"],
    does("differs", ["show", "mroute"]),
    "is a table of its own, with counters and differences from what is wanted",
  ),
  option(["-fid", "--flood_initial_data"], does("same", ["set", "flood-initial-data", "toggle"])),
  option(["-hfs", "--hold_forwarding_state"], does("same", ["set", "hold-forwarding", "toggle"])),
  option(
    ["-ai", "--add_interface", "IF"],
    withValue("differs", "interface", "add"),
    '"*" takes every interface that can, and says why the others cannot; the change is kept over a restart',
  ),
  option(
    ["-ri", "--remove_interface", "IF"],
    withValue("differs", "interface", "remove"),
    "the change is kept over a restart",
  ),
  option(
    ["-aiigmp", "--add_interface_igmp", "IF"],
    withValue("differs", "igmp", "add"),
    "as `-ai`",
  ),
  option(
    ["-riigmp", "--remove_interface_igmp", "IF"],
    withValue("differs", "igmp", "remove"),
    "as `-ri`",
  ),
  option(["-aimld", "--add_interface_mld", "IF"], NOT_TAKEN, NO_IPV6),
  option(["-rimld", "--remove_interface_mld", "IF"], NOT_TAKEN, NO_IPV6),
  option(["-lsec", "--list_hmac_algorithms"], does("same", ["key", "algorithms"])),
  option(
    ["-aisec", "--add_interface_security", "IF", "ID", "HASH", "KEY"],
    {
      kind: "differs",
      commands: (name = "", identifier = "", hash = "", key = "") => [
        ["key", "add", name, identifier, hash, `--secret=${key}`],
      ],
    },
    "adds a key to those that the interface has; only the algorithms of `-lsec`, no empty key; warns that the key shows in the list of processes; the change is kept over a restart",
  ),
  option(
    ["-risec", "--remove_interface_security", "IF", "ID"],
    withValue("differs", "key", "remove"),
    "says so if there is no such key; the change is kept over a restart",
  ),
  option(
    ["-v", "--verbose"],
    does("differs", ["log", "--follow"]),
    "shows time, level and a sentence for each thing that happened",
  ),
  option(
    ["-t", "--test", "NAME", "IP"],
    NOT_TAKEN,
    "it sent the log over the network as it was, for the receiver to execute: use `hpim-dm log --follow` over ssh",
  ),
  option(
    ["-traceback", "--traceback"],
    NOT_TAKEN,
    "there are no threads to be traced: a daemon that meets a bug ends, and its log says where",
  ),
  option(
    ["-config", "--config", "FILE"],
    withValue("differs", "config", "load", "--start"),
    "reads the Python router's file too, and says what had no effect there; whole or not at all; interfaces that are not in it are removed",
  ),
  option(
    ["-get_config", "--get_config"],
    does("differs", ["config", "show"]),
    "prints the file format of `docs/configuration.md`, without secrets",
  ),
  option(["--version", "--version"], does("same", ["--version"])),
  option(["-h", "--help"], does("same", ["--help"])),
  option(["-4", "--ipv4"], { kind: "modifier" }, "is what there is"),
  option(["-6", "--ipv6"], NOT_TAKEN, NO_IPV6),
  option(
    ["-mvrf", "--multicast_vrf", "N"],
    NOT_TAKEN,
    "a daemon serves the multicast table of its network namespace: run one in each namespace",
  ),
  option(
    ["-uvrf", "--unicast_vrf", "N"],
    NOT_TAKEN,
    "write `hpim: { routingTable: N }` into a configuration file",
  ),
];

const BY_NAME: ReadonlyMap<string, OldOption> = new Map(
  OLD_OPTIONS.flatMap((old) => [
    [old.short, old],
    [old.long, old],
  ]),
);

/** An option with the values that it was given. */
interface Given {
  readonly old: OldOption;
  readonly name: string;
  readonly values: readonly string[];
}

const wrongUsage = (message: string): CommandError => new CommandError(message, { exitCode: 2 });

/** Takes the next option off `words`, with its values. Throws CommandError. */
function takeOption(words: string[]): Given {
  const [name = "", inline] = (words.shift() ?? "").split(/=(.*)/s);
  const old = BY_NAME.get(name);
  if (old === undefined) {
    throw wrongUsage(`${name} cannot stand beside options of the Python router.`);
  }
  const values = inline === undefined ? [] : [inline];
  while (values.length < old.values.length && words.length > 0) values.push(words.shift() ?? "");
  if (values.length === old.values.length) return { old, name, values };
  const wanted = [name, ...old.values].join(" ");
  const count = ["no value", "1 value"][old.values.length] ?? `${old.values.length} values`;
  throw wrongUsage(`${name} takes ${count}: "hpim-dm ${wanted}".`);
}

/** The commands that an old command line asks for; one of ours is returned as it is. Throws CommandError. */
export function translated(words: Words): readonly Words[] {
  const [first = ""] = words;
  if (!BY_NAME.has(first.split("=")[0] ?? "")) return [words];
  const rest = [...words];
  const commands: { name: string; commands: readonly Words[] }[] = [];
  while (rest.length > 0) {
    const { old, name, values } = takeOption(rest);
    const { standing, note } = old;
    if (standing.kind === "not taken") {
      throw new CommandError(`${name} is not taken: ${note}.`, { exitCode: 1 });
    }
    if (standing.kind === "modifier") continue;
    commands.push({ name, commands: standing.commands(...values) });
  }
  const [one, another] = commands;
  if (one === undefined)
    throw wrongUsage(`${first} alone asks for nothing ("--help" lists what does).`);
  if (another !== undefined)
    throw wrongUsage(`${one.name} and ${another.name} exclude each other.`);
  return one.commands;
}

const namesOf = ({ short, long, values }: OldOption): string => {
  const names = short === long ? [short] : [short, long];
  return names.map((name) => `\`${[name, ...values].join(" ")}\``).join(", ");
};

function becomes({ standing, values }: OldOption): string {
  if (!("commands" in standing)) return "-";
  return standing
    .commands(...values)
    .map((command) => `\`hpim-dm ${command.join(" ")}\``)
    .join(", then ");
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The table of all options, as docs/operations.md has it (Markdown). */
export const oldOptionsTable = (): string =>
  [
    row(["option", "here", "command", "note"]),
    row(["---", "---", "---", "---"]),
    ...OLD_OPTIONS.map((old) => {
      const standing = old.standing.kind === "modifier" ? "same" : old.standing.kind;
      return row([namesOf(old), standing, becomes(old), old.note.replaceAll("|", "\\|")]);
    }),
  ].join("\n");

/** The options that are taken, one a line, as the help shows them. */
export function oldOptionsHelp(): string {
  const taken = OLD_OPTIONS.filter(({ standing }) => "commands" in standing);
  const typed = ({ short, values }: OldOption): string => [short, ...values].join(" ");
  const width = Math.max(...taken.map((old) => typed(old).length));
  return taken
    .map((old) => `  ${typed(old).padEnd(width)}  ${becomes(old).replaceAll("`", "")}`)
    .join("\n");
}
