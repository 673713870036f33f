/** Versions whose screens and records were held against the model's side, message by message (2026-11-23 and 2026-11-29). */
export const verifiedVersions: Readonly<Record<string, readonly string[]>> = {
  claude: ["2.1.197", "2.1.332"],
  codex: ["0.169.0", "0.171.0"],
  gemini: ["0.61.0"],
  opencode: ["1.18.33"],
};
