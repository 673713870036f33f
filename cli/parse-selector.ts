import { agentStates } from "../core/domain/detection.js";
import { selectorFields, type Selector, type SelectorField } from "../core/domain/selector.js";
import { DispatchError } from "../core/errors/dispatch-error.js";
import { didYouMean } from "../core/text/nearest.js";
import { wildcard } from "../core/text/wildcard.js";

/** Reads `agent=claude,state=idle,cwd='~/work/*'`; quotes around a value let it hold a comma. */
export function parseSelector(text: string): Selector {
  const selector: Partial<Record<SelectorField, string>> = {};
  for (const part of text.match(/(?:[^,'"]|'[^']*'|"[^"]*")+/gu) ?? []) {
    const [, name = "", value = ""] = /^\s*([^=\s]*)\s*=\s*(.*?)\s*$/su.exec(part) ?? [];
    const field = selectorFields.find((known) => known === name);
    if (!field) throw refusal(`"${name || part}" is no field; use ${selectorFields.join(", ")}.${didYouMean(name, selectorFields)}`, text);
    if (selector[field] !== undefined) throw refusal(`${field} is given twice.`, text);
    const plain = value.replaceAll(/'([^']*)'|"([^"]*)"/gu, "$1$2");
    if (plain === "") throw refusal(`${field} has no value.`, text);
    if (field === "state" && !agentStates.some((state) => wildcard(plain).test(state))) throw refusal(`"${plain}" is no state; it is one of ${agentStates.join(", ")}.${didYouMean(plain, agentStates)}`, text);
    selector[field] = plain;
  }
  if (Object.keys(selector).length === 0) throw refusal("nothing is named; write such as agent=claude,state=idle.", text);
  return selector;
}

function refusal(detail: string, value: string): DispatchError {
  return new DispatchError("invalid_argument", `--select: ${detail}`, { metadata: { field: "--select", value } });
}
