// hpim-dm completion bash: a script that completes words of the command line in bash, made from the commands themselves.
import type { Argument, Command } from "commander";
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

/** compgen expands what it is given: a name that is more than a word is left out. */
const INTERFACES = "$(ls /sys/class/net | grep -x '[A-Za-z0-9_.:@-]*')";

const optionsAt = ({ path, subcommands, options }: Place): string =>
  choice(
    [`"${path}"`],
    `words="${subcommands.map((sub) => sub.name()).join(" ")}" options="${namesOf(options).join(" ")}"`,
  );

function argumentAt(path: string, argument: Argument, position: number): string {
  const isInterface = argument.name() === "interface";
  const words = isInterface ? INTERFACES : suggestionsFor(argument).join(" ");
  const files = argument.name() === "file" ? " files=1" : "";
  return choice([`"${path} ${position}"`], `words="${words}"${files}`);
}

/** The script, to be sourced by bash. Where nothing is known, bash completes file names. */
export function bashCompletion(program: Command): string {
  const places = placesOf(program);
  const paths = places.flatMap(({ path }) => (path === "" ? [] : [`"${path}"`]));
  const takers = namesOf(takersIn(places));
  const positions = places.flatMap(({ path, positions: all }) =>
    all.map((argument, position) => argumentAt(path, argument, position)),
  );
  return `# Completes hpim-dm in bash: source it, or put it into /usr/share/bash-completion/completions/hpim-dm.
_hpim_dm() {
  local current=\${COMP_WORDS[COMP_CWORD]} path="" words="" options="" files="" position=0 i
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
  [[ $current != -* && -n $words$files ]] || words+=" $options"
  case "\${COMP_WORDS[COMP_CWORD - 1]}" in
    --interface | ${oldOptionsWith("IF").join(" | ")}) words="${INTERFACES}" ;;
    ${takers.filter((name) => name !== "--interface").join(" | ")} | ${oldOptionsWith("FILE").join(" | ")}) words="" ;;
  esac
  case "\${COMP_WORDS[COMP_CWORD > 2 ? COMP_CWORD - 3 : 0]}" in
    ${oldOptionsWith("HASH").join(" | ")}) words="${ALGORITHM_NAMES.join(" ")}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _hpim_dm hpim-dm
`;
}
