export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

export interface VerbWords {
  readonly verb: string;
  readonly about: string;
  /** Words that may follow it: those of its own verbs, and its options. */
  readonly words: readonly string[];
}

/** A script that completes verbs and their options; it holds them all, so that completing starts no program. */
export function completionScript(shell: Shell, verbs: readonly VerbWords[]): string {
  switch (shell) {
    case "bash":
      return bash(verbs);
    case "zsh":
      return zsh(verbs);
    case "fish":
      return fish(verbs);
  }
}

function bash(verbs: readonly VerbWords[]): string {
  const cases = verbs.map(({ verb, words }) => `    ${verb}) words="${words.join(" ")}" ;;`).join("\n");
  return `# bash: source <(dispatch completion bash)
_dispatch() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases}
    *) words="${verbs.map(({ verb }) => verb).join(" ")} --help --version" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${verbs.map(({ verb }) => verb).join(" ")} --help --version"
  # No mapfile: the bash of macOS has none.
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _dispatch dispatch
`;
}

function zsh(verbs: readonly VerbWords[]): string {
  const quoted = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(":", "\\:");
  const cases = verbs.map(({ verb, words }) => `    ${verb}) compadd -- ${words.join(" ")}; _files ;;`).join("\n");
  return `#compdef dispatch
# zsh: dispatch completion zsh > a file named _dispatch in a folder of $fpath
_dispatch() {
  local -a verbs
  verbs=(
${verbs.map(({ verb, about }) => `    '${verb}:${quoted(about)}'`).join("\n")}
  )
  if (( CURRENT == 2 )); then _describe verb verbs; return; fi
  case "\${words[2]}" in
${cases}
  esac
}
# Loaded by its first use, it completes at once; sourced, it is made known.
if [[ "\${funcstack[1]}" == _dispatch ]]; then _dispatch "$@"; else compdef _dispatch dispatch; fi
`;
}

function fish(verbs: readonly VerbWords[]): string {
  const quoted = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  const lines = verbs.flatMap(({ verb, about, words }) => [
    `complete -c dispatch -n __fish_use_subcommand -a ${verb} -d '${quoted(about)}'`,
    `complete -c dispatch -n '__fish_seen_subcommand_from ${verb}' -a '${words.join(" ")}'`,
  ]);
  return `# fish: dispatch completion fish > ~/.config/fish/completions/dispatch.fish\n${lines.join("\n")}\n`;
}
