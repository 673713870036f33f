/** Every verb, in the order in which the help lists them. Apart from their code: the help needs nothing else. */
export const about = {
  send: "Send a prompt to an agent, or to many, and prove that they have it",
  bulk: "Send one prompt to many agents, within limits",
  key: "Press one key in an agent, where that is safe",
  targets: "List panes and what is in them, or look at one",
  capture: "Print the text of a pane",
  watch: "Print the state of panes whenever it changes",
  list: "List deliveries",
  show: "Show one delivery with its steps and its evidence",
  status: "Show the health of coordinator and nodes, or where one delivery stands",
  cancel: "Stop a delivery whose submit key was not pressed yet",
  up: "Start the background process",
  down: "End the background process",
  daemon: "status, ensure, stop: the background process, for programs",
  doctor: "Look for whatever would keep deliveries from being proven",
  completion: "Print a script that completes commands in bash, zsh or fish",
  version: "Print the version of this program and of its contract",
  config: "Print the configuration and where each value came from",
} as const;

export type Verb = keyof typeof about;
