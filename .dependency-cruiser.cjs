// Who may import whom. Checked on a copy of the sources that holds imports alone (scripts/check-imports.mjs), types included.

/** A rule that forbids imports from one set of files to another. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const rooms = "^(core|node-agent|coordinator|sdk|cli|mcp)/";
const wiring = "/main\\.js$|^[^/]+/dispatch-[^/]+\\.js$";
const npm = (name) => `^(node_modules/)?${name}(/|$)`;

module.exports = {
  forbidden: [
    forbid("no-circular", "No import cycles.", {}, { circular: true }),
    forbid("core-stands-alone", "core imports the generated contract and nothing else of ours.", { path: "^core/" }, { path: "^(node-agent|coordinator|sdk|cli|mcp)/" }),
    forbid("node-agent-imports", "The node imports core and proto.", { path: "^node-agent/" }, { path: "^(coordinator|sdk|cli|mcp)/" }),
    forbid("coordinator-imports", "The coordinator imports core and proto; its program also serves HTTP.", { path: "^coordinator/", pathNot: "^coordinator/dispatch-coordinator\\.js$" }, { path: "^(node-agent|sdk|cli|mcp)/" }),
    forbid("sdk-imports", "The client library imports core and proto.", { path: "^sdk/" }, { path: "^(node-agent|coordinator|cli|mcp)/" }),
    forbid("cli-imports", "The command line imports sdk and core; embedded.js is the one exception.", { path: "^cli/", pathNot: "^cli/embedded\\.js$" }, { path: "^(node-agent|coordinator|mcp|proto)/" }),
    forbid("mcp-imports", "The MCP server imports sdk and core.", { path: "^mcp/" }, { path: "^(node-agent|coordinator|cli|proto)/" }),
    forbid("embedded-is-a-program", "Nothing imports the embedded mode.", {}, { path: "^cli/embedded\\.js$" }),
    forbid("ports-know-no-adapter", "A port imports no adapter: only wiring does.",
      { path: "^(coordinator/store/(delivery|schedule)-store|coordinator/scheduler/waker|node-agent/node|node-agent/agents/agent-adapter|node-agent/processes/process-facts|node-agent/records/agent-record|node-agent/screen/screen)\\.js$" },
      { path: "(sqlite-|node-schedule-|/agents/[^/]+/|/tmux/|proc-|ps-|local-node)" }),
    forbid("adapters-are-wired", "Only wiring and its own room import the store's adapter.", { path: rooms, pathNot: `${wiring}|^coordinator/store/` }, { path: "^coordinator/store/sqlite-" }),
    forbid("agents-stand-apart", "An agent's folder knows no other agent's; composer/ is what they share, and Codewith is a fork of Codex.",
      { path: "^node-agent/agents/(?!composer/|codewith/)([^/]+)/" }, { path: "^node-agent/agents/[^/]+/", pathNot: "^node-agent/agents/($1|composer)/" }),
    forbid("sqlite-in-stores", "better-sqlite3 is used in stores and record readers.", { path: rooms, pathNot: "/store/|^node-agent/(records|agents)/" }, { path: npm("better-sqlite3") }),
    forbid("processes-in-launchers", "Processes are started by tmux, process facts, the sessions registry, tailscale, launchers and what talks to the service manager and to ssh.", { path: rooms, pathNot: "^node-agent/(tmux|processes|sessions)/|^sdk/daemon/|^sdk/service/|^core/systemd/|^core/tailscale/|^sdk/ssh/|^coordinator/nodes/(ssh-bridge|carry-program)" }, { path: "^(node:)?child_process$" }),
    forbid("clipanion-in-cli", "Only the command line knows its parser.", { path: rooms, pathNot: "^cli/" }, { path: npm("clipanion") }),
    forbid("mcp-sdk-in-mcp", "Only the MCP server knows its library.", { path: rooms, pathNot: "^mcp/" }, { path: npm("@modelcontextprotocol") }),
    forbid("sources-import-no-tests", "Sources import no tests.", { path: rooms }, { path: "^(test|scripts)/" }),
    forbid("resolvable", "Every import leads somewhere.", {}, { couldNotResolve: true }),
    forbid("no-dev-dependencies", "What is installed with us is all that sources need.", { path: rooms }, { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["npm"] }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
