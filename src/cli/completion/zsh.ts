// hpim-dm completion zsh: the same for zsh, which shows what each word is for.
import type { Argument, Command, Option } from "commander";
import { ALGORITHM_NAMES } from "../../api/algorithms.ts";
import { suggestionsFor } from "../suggested-values.ts";
import {
  choice,
  namesOf,
  OLD_NAMES,
  oldOptionsWith,
  type Place,
  placesOf,
  takersIn,
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

/** What completes a value of this name. */
function valuesOf(name: string, words: readonly string[]): string {
  switch (name) {
    case "interface":
      return `values=${INTERFACES}`;
    case "file":
      return "files=_files";
    case "directory":
      return "files=_directories";
    default:
      return `values=${list(words.map(quoted))}`;
  }
}

const argumentAt = (path: string, argument: Argument, position: number): string =>
  choice([quoted(`${path} ${position}`)], valuesOf(argument.name(), suggestionsFor(argument)));

/** The name of an option's value, as its description has it: "--config <file>". */
function valueName({ long, flags }: Option): string {
  return long === "--interface" ? "interface" : (/<([^>]+)>/.exec(flags)?.[1] ?? "");
}

/** The values of all options that take one; of the same name in all places. */
function optionValues(places: readonly Place[]): readonly string[] {
  const byName = new Map(takersIn(places).map((option) => [option.long ?? "", option]));
  return [...byName].map(([name, option]) =>
    choice([name], `only=1 ${valuesOf(valueName(option), option.argChoices ?? [])}`),
  );
}

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
${choice(oldOptionsWith("IF"), `only=1 values=${INTERFACES}`)}
${choice(oldOptionsWith("FILE"), "only=1 files=_files")}
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
