/** How the bundled demo agent is told apart and read: what anyone would write into the configuration for an agent of their own. */
export const demoProfile = {
  name: "demo-agent",
  process: { names: ["node"], argument: "/demo-agent\\.mjs$" },
  screen: {
    composer: { above: "^─+$", first: "^› ?(?<text>.*)$", next: "^ {2}(?<text>.*)$", below: "^─+$" },
    busy: ["^\\* Working…"],
    dialog: ["^ {2}enter confirm · esc cancel$"],
    menu: ["^ {2}enter choose · esc close$"],
    queued: ["^ {2}queued: (?<text>.*)$"],
  },
  queueKey: "Enter",
  record: { path: "~/.demo-agent/sessions/*.jsonl", textField: "text", roleField: "type", userRole: "user", answerRole: "assistant" },
};
