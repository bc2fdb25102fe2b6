// hpim-dm completion bash: a script that completes words of the command line in bash, made from the commands themselves.
import type { Argument, Command } from "commander";
import { ALGORITHM_NAMES } from "../../api/algorithms.ts";
import { suggestionsFor } from "../suggested-values.ts";
import {
  choice,
  kindOf,
  namesOf,
  OLD_NAMES,
  oldOptionsWith,
  optionsWithWords,
  type Place,
  placesOf,
  takersIn,
  takersOf,
  VALUE_KINDS,
  type ValueKind,
} from "./places.ts";

/** compgen expands what it is given: a name that is more than a word is left out. */
const INTERFACES = "$(ls /sys/class/net | grep -x '[A-Za-z0-9_.:@-]*')";

const optionsAt = ({ path, subcommands, options }: Place): string =>
  choice(
    [`"${path}"`],
    `words="${subcommands.map((sub) => sub.name()).join(" ")}" options="${namesOf(options).join(" ")}"`,
  );

/** What completes a value of a kind: words, or names that bash itself completes. */
const COMPLETING: Readonly<Record<ValueKind, string>> = {
  interface: `words="${INTERFACES}" names=""`,
  file: 'words="" names=default',
  directory: 'words="" names=dirnames',
  other: 'words="" names=""',
};

const wordsAt = (words: readonly string[]): string => `words="${words.join(" ")}"`;

function argumentAt(path: string, argument: Argument, position: number): string {
  const words = suggestionsFor(argument);
  const completing = words.length > 0 ? wordsAt(words) : COMPLETING[kindOf(argument.name())];
  return choice([`"${path} ${position}"`], completing);
}

/** The values of all options that take one. */
const optionValues = (places: readonly Place[]): readonly string[] =>
  VALUE_KINDS.map((kind) => choice(takersOf(places, kind), COMPLETING[kind]));

const optionWords = (places: readonly Place[]): readonly string[] =>
  optionsWithWords(places).map(({ before, words }) => choice([`"${before}"`], wordsAt(words)));

/** The script, to be sourced by bash. */
export function bashCompletion(program: Command): string {
  const places = placesOf(program);
  const paths = places.flatMap(({ path }) => (path === "" ? [] : [`"${path}"`]));
  const takers = namesOf(takersIn(places));
  const positions = places.flatMap(({ path, positions: all }) =>
    all.map((argument, position) => argumentAt(path, argument, position)),
  );
  return `# Completes hpim-dm in bash: source it, or put it into /usr/share/bash-completion/completions/hpim-dm.
_hpim_dm() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} path="" words="" options="" names="" position=0 i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${path:+$path }\${COMP_WORDS[i]}" in
      ${paths.join(" | ")}) path="\${path:+$path }\${COMP_WORDS[i]}"; continue ;;
    esac
    case "\${COMP_WORDS[i]}" in
      ${takers.join(" | ")}) ((i++)) ;;
      -*) ;;
      *) ((position++)) ;;
    esac
  done
  case "$path" in
${places.map(optionsAt).join("\n")}
  esac
  case "$path $position" in
${positions.join("\n")}
  esac
  [[ -n $path ]] || options+=" ${OLD_NAMES.join(" ")}"
  [[ $current != -* && -n $words$names ]] || words+=" $options"
  case "$previous" in
${optionValues(places).join("\n")}
  esac
  case "$path $previous" in
${optionWords(places).join("\n")}
  esac
  case "\${COMP_WORDS[COMP_CWORD > 2 ? COMP_CWORD - 3 : 0]}" in
    ${oldOptionsWith("HASH").join(" | ")}) words="${ALGORITHM_NAMES.join(" ")}" ;;
  esac
  [[ -z $names ]] || compopt -o "$names"
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _hpim_dm hpim-dm
`;
}
