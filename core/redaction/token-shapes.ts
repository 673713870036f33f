import type { SecretRange } from "./secret-range.js";

interface TokenShape {
  readonly label: string;
  /** Global; where it has a group, the group is the secret. */
  readonly pattern: RegExp;
}

/** Secrets that are known by their own shape, wherever they stand. Lengths are lower bounds: a longer one is gone as a whole. */
const shapes: readonly TokenShape[] = [
  { label: "openai-key", pattern: /\bsk-proj-[A-Za-z0-9_-]{16,}/gu },
  { label: "api-key", pattern: /\bsk-[A-Za-z0-9_-]{20,}/gu },
  { label: "api-key", pattern: /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/gu },
  { label: "github-token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9_]{20,}|github_pat_[A-Za-z0-9_]{20,})/gu },
  { label: "gitlab-token", pattern: /\bgl(?:pat|ptt|dt|rt|cbt|soat|ft)-[A-Za-z0-9_.-]{20,}/gu },
  { label: "slack-token", pattern: /\b(?:xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{20,}|xapp-[A-Za-z0-9-]{20,})/gu },
  { label: "slack-webhook", pattern: /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9_/-]{20,})/gu },
  { label: "aws-access-key", pattern: /\b(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AIPA|ANPA|ANVA|AROA)[A-Z0-9]{16}\b/gu },
  { label: "jwt", pattern: /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)*/gu },
  { label: "npm-token", pattern: /\bnpm_[A-Za-z0-9]{30,}/gu },
  { label: "google-api-key", pattern: /\bAIza[A-Za-z0-9_-]{30,}/gu },
  { label: "google-token", pattern: /\b(?:ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}|1\/\/0[A-Za-z0-9_-]{30,})/gu },
  { label: "huggingface-token", pattern: /\bhf_[A-Za-z0-9]{30,}/gu },
  { label: "groq-key", pattern: /\bgsk_[A-Za-z0-9]{20,}/gu },
  { label: "xai-key", pattern: /\bxai-[A-Za-z0-9]{40,}/gu },
  { label: "pypi-token", pattern: /\bpypi-[A-Za-z0-9_-]{50,}/gu },
  { label: "sendgrid-key", pattern: /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/gu },
  { label: "digitalocean-token", pattern: /\bdo[opr]_v1_[a-f0-9]{40,}/gu },
  { label: "shopify-token", pattern: /\bshp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32,}/gu },
  { label: "telegram-token", pattern: /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/gu },
  { label: "age-key", pattern: /\bAGE-SECRET-KEY-1[A-Z0-9]{50,}/gu },
  { label: "atlassian-token", pattern: /\bATATT3[A-Za-z0-9_=-]{50,}/gu },
  { label: "linear-key", pattern: /\blin_(?:api|oauth)_[A-Za-z0-9]{30,}/gu },
  { label: "azure-key", pattern: /\b(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{40,}={0,2})/gu },
  { label: "bearer-token", pattern: /\b(?:[Bb]earer|BEARER)\s+([A-Za-z0-9._~+/-]{20,}=*)/gu },
  { label: "basic-credentials", pattern: /\b(?:[Bb]asic|BASIC)\s+([A-Za-z0-9+/]{12,}={0,2})(?![A-Za-z0-9+/ ])/gu },
  { label: "password", pattern: /\bcurl\b[^\n]*?\s(?:-u|--user)[ =]?["']?[^\s:"'$]+:(?![$<{])([^\s"']{3,})/gu },
  // Not the words that documents write in its place.
  { label: "url-password", pattern: /:\/\/[^\s:/@"'<>]*:(?!(?:[Pp]ass(?:word|wd)?|pwd|secret|token|x{3,}|\*+)@|[$<{%])([^\s@/"'<>]{3,})@/gu },
];

/** Every secret of a known shape. */
export function tokensIn(text: string): SecretRange[] {
  return shapes.flatMap(({ label, pattern }) => Array.from(text.matchAll(pattern), (match) => {
    const secret = match[1] ?? match[0];
    const start = match.index + match[0].lastIndexOf(secret);
    return { start, end: start + secret.length, label };
  }));
}
