export const realAgentKinds = ["claude", "codex", "gemini", "opencode"] as const;
export type RealAgentKind = (typeof realAgentKinds)[number];

export function isRealAgentKind(name: string): name is RealAgentKind {
  return (realAgentKinds as readonly string[]).includes(name);
}
