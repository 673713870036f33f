import { reasons, type Reason } from "../../core/errors/reasons.js";

export const failureClasses = ["target", "auth", "machine", "stale_package", "routing", "dispatch_bug", "unknown"] as const;
export type FailureClass = (typeof failureClasses)[number];

export interface Diagnosis {
  readonly schemaVersion: "dispatch.selfHealDiagnosis.v1";
  /** Nothing is ever changed. */
  readonly dryRun: true;
  readonly classification: FailureClass;
  /** 0 to 1. */
  readonly confidence: number;
  /** What in the text speaks for it, redacted. */
  readonly evidence: readonly string[];
  readonly actions: readonly string[];
  /** Who has to do it. */
  readonly route: "target_owner" | "credentials" | "machine_owner" | "upgrade" | "configuration" | "dispatch_issue" | "person";
  /** The text, redacted and cut. */
  readonly excerpt: string;
}

const maxRead = 65_536;
const maxInput = 4096;
const maxExcerpt = 1200;
const maxEvidence = 5;

interface Sign {
  readonly of: Exclude<FailureClass, "unknown">;
  readonly pattern: RegExp;
  /** How much it says: 3 names the fault, 1 is only often said with it. */
  readonly weight: 1 | 2 | 3;
}

const sign = (of: Sign["of"], weight: Sign["weight"], pattern: RegExp): Sign => ({ of, weight, pattern });

const signs: readonly Sign[] = [
  sign("target", 3, /can't find (?:pane|window|session)|no such (?:pane|window|session)|(?:there is no|target) pane\b|pane (?:is )?(?:dead|gone|not found)|no server running on|more than one pane/iu),
  sign("target", 2, /not (?:a known|an) agent|shows a shell|target (?:not found|is missing)|question that|a (?:dialog|menu) is open|unsent text|agent (?:is busy|has exited)/iu),
  sign("auth", 3, /permission denied \(publickey|authentication failed|unauthori[sz]ed|invalid (?:api key|token|credentials)|\b401\b|token (?:has )?expired/iu),
  sign("auth", 2, /permission denied|\b403\b|forbidden|not logged in|login required|please (?:run .*)?log ?in/iu),
  sign("machine", 3, /no route to host|host is down|could not resolve hostname|connection timed out|network is unreachable|no space left on device|out of memory|cannot allocate memory/iu),
  sign("machine", 2, /connection (?:refused|reset|closed)|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENOSPC|ENOMEM|node of that machine does not answer/iu),
  sign("stale_package", 3, /unknown (?:option|command|syntax|flag)|UNIMPLEMENTED|version that does not know|unsupported (?:schema|protocol) version|requires (?:dispatch|node) (?:version )?[v>\d]/iu),
  sign("stale_package", 2, /cannot find (?:module|package)|MODULE_NOT_FOUND|outdated|deprecated version|version mismatch|command not found/iu),
  sign("routing", 3, /no machine (?:of this name|named)|unknown machine|no (?:such )?route for|wrong machine|not registered (?:in|with) the (?:fleet|registry)/iu),
  sign("routing", 2, /sessions (?:query|registry)|unsupported target source|ambiguous (?:target|machine)|delivered to the wrong/iu),
  sign("dispatch_bug", 3, /something went wrong inside|unhandled (?:promise )?rejection|assertion (?:failed|error)|TypeError: |ReferenceError: |RangeError: |SQLITE_CORRUPT|database is damaged/iu),
  sign("dispatch_bug", 1, /^\s+at .+:\d+:\d+\)?$/mu),
];

/** Reasons of our own catalogue say it best. */
const reasonClasses: Readonly<Partial<Record<Reason, Sign["of"]>>> = {
  not_found: "target", ambiguous_target: "target", no_tmux_server: "target", tmux_lost: "target", pane_dead: "target", pane_changed: "target", is_shell: "target", not_an_agent: "target",
  agent_busy: "target", agent_starting: "target", agent_exited: "target", agent_wedged: "target", dialog_open: "target", menu_open: "target", draft_present: "target", state_unknown: "target",
  copy_mode_stuck: "target", cannot_queue: "target", record_unreadable: "target",
  no_permission: "auth", policy_denied: "auth",
  no_tmux: "machine", node_unreachable: "machine", daemon_unavailable: "machine", state_unwritable: "machine",
  other_version: "stale_package", unknown_machine: "routing", internal: "dispatch_bug", store_corrupt: "dispatch_bug",
};

const advice: Readonly<Record<FailureClass, { readonly route: Diagnosis["route"]; readonly actions: readonly string[] }>> = {
  target: { route: "target_owner", actions: ["List the panes: dispatch targets", "Ask what would be safe there: dispatch triage --to TARGET"] },
  auth: { route: "credentials", actions: ["Log in again, or renew the key that is named", "Check that the pane and the process belong to the same user"] },
  machine: { route: "machine_owner", actions: ["Check that the machine answers and has free space", "Look at both ends: dispatch status, dispatch doctor"] },
  stale_package: { route: "upgrade", actions: ["Compare the versions: dispatch version --json on both sides", "Upgrade, then: dispatch daemon restart"] },
  routing: { route: "configuration", actions: ["Check the machine's name: dispatch targets, dispatch config", "Name the machine in the target: machine/session:window.pane"] },
  dispatch_bug: { route: "dispatch_issue", actions: ["Look at the log in the state folder and run: dispatch doctor", "Report it with the version and this text"] },
  unknown: { route: "person", actions: ["Run: dispatch doctor", "Look at the delivery: dispatch show ID"] },
};

/** What kind of failure a text tells of. Pure beside the redaction; the end of a long text counts. */
export async function diagnoseText(text: string): Promise<Diagnosis> {
  const { redact } = await import("../../core/redaction/redact.js");
  // Redacted before it is cut, so that no secret is cut into something that no longer looks like one.
  const redacted = (await redact(text.slice(-maxRead))).text.slice(-maxInput);
  const scores = new Map<FailureClass, number>();
  const evidence = new Map<FailureClass, string[]>();
  const add = (of: FailureClass, weight: number, line: string): void => {
    scores.set(of, (scores.get(of) ?? 0) + weight);
    evidence.set(of, [...(evidence.get(of) ?? []), line.slice(0, 200)]);
  };
  for (const { of, weight, pattern } of signs) {
    const found = pattern.exec(redacted);
    if (found) add(of, weight, lineAt(redacted, found.index));
  }
  for (const [reason, of] of Object.entries(reasonClasses)) {
    const { sentence } = reasons[reason as Reason];
    if (reason.includes("_") && new RegExp(String.raw`\b${reason}\b`, "u").test(redacted)) add(of, 3, reason);
    else if (redacted.includes(sentence)) add(of, 3, sentence);
  }
  const [best, second] = [...scores].toSorted((a, b) => b[1] - a[1]);
  const total = [...scores.values()].reduce((sum, score) => sum + score, 0);
  // What is even speaks for nothing.
  const classification = best && best[1] !== second?.[1] ? best[0] : "unknown";
  const confidence = classification === "unknown" || !best ? 0 : Math.round(Math.min(0.95, (best[1] / total) * Math.min(1, 0.4 + best[1] * 0.18)) * 100) / 100;
  return {
    schemaVersion: "dispatch.selfHealDiagnosis.v1", dryRun: true, classification, confidence,
    evidence: (evidence.get(classification) ?? []).slice(0, maxEvidence), ...advice[classification], excerpt: redacted.slice(-maxExcerpt),
  };
}

function lineAt(text: string, index: number): string {
  const end = text.indexOf("\n", index);
  return text.slice(text.lastIndexOf("\n", index) + 1, end < 0 ? undefined : end).trim();
}
