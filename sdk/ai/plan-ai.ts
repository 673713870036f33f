import { aiProviders, type AiEnvironment, type AiProvider, type AiService } from "../../core/config/ai-environment.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { didYouMean } from "../../core/text/nearest.js";
import { aiTransformNames, type AiTransform } from "./transforms.js";

/** What to ask a model about a transcript. Names are checked: `invalid_argument` for one that there is not. */
export interface AiRequest {
  /** Default `summary`, or none where there is a prompt. */
  readonly transform?: string | undefined;
  /** An instruction in place of a named one. */
  readonly prompt?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

/** Who is to be asked, and what. `missing` says what is needed before anybody can be. */
export interface AiPlan {
  readonly provider: AiProvider;
  readonly transform?: AiTransform | undefined;
  readonly prompt?: string | undefined;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Variable that the key is from, or could be. */
  readonly keyVariable: string;
  readonly missing?: string | undefined;
}

const services: Readonly<Record<AiService, { baseUrl: string; model: string }>> = {
  groq: { baseUrl: "https://api.groq.com/openai/v1", model: "llama-3.3-70b-versatile" },
  cerebras: { baseUrl: "https://api.cerebras.ai/v1", model: "gpt-oss-120b" },
  openai: { baseUrl: "https://api.openai.com/v1", model: "gpt-4o-mini" },
};
const serviceNames = Object.keys(services) as AiService[];

/** The provider that was asked for, else the one of the environment, else the first that there is a key for. */
export function planAi(request: AiRequest, environment: AiEnvironment): AiPlan {
  const transform = request.transform === undefined ? (request.prompt === undefined ? "summary" : undefined) : checked(request.transform, aiTransformNames, "transform");
  const asked = { transform, prompt: request.prompt };
  const baseUrl = environment.baseUrl === undefined ? undefined : checkedBaseUrl(environment.baseUrl);
  const named = request.provider ?? environment.provider;
  const provider = named === undefined ? detected(environment) : checked(named, aiProviders, request.provider === undefined ? "DISPATCH_AI_PROVIDER" : "provider");
  if (provider === "none") {
    const missing = named === undefined ? "No provider is known. Set GROQ_API_KEY, CEREBRAS_API_KEY or OPENAI_API_KEY, or DISPATCH_AI_BASE_URL for another one." : undefined;
    return { ...asked, provider, keyVariable: "", missing };
  }
  const service = environment.services[provider];
  const ownVariable = `${provider.toUpperCase()}_API_KEY`;
  const apiKey = environment.apiKey ?? service.apiKey;
  return {
    ...asked, provider, apiKey,
    keyVariable: environment.apiKey === undefined ? ownVariable : "DISPATCH_AI_API_KEY",
    model: request.model ?? environment.model ?? service.model ?? services[provider].model,
    baseUrl: baseUrl ?? services[provider].baseUrl,
    // A server of one's own may need no key.
    missing: apiKey === undefined && baseUrl === undefined ? `There is no key for ${provider}. Set ${ownVariable} or DISPATCH_AI_API_KEY.` : undefined,
  };
}

/** A base URL alone stands for something that speaks as OpenAI does. */
function detected({ services: keys, apiKey, baseUrl }: AiEnvironment): AiProvider {
  return serviceNames.find((name) => keys[name].apiKey !== undefined) ?? (apiKey !== undefined || baseUrl !== undefined ? "openai" : "none");
}

function checked<const Name extends string>(value: string, names: readonly Name[], field: string): Name {
  const name = names.find((each) => each === value);
  if (name !== undefined) return name;
  throw new DispatchError(field.startsWith("DISPATCH_") ? "invalid_config" : "invalid_argument", `${field}: "${value.slice(0, 80)}" is none of ${names.join(", ")}.${didYouMean(value, names)}`, { metadata: { field } });
}

/** The predecessor took the whole address of the call. */
function checkedBaseUrl(value: string): string {
  if (/^https?:\/\//u.test(value) && URL.canParse(value)) return value.replace(/\/*(?:\/chat\/completions)?\/*$/u, "");
  throw new DispatchError("invalid_config", "DISPATCH_AI_BASE_URL: must be an http or https address, such as https://api.example.com/v1.", { metadata: { field: "DISPATCH_AI_BASE_URL" } });
}
