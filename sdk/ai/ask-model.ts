import type { APIError } from "openai";
import type { AiPlan } from "./plan-ai.js";

/** For the whole of it, with what is tried again. */
const timeoutMs = 60_000;
const retries = 1;
const maxTokens = 700;

/** What a model said, or why it did not, with what to do about it. */
export type Asked = { readonly text: string } | { readonly problem: string };

export async function askModel(plan: AiPlan, { system, user }: { system: string; user: string }, limits: { timeoutMs?: number | undefined } = {}): Promise<Asked> {
  const limitMs = limits.timeoutMs ?? timeoutMs;
  // Loaded only here: few who capture ask for it.
  const library = await import("openai");
  // Whatever other programs set for this library in the environment is not meant for us.
  const client = new library.OpenAI({
    apiKey: plan.apiKey ?? "none", baseURL: plan.baseUrl ?? null, organization: null, project: null, webhookSecret: null, logLevel: "off", maxRetries: retries, timeout: limitMs,
  });
  const late = AbortSignal.timeout(limitMs);
  try {
    const answer = await client.chat.completions.create({
      model: plan.model ?? "", temperature: 0.2, max_tokens: maxTokens,
      messages: [{ role: "system", content: system }, { role: "user", content: user }],
    }, { signal: late });
    const text = textOf(answer);
    return text === "" ? { problem: `${plan.provider} answered with no text. Try again, or another model with --model.` } : { text };
  } catch (error) {
    if (late.aborted || error instanceof library.APIConnectionTimeoutError) return { problem: `${plan.provider} gave no answer within ${limitMs / 1000} s. Try again later, or another provider with --provider.` };
    if (error instanceof library.APIConnectionError) return { problem: `${hostOf(plan)} cannot be reached (${causeOf(error)}). Check the network and DISPATCH_AI_BASE_URL.` };
    if (error instanceof library.APIError) return { problem: refusedBy(plan, error) };
    return { problem: `${plan.provider} gave an answer that cannot be read. Check DISPATCH_AI_BASE_URL, or try another provider with --provider.` };
  }
}

/** Of a server that speaks another language than its address says anything may come. */
function textOf(answer: unknown): string {
  const choices = (answer as { choices?: readonly { message?: { content?: unknown } }[] } | undefined)?.choices;
  const content = Array.isArray(choices) ? choices[0]?.message?.content : undefined;
  return typeof content === "string" ? content.trim() : "";
}

function refusedBy({ provider, keyVariable, model }: AiPlan, { status, message }: APIError): string {
  const said = message.slice(0, 500);
  if (status === 401 || status === 403) return `${provider} does not take the key (${said}). Check ${keyVariable}.`;
  if (status === 404) return `${provider} does not know the model ${model} or the address (${said}). Name another with --model, or check DISPATCH_AI_BASE_URL.`;
  if (status === 429) return `${provider} asks for fewer requests (${said}). Try again later, or another provider with --provider.`;
  if (typeof status === "number" && status >= 500) return `${provider} has a fault (${said}). Try again later, or another provider with --provider.`;
  return `${provider} did not answer (${said}). Fewer lines (--lines) or another model (--model) may help.`;
}

function hostOf({ baseUrl, provider }: AiPlan): string {
  return baseUrl === undefined ? provider : new URL(baseUrl).host;
}

/** The code of the system's error, where there is one below the library's own. */
function causeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; typeof at === "object" && at !== null && depth < 5; at = (at as { cause?: unknown }).cause, depth++) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === "string") return code;
  }
  return "no connection";
}
