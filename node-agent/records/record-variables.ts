/** Variables of an agent's environment that say where its records are; only these are ever kept. */
export const recordVariables: ReadonlySet<string> = new Set([
  "HOME", "CLAUDE_CONFIG_DIR", "CODEX_HOME", "CODEWITH_HOME", "GEMINI_CLI_HOME", "OPENCODE_DB", "XDG_DATA_HOME",
]);
