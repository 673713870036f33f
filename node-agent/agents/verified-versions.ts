/** Versions whose screens and records were held against the model's side, message by message (2026-11-23). */
export const verifiedVersions: Readonly<Record<string, string>> = {
  claude: "2.1.197",
  codex: "0.169.0",
  gemini: "0.61.0",
  opencode: "1.18.33",
};
