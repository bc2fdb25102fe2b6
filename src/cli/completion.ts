// hpim-dm completion: a script that completes words of the command line in bash, made from the commands themselves.
import type { Command } from "commander";
import { OLD_OPTIONS } from "./old-options.ts";

/** What can stand after the words of a command. */
interface Place {
  /** The words of the command, joined by blanks. */
  readonly path: string;
  readonly words: readonly string[];
  readonly completesInterfaces: boolean;
}

/** compgen expands what it is given: a name that is more than a word is left out. */
const INTERFACES = "$(ls /sys/class/net | grep -x '[A-Za-z0-9_.:@-]*')";

function placesOf(command: Command, path: readonly string[]): readonly Place[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const options = help.visibleOptions(command).flatMap(({ long }) => long ?? []);
  const named = command.registeredArguments.map((argument) => argument.name());
  const place = {
    path: path.join(" "),
    words: [...commands.map((sub) => sub.name()), ...options],
    completesInterfaces: named.includes("interface"),
  };
  const subs = command.commands.flatMap((sub) => placesOf(sub, [...path, sub.name()]));
  return [place, ...subs];
}

function line({ path, words, completesInterfaces }: Place): string {
  const all = completesInterfaces ? [INTERFACES, ...words] : words;
  return `    "${path}") words="${all.join(" ")}" ;;`;
}

/** The script, to be sourced by bash. Where nothing is known, bash completes file names. */
export function bashCompletion(program: Command): string {
  const [top, ...places] = placesOf(program, []);
  const old = OLD_OPTIONS.filter(({ standing }) => "commands" in standing);
  const first = [...(top?.words ?? []), ...old.flatMap(({ short, long }) => [short, long])];
  const ofInterfaces = old
    .filter(({ values }) => values[0] === "IF")
    .flatMap(({ short, long }) => [short, long]);
  return `# Completes hpim-dm in bash: source it, or put it into /usr/share/bash-completion/completions/hpim-dm.
_hpim_dm() {
  local current=\${COMP_WORDS[COMP_CWORD]} path="" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${path:+$path }\${COMP_WORDS[i]}" in
      ${places.map(({ path }) => `"${path}"`).join(" | ")}) path="\${path:+$path }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path" in
${[{ path: "", words: [...new Set(first)], completesInterfaces: false }, ...places].map(line).join("\n")}
  esac
  case "\${COMP_WORDS[COMP_CWORD - 1]}" in
    ${ofInterfaces.join(" | ")}) words="${INTERFACES}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _hpim_dm hpim-dm
`;
}
