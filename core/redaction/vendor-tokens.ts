import type { LongWord } from "./long-words.js";
import type { SecretRange } from "./secret-range.js";

/** Tokens of services that begin with a word of their own, and how they go on. Lengths are lower bounds where services vary them. */
const prefixed: Readonly<Record<string, string>> = {
  "whsec_": "[A-Za-z0-9+/=]{24,}", "glsa_": "[A-Za-z0-9_]{32,}", "glc_": "[A-Za-z0-9+/=]{32,}", "hv[sbr]\\.": "[A-Za-z0-9_-]{24,}", "PMAK-": "[a-f0-9]{24}-[a-f0-9]{34}", "NRAK-": "[A-Z0-9]{27}",
  "sntry[su]_": "[A-Za-z0-9+/=_]{40,}", "sbp_": "[a-f0-9]{40}", "nfp_": "[A-Za-z0-9]{36}", "fm[12]_": "[A-Za-z0-9+/=]{40,}", "fo1_": "[A-Za-z0-9_-]{40,}", "rnd_": "[A-Za-z0-9]{28,}",
  "dp\\.(?:pt|st|ct|sa|scim|audit)\\.": "(?:[a-z0-9_-]+\\.)?[A-Za-z0-9]{40,}", "pscale_(?:tkn|pw|oauth)_": "[A-Za-z0-9_.=-]{32,}", "dapi": "[a-f0-9]{32}", "dckr_(?:pat|oat)_": "[A-Za-z0-9_-]{20,}", "figd_": "[A-Za-z0-9_-]{36,}",
  "ntn_": "[A-Za-z0-9]{40,}", "secret_": "[A-Za-z0-9]{43}", "pat[A-Za-z0-9]{14}\\.": "[a-f0-9]{64}", "sq0(?:atp|csp|idp)-": "[A-Za-z0-9_-]{22,}", "rubygems_": "[a-f0-9]{48}", "cio": "[A-Za-z0-9]{32}", "oy2": "[a-z0-9]{43}",
  "r8_": "[A-Za-z0-9]{37}", "pplx-": "[A-Za-z0-9]{40,}", "tskey-": "[a-z]+-[A-Za-z0-9]+-[A-Za-z0-9]{20,}", "ops_eyJ": "[A-Za-z0-9_-]{100,}", "pul-": "[a-f0-9]{40}", "sgp_": "[A-Za-z0-9_]{40,}", "bk[ur]a_": "[a-f0-9]{40}",
  "CCIPAT_": "[A-Za-z0-9]+_[a-f0-9]{40}", "sq[pua]_": "[a-f0-9]{40}", "CFPAT-": "[A-Za-z0-9_-]{40,}", "dt0[a-z]\\d{2}\\.": "[A-Z0-9]{24}\\.[A-Z0-9]{60,}", "pat-(?:na|eu|ap)\\d-": "[a-f0-9-]{36}", "xkeysib-": "[a-f0-9]{64}-[A-Za-z0-9]{16}",
  "pnu_": "[A-Za-z0-9]{36}", "HRKU-": "[A-Za-z0-9_-]{36,}", "LTAI": "[A-Za-z0-9]{16,20}(?![A-Za-z0-9])", "AAAA[A-Za-z0-9_-]{7}:APA91b": "[A-Za-z0-9_-]{100,}", "EAA": "[A-Za-z0-9]{80,}", "sl\\.": "[A-Za-z0-9_-]{100,}", "vc[pkair]_": "[A-Za-z0-9]{24,}",
  "lsv2_(?:pt|sk)_": "[a-f0-9]{32}_[a-f0-9]{10}", "sk_": "[a-f0-9]{48}", "re_": "[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}", "phx_": "[A-Za-z0-9]{40,}", "crsr_": "[a-f0-9]{40,}", "csk-": "[a-z0-9]{40,}", "tgp_v1_": "[A-Za-z0-9_-]{40,}", "nvapi-": "[A-Za-z0-9_-]{60,}",
  "tvly-": "[A-Za-z0-9-]{30,}", "key-": "[a-f0-9]{32}(?![a-f0-9])", "SK": "[a-f0-9]{32}(?![a-f0-9])", 
};

const anyVendorToken = new RegExp(`(?<![A-Za-z0-9_])(?:${Object.entries(prefixed).map(([prefix, rest]) => prefix + rest).join("|")})`, "u");
const vendorToken = new RegExp(anyVendorToken, "gu");

/** Every token of these services. */
export function vendorTokensIn(words: readonly LongWord[]): SecretRange[] {
  return words.filter(({ text }) => anyVendorToken.test(text)).flatMap(({ start, text }) => Array.from(text.matchAll(vendorToken), ({ index, 0: token }) => (
    { start: start + index, end: start + index + token.length, label: "token" }
  )));
}
