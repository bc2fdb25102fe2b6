// What an interactive zsh offers for the last word of a line, with its own completion system.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The shell that is asked: what is offered is written to a file, and not shown. */
const ASKED = `
PROMPT=
unsetopt auto_list
[[ $WAY = found ]] && fpath=($FILES $fpath)
autoload -U compinit && compinit -u -D
[[ $WAY = sourced ]] && source $FILES/_hpim-dm
bindkey '^I' complete-word
compadd() {
  if [[ \${@[1,(i)(-|--)]} = *-(O|A|D)\\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a offers
  builtin compadd -O offers "$@"
  ((\${#offers})) && print -rl -- $offers >>$FILES/offers
  # Where nothing is added, zsh looks for something else.
  builtin compadd "$@"
}
finished() { print '<end>'; comppostfuncs=(finished) }
comppostfuncs=(finished)
print '<ready>'
`;

/** The one that types: each of its arguments is a line, which ends with the tabulator key. */
const TYPES = `
zmodload zsh/zpty
zpty asked zsh -f -i
zpty -w asked "source $FILES/asked"
zpty -r asked text '*<ready>*'
for line; do
  : >$FILES/offers
  zpty -w -n asked $'\\C-u'"$line"$'\\t'
  zpty -r asked text '*<end>*'
  offers=("\${(@f)$(<$FILES/offers)}")
  print -r -- "\${(pj:\\t:)offers}"
done
zpty -d asked
`;

/** How the script gets into zsh: sourced, or as a function that is found in $fpath. */
export type Way = "sourced" | "found";

/** What zsh offers with this script for each of these lines, each word once, where a file "_hpim-dm" and a "directory" are. */
export function offeredByZsh(
  script: string,
  way: Way,
  lines: readonly string[],
): readonly (readonly string[])[] {
  const files = mkdtempSync(join(tmpdir(), "hpt-zsh-"));
  try {
    mkdirSync(join(files, "directory"));
    writeFileSync(join(files, "_hpim-dm"), script);
    writeFileSync(join(files, "asked"), ASKED);
    const out = execFileSync("zsh", ["-f", "-c", TYPES, "zsh", ...lines], {
      cwd: files,
      encoding: "utf8",
      env: { ...process.env, FILES: files, WAY: way, TERM: "dumb" },
      timeout: 60_000,
    });
    const answers = out.split("\n").slice(0, lines.length);
    return answers.map((answer) => [...new Set(answer.split("\t").filter((word) => word !== ""))]);
  } finally {
    rmSync(files, { recursive: true });
  }
}
