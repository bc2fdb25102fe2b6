// The manual page hpim-dm(8) in the language man(7), made from the commands themselves: it says what "--help" says.

import type { Argument, Command, Option } from "commander";
import { type Place, placesOf } from "../src/cli/completion/places.ts";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";

/** What the page says beside the commands. */
const FILES: readonly (readonly [file: string, what: string])[] = [
  [
    "/etc/hpim-dm/hpim-dm.yaml",
    "configuration of the service; other daemons are given a file by --config",
  ],
  ["/run/hpim-dm/control.sock", "control socket, which the commands ask"],
  ["/var/lib/hpim-dm/boot-time.IF", "last BootTime used on an interface; keep it over reboots"],
  ["/var/lib/hpim-dm/changes.yaml", "what commands changed, with the secrets of keys"],
  [
    "/var/log/hpim-dm/hpim-dm.log",
    "log of a daemon in the background; that of the service is in the journal",
  ],
];

const SIGNALS: readonly (readonly [name: string, what: string])[] = [
  [
    "SIGTERM, SIGINT",
    "The daemon says goodbye on every interface, removes all forwarding entries, and ends.",
  ],
  [
    "SIGHUP",
    "The daemon runs its configuration file as it is now. Where its log goes to a terminal, that has gone: it ends.",
  ],
];

const EXAMPLES: readonly (readonly [command: string, purpose: string])[] = [
  ["hpim-dm start", "a router whose interfaces are configured by commands:"],
  ["hpim-dm interface add eth0", "HPIM-DM, towards other routers"],
  ["hpim-dm igmp add eth1", "IGMP, towards hosts"],
  ["hpim-dm show trees", "what is forwarded where, and why"],
  ["systemctl enable --now hpim-dm", "or as a service, with a configuration file:"],
  ["systemctl reload hpim-dm", "when that has changed"],
];

const SEE_ALSO = ["ip(8)", "journalctl(1)", "systemctl(1)", "sysctl(8)"];

/** A text that stands for itself: no macro, no escape; a hyphen is one that can be typed. */
const plain = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/gm, "\\&$1");

/** A sentence of a description. */
const sentence = (text: string): string => {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return plain(/[.:]$/.test(whole) ? whole : `${whole}.`);
};

const bold = (text: string): string => `\\fB${plain(text)}\\fR`;
const italic = (text: string): string => `\\fI${plain(text)}\\fR`;

const section = (title: string, ...lines: readonly string[]): readonly string[] => [
  `.SH ${title}`,
  ...lines,
];

const tagged = (tag: string, text: string): readonly string[] => [".TP", tag, text];

/** "--config <file>" with what is typed in bold. */
function flagsOf({ flags }: Option): string {
  const [names = "", value] = flags.split(/ <|>/);
  const typed = names.split(", ").map(bold).join(", ");
  return value === undefined ? typed : `${typed} ${italic(value)}`;
}

function optionText({ description, envVar, defaultValue, argChoices }: Option): string {
  const choices = argChoices === undefined ? "" : `; one of ${argChoices.join(", ")}`;
  const preset = ["string", "number"].includes(typeof defaultValue)
    ? `; default: ${defaultValue}`
    : "";
  const variable = envVar === undefined ? "" : `; variable: ${envVar}`;
  return sentence(`${description}${choices}${preset}${variable}`);
}

function argumentText(argument: Argument): string {
  const choices =
    argument.argChoices === undefined ? "" : `; one of ${argument.argChoices.join(", ")}`;
  return sentence(`${argument.description}${choices}`);
}

const argumentName = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? italic(name) : `[${italic(name)}]`;
};

/** What stands at the end of a command's help. */
function textAfterHelp(command: Command): string {
  let help = "";
  command.configureOutput({
    writeOut: (piece) => {
      help += piece;
    },
  });
  command.outputHelp();
  return help.slice(command.helpInformation().length).trim();
}

const verbatim = (text: string): readonly string[] => [".PP", ".nf", plain(text), ".fi"];

const isHelp = (option: Option): boolean => option.long === "--help";

function commandLines(command: Command, { path, options, positions }: Place): readonly string[] {
  const after = textAfterHelp(command);
  const others = options.filter((option) => !isHelp(option));
  return [
    `.SS ${["hpim-dm", path].map(plain).join(" ")}`,
    [
      bold(`hpim-dm ${path}`),
      ...positions.map(argumentName),
      ...(others.length > 0 ? [`[${italic("options")}]`] : []),
    ].join(" "),
    ".PP",
    sentence(command.description()),
    ...positions.flatMap((argument) => tagged(argumentName(argument), argumentText(argument))),
    ...others.flatMap((option) => tagged(flagsOf(option), optionText(option))),
    ...(after === "" ? [] : verbatim(after)),
  ];
}

/** Commands without subcommands, in the order of the help, each with its place. */
function leaves(program: Command): readonly (readonly [Command, Place])[] {
  const places = new Map(placesOf(program).map((place) => [place.path, place]));
  const below = (
    command: Command,
    path: readonly string[],
  ): readonly (readonly [Command, Place])[] =>
    command.commands.flatMap((sub) => {
      const words = [...path, sub.name()];
      const place = places.get(words.join(" "));
      if (sub.commands.length > 0 || place === undefined) return below(sub, words);
      return [[sub, place] as const];
    });
  return below(program, []);
}

/** The page; `version`: of the program; `date`: as 2026-01-31. */
export function manPage(
  program: Command,
  { version, date }: { readonly version: string; readonly date: string },
): string {
  const lines = [
    '.\\" Made from the commands of hpim-dm by tools/man-page.ts.',
    `.TH HPIM\\-DM 8 ${date} "hpim\\-dm ${version}" "System Manager's Manual"`,
    ...section("NAME", `hpim\\-dm \\- ${plain(program.description())}`),
    ...section("SYNOPSIS", `${bold("hpim-dm")} ${italic("command")} [${italic("options")}]`),
    ...section(
      "DESCRIPTION",
      "hpim\\-dm routes IPv4 multicast: it speaks HPIM\\-DM with neighboring routers and IGMP with hosts, and has the kernel forward.",
      "A daemon runs in each network namespace that routes; the commands ask it over its control socket.",
      "To start a daemon takes the capabilities CAP_NET_ADMIN and CAP_NET_RAW; whoever may use its control socket may use all other commands.",
    ),
    ...section(
      "COMMANDS",
      ...leaves(program).flatMap(([command, place]) => commandLines(command, place)),
    ),
    ...section(
      "EXIT STATUS",
      ...EXIT_CODES.flatMap(([code, what]) => tagged(bold(String(code)), plain(`${what}.`))),
    ),
    ...section("SIGNALS", ...SIGNALS.flatMap(([name, what]) => tagged(bold(name), plain(what)))),
    ...section("FILES", ...FILES.flatMap(([file, what]) => tagged(italic(file), sentence(what)))),
    ...section(
      "EXAMPLES",
      ...EXAMPLES.flatMap(([typed, what]) => tagged(bold(typed), sentence(what))),
    ),
    ...section(
      "SEE ALSO",
      SEE_ALSO.map((page) => `${bold(page.slice(0, -3))}${page.slice(-3)}`).join(", "),
    ),
  ];
  return `${lines.join("\n")}\n`;
}
