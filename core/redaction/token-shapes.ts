import type { LongWord } from "./long-words.js";
import { toOriginal, type Piece } from "./pieces.js";
import type { SecretRange } from "./secret-range.js";

interface TokenShape {
  readonly label: string;
  /**
   * Global; where it has a group, the group is the secret. A match without the group is none: it goes over what holds no secret, so that no
   * later beginning in it is tried as well.
   */
  readonly pattern: RegExp;
  /**
   * For shapes that go beyond one word: no secret of the shape is where none of these is, so that most texts are not looked at for it at all.
   * Without it the secret lies within one of the `longWordsIn` a text, and only those are looked at.
   */
  readonly needs?: readonly string[];
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
  { label: "jwt", pattern: /\b(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)*)|\beyJ[A-Za-z0-9_-]*/gu },
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
  { label: "bearer-token", needs: ["Bearer", "bearer", "BEARER"], pattern: /\b(?:[Bb]earer|BEARER)\s+([A-Za-z0-9._~+/-]{20,}=*)/gu },
  // A word of prose has no sign of base64 in it: a digit, or a capital behind a small letter.
  { label: "basic-credentials", needs: ["Basic", "basic", "BASIC"], pattern: /\b(?:[Bb]asic|BASIC)\s+(?=[A-Za-z0-9+/]*(?:\d|[a-z][A-Z]|=))([A-Za-z0-9+/]{12,}={0,2})(?![A-Za-z0-9+/ ])/gu },
  { label: "authorization", needs: ["Authorization", "authorization"], pattern: /\b[Aa]uthorization["']?[ \t]*[:=][ \t]*["']?(?:[A-Za-z][A-Za-z0-9-]*[ \t]+)?(?=[A-Za-z0-9._~+/-]*\d)([A-Za-z0-9._~+/-]{16,}={0,2})/gu },
  { label: "password", needs: ["curl"], pattern: /\bcurl\b(?:[^\n]*?\s(?:-u|--user)[ =]?["']?[^\s:"'$]+:(?![$<{])([^\s"']{3,})|[^\n]*)/gu },
  { label: "password", needs: ["sshpass"], pattern: /\bsshpass\s+-p\s*(?![$<{])("[^"\n]+"|'[^'\n]+'|[^\s"']+)/gu },
  { label: "password", needs: ["login"], pattern: /\b(?:docker|podman|nerdctl|oc|helm registry)\s+login\b(?:[^\n]*?\s-p[ =]?(?![$<{])("[^"\n]+"|'[^'\n]+'|[^\s"'-][^\s"']{3,})|[^\n]*)/gu },
  { label: "password", needs: ["-p"], pattern: /\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b(?:[^\n|;]*?\s-p(?![$<{])("[^"\n]+"|'[^'\n]+'|[A-Za-z0-9][^\s"']{3,})|[^\n|;]*)/gu },
  // .netrc, on one line or on several.
  { label: "password", needs: ["login"], pattern: /\b(?:machine\s+\S+|default)\s+login\s+\S+\s+password\s+(?!["'{<$[]|password\b|PASSWORD\b)(\S{3,})/gu },
  // .pgpass: host:port:database:user:password
  { label: "password", needs: [":"], pattern: /:\d{2,5}:(?<=^[A-Za-z0-9.*-]+:\d{2,5}:)[A-Za-z0-9_*-]+:[A-Za-z_][A-Za-z0-9_-]*:([^\s:/]{4,})$/gmu },
  { label: "password-hash", needs: ["$"], pattern: /(?<![A-Za-z0-9])\$(?:apr1|[156y]|2[abxy]|argon2(?:id|i|d)|scrypt)\$[A-Za-z0-9./$=,+-]{22,}/gu },
  { label: "putty-key", needs: ["Private-Lines"], pattern: /\bPrivate-Lines: \d+\n((?:[A-Za-z0-9+/=]{8,}\n?)+)/gu },
  { label: "npm-auth", needs: ["_auth"], pattern: /(?<![A-Za-z0-9])_auth[ \t]*=[ \t]*"?([A-Za-z0-9+/]{8,}={0,2})/gu },
  { label: "webhook", pattern: /\bdiscord(?:app)?\.com\/api\/webhooks\/(\d+\/[A-Za-z0-9_-]{30,})/gu },
  { label: "signature", needs: ["sig="], pattern: /[?&]sig=([A-Za-z0-9%+/=]{20,})/gu },
  { label: "url-token", needs: ["://"], pattern: /:\/\/(?=[A-Za-z0-9_-]*\d)([A-Za-z0-9_-]{20,})@/gu },
  { label: "mailchimp-key", pattern: /\b[a-f0-9]{32}-us\d{1,2}\b/gu },
  { label: "terraform-token", pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}/gu },
  { label: "discord-token", pattern: /\b[MNO][A-Za-z0-9]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}/gu },
  { label: "azure-secret", pattern: /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/gu },
  // Not the words that documents write in its place.
  { label: "url-password", needs: ["://"], pattern: /:\/\/[^\s:/@"'<>]*:(?!(?:[Pp]ass(?:word|wd)?|pwd|secret|token|x{3,}|\*+)@|[$<{%])([^\s@/"'<>]{3,})@/gu },
];

const anyWordShape = new RegExp(shapes.filter(({ needs }) => needs === undefined).map(({ pattern }) => pattern.source).join("|"), "u");

/** Every secret of a known shape, in the order of the shapes. */
export function tokensIn(text: string, words: readonly LongWord[]): SecretRange[] {
  // One text of all words that have one: to ask for every shape in each of them alone takes long where they are many.
  let candidates = "";
  const pieces: Piece[] = [];
  for (const word of words) {
    if (!anyWordShape.test(word.text)) continue;
    pieces.push({ at: candidates.length, from: word.start });
    candidates += `${word.text}\n`;
  }
  return shapes.flatMap((shape) => {
    if (shape.needs === undefined) return candidates === "" ? [] : matchesIn(candidates, shape).map((range) => toOriginal(pieces, range));
    return shape.needs.some((needed) => text.includes(needed)) ? matchesIn(text, shape) : [];
  });
}

function matchesIn(text: string, { label, pattern }: TokenShape): SecretRange[] {
  return Array.from(text.matchAll(pattern)).flatMap((match) => {
    const secret = match.length > 1 ? match[1] : match[0];
    if (secret === undefined) return [];
    const start = match.index + match[0].lastIndexOf(secret);
    return [{ start, end: start + secret.length, label }];
  });
}
