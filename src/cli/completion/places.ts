// What can stand on the command line, and where: taken from the commands themselves, for the scripts of all shells.
import type { Argument, Command, Option } from "commander";
import { OLD_OPTIONS } from "../old-options.ts";
import { suggestionsFor } from "../suggested-values.ts";

/** What can stand behind the words of a command. */
export interface Place {
  /** The words of the command, joined by blanks. */
  readonly path: string;
  readonly subcommands: readonly Command[];
  readonly options: readonly Option[];
  readonly positions: readonly Argument[];
}

/** The places of a command and of those below it; `path`: its own words. */
export function placesOf(command: Command, path: readonly string[] = []): readonly Place[] {
  const help = command.createHelp();
  const place = {
    path: path.join(" "),
    subcommands: help.visibleCommands(command),
    options: help.visibleOptions(command),
    positions: command.registeredArguments,
  };
  const subs = command.commands.flatMap((sub) => placesOf(sub, [...path, sub.name()]));
  return [place, ...subs];
}

const each = <Item>(items: readonly Item[]): readonly Item[] => [...new Set(items)];

/** The names of options, each once. */
export const namesOf = (options: readonly Option[]): readonly string[] =>
  each(options.flatMap(({ long }) => long ?? []));

/** The options of all places that take a value. */
export const takersIn = (places: readonly Place[]): readonly Option[] =>
  places.flatMap(({ options }) => options.filter(({ required }) => required));

const OLD = OLD_OPTIONS.filter(({ standing }) => "commands" in standing);

/** The names of the Python router's options that are taken. */
export const OLD_NAMES: readonly string[] = each(OLD.flatMap(({ short, long }) => [short, long]));

/** The names of those that take a value of this name. */
export const oldOptionsWith = (value: string): readonly string[] =>
  OLD.filter(({ values }) => values.includes(value)).flatMap(({ short, long }) =>
    each([short, long]),
  );

/** What a value can be; "other": words, or nothing that is known here. */
export const VALUE_KINDS = ["interface", "file", "directory", "other"] as const;
/** What a value is. */
export type ValueKind = (typeof VALUE_KINDS)[number];

/** What the value of this name is. */
export const kindOf = (name: string): ValueKind =>
  VALUE_KINDS.find((kind) => kind === name) ?? "other";

/** What the value of an option is, as its description names it: "--config <file>". */
const kindOfOption = ({ long, flags }: Option): ValueKind =>
  long === "--interface" ? "interface" : kindOf(/<([^>]+)>/.exec(flags)?.[1] ?? "");

/** The names of the Python router's options with a value of this kind. */
const OLD_TAKERS: Readonly<Record<ValueKind, readonly string[]>> = {
  interface: oldOptionsWith("IF"),
  file: oldOptionsWith("FILE"),
  directory: [],
  other: [],
};

/** The names of options with a value of this kind, in whatever place. */
export const takersOf = (places: readonly Place[], kind: ValueKind): readonly string[] => [
  ...namesOf(takersIn(places).filter((option) => kindOfOption(option) === kind)),
  ...OLD_TAKERS[kind],
];

/** The options whose values have words, each with those and with the words before its value. */
export const optionsWithWords = (
  places: readonly Place[],
): readonly { readonly before: string; readonly words: readonly string[] }[] =>
  places.flatMap(({ path, options }) =>
    options.flatMap((option) => {
      const words = suggestionsFor(option);
      return words.length === 0 ? [] : [{ before: `${path} ${option.long}`, words }];
    }),
  );

/** One branch of a shell's `case`. */
export const choice = (patterns: readonly string[], commands: string): string =>
  `    ${patterns.join(" | ")}) ${commands} ;;`;
