import { version } from "../../core/version.js";
import { about } from "../commands/about.js";

const widest = Math.max(...Object.keys(about).map((verb) => verb.length));

export function helpText(): string {
  return [
    `dispatch ${version}: hand prompts to coding agents in tmux panes, and know that they took them.`,
    "",
    "  dispatch send --to work:agent --prompt 'run the tests'",
    "",
    ...Object.entries(about).map(([verb, text]) => `  ${verb.padEnd(widest)}  ${text}`),
    "",
    "dispatch COMMAND --help tells the options of a command; dispatch --version the version.",
    "",
  ].join("\n");
}
