// hpim-dm completion zsh: the same for zsh, which shows what each word is for.
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

const INTERFACES = "(/sys/class/net/*(N:t))";

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A word as _describe takes it: what is behind the first colon is shown beside it. */
const described = (name: string, description: string): string =>
  quoted(`${name.replaceAll(":", "\\:")}:${description.replaceAll("\n", " ")}`);

const list = (words: readonly string[]): string => `(${words.join(" ")})`;

function optionsAt({ path, subcommands, options }: Place): string {
  const commands = subcommands.map((sub) =>
    described(sub.name(), sub.summary() || sub.description()),
  );
  const names = options.flatMap(({ long, description }) =>
    long ? described(long, description) : [],
  );
  return choice([quoted(path)], `commands=${list(commands)} options=${list(names)}`);
}

/** What completes a value of a kind. */
const COMPLETING: Readonly<Record<ValueKind, string>> = {
  interface: `values=${INTERFACES} files=""`,
  file: "values=() files=_files",
  directory: "values=() files=_directories",
  other: 'values=() files=""',
};

const wordsAsValues = (words: readonly string[]): string => `values=${list(words.map(quoted))}`;

function argumentAt(path: string, argument: Argument, position: number): string {
  const words = suggestionsFor(argument);
  const completing = words.length > 0 ? wordsAsValues(words) : COMPLETING[kindOf(argument.name())];
  return choice([quoted(`${path} ${position}`)], completing);
}

/** The values of all options that take one. */
const optionValues = (places: readonly Place[]): readonly string[] =>
  VALUE_KINDS.map((kind) => choice(takersOf(places, kind), `only=1 ${COMPLETING[kind]}`));

const optionWords = (places: readonly Place[]): readonly string[] =>
  optionsWithWords(places).map(({ before, words }) =>
    choice([quoted(before)], wordsAsValues(words)),
  );

/** The script, to be sourced by zsh, or found as the function _hpim-dm in its $fpath. */
export function zshCompletion(program: Command): string {
  const places = placesOf(program);
  const paths = places.flatMap(({ path }) => (path === "" ? [] : [quoted(path)]));
  const positions = places.flatMap(({ path, positions: all }) =>
    all.map((argument, position) => argumentAt(path, argument, position)),
  );
  return `#compdef hpim-dm
# Completes hpim-dm in zsh: source it behind compinit, or put it into a directory of $fpath as _hpim-dm.
_hpim_dm() {
  local place="" files="" only="" position=0 i
  local -a commands options values
  for ((i = 2; i < CURRENT; i++)); do
    case "\${place:+$place }\${words[i]}" in
      ${paths.join(" | ")}) place="\${place:+$place }\${words[i]}"; continue ;;
    esac
    case "\${words[i]}" in
      ${namesOf(takersIn(places)).join(" | ")}) ((i++)) ;;
      -*) ;;
      *) ((position++)) ;;
    esac
  done
  case "$place" in
${places.map(optionsAt).join("\n")}
  esac
  case "$place $position" in
${positions.join("\n")}
  esac
  [[ -n $place ]] || options+=(${OLD_NAMES.join(" ")})
  case "\${words[CURRENT - 1]}" in
${optionValues(places).join("\n")}
  esac
  case "$place \${words[CURRENT - 1]}" in
${optionWords(places).join("\n")}
  esac
  if ((CURRENT > 3)); then
    case "\${words[CURRENT - 3]}" in
${choice(oldOptionsWith("HASH"), `only=1 values=${list(ALGORITHM_NAMES)}`)}
    esac
  fi
  if [[ -n $only ]]; then
    commands=() options=()
  elif [[ $PREFIX != -* && -n "$commands$values$files" ]]; then
    options=()
  fi
  local result=1
  ((\${#commands})) && _describe -t commands command commands && result=0
  ((\${#options})) && _describe -o -t options option options && result=0
  ((\${#values})) && compadd -a values && result=0
  [[ -n $files && $PREFIX != -* ]] && $files && result=0
  return result
}
if [[ \${funcstack[1]} = _hpim-dm ]]; then _hpim_dm; else compdef _hpim_dm hpim-dm; fi
`;
}
