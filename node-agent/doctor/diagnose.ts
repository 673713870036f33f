import type { DetectedTarget } from "../../core/domain/detection.js";
import type { Finding } from "../../core/domain/finding.js";
import { verifiedVersions } from "../agents/verified-versions.js";
import type { TmuxServers } from "../tmux/tmux-servers.js";
import { tmuxVersion } from "../tmux/tmux-version.js";

export interface DiagnoseDeps {
  readonly servers: TmuxServers;
  readonly environment: Readonly<Record<string, string | undefined>>;
  targets(): Promise<DetectedTarget[]>;
}

/** Looks at everything that a proven delivery rests on. */
export async function diagnose(deps: DiagnoseDeps): Promise<Finding[]> {
  const tmux = await findTmux(deps);
  if (tmux.severity === "error") return [tmux];
  const servers = await deps.servers.paths();
  const targets = await deps.targets();
  return [tmux, findServers(servers), ...targets.filter((t) => t.detection.targetKind === "agent").map(findAgent)];
}

async function findTmux(deps: DiagnoseDeps): Promise<Finding> {
  try {
    const version = await tmuxVersion(deps.environment);
    const [major = 0, minor = 0] = version.match(/\d+/gu)?.map(Number) ?? [];
    return major > 3 || (major === 3 && minor >= 2)
      ? { severity: "ok", subject: "tmux", detail: `tmux ${version}`, hint: "" }
      : { severity: "error", subject: "tmux", detail: `tmux ${version} is too old.`, hint: "Install tmux 3.2 or later." };
  } catch {
    return { severity: "error", subject: "tmux", detail: "tmux is not installed.", hint: "Install tmux 3.2 or later." };
  }
}

function findServers(paths: readonly string[]): Finding {
  return paths.length > 0
    ? { severity: "ok", subject: "tmux servers", detail: paths.join(", "), hint: "" }
    : { severity: "warning", subject: "tmux servers", detail: "No tmux server is running.", hint: "Start one with `tmux new-session`." };
}

/** An agent whose version was never held against its record may write it in another way: then deliveries end unconfirmed, never wrong. */
function findAgent({ target, detection }: DetectedTarget): Finding {
  const subject = `${detection.agentKind} at ${target.target}`;
  const verified = verifiedVersions[detection.agentKind];
  const what = `${detection.agentVersion || "unknown version"}, ${detection.state}`;
  if (!verified) return { severity: "ok", subject, detail: what, hint: "" };
  if (verified.includes(detection.agentVersion)) return { severity: "ok", subject, detail: `${what}; record and screen verified`, hint: "" };
  return {
    severity: "warning", subject, detail: `${what}; record and screen were verified with ${verified.join(" and ")}`,
    hint: "Send a prompt with --wait finished: a delivered one proves that this version still writes its record.",
  };
}
