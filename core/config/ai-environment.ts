import type { Environment } from "./environment.js";

export const aiProviders = ["groq", "cerebras", "openai", "none"] as const;
export type AiProvider = (typeof aiProviders)[number];
export type AiService = Exclude<AiProvider, "none">;

/** Our own variables of the AI transforms; they name no key of the configuration, so that no file holds a credential. */
export const aiVariables = ["DISPATCH_AI_PROVIDER", "DISPATCH_AI_MODEL", "DISPATCH_AI_BASE_URL", "DISPATCH_AI_API_KEY"] as const;

/** What the environment says of model providers; an empty variable says nothing. */
export interface AiEnvironment {
  /** As written: not checked. */
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly services: Readonly<Record<AiService, { readonly apiKey?: string | undefined; readonly model?: string | undefined }>>;
}

export function aiEnvironment(environment: Environment): AiEnvironment {
  const service = (name: string): AiEnvironment["services"][AiService] => ({ apiKey: environment[`${name}_API_KEY`] || undefined, model: environment[`${name}_MODEL`] || undefined });
  return {
    provider: environment["DISPATCH_AI_PROVIDER"] || undefined,
    model: environment["DISPATCH_AI_MODEL"] || undefined,
    baseUrl: environment["DISPATCH_AI_BASE_URL"] || undefined,
    apiKey: environment["DISPATCH_AI_API_KEY"] || undefined,
    services: { groq: service("GROQ"), cerebras: service("CEREBRAS"), openai: service("OPENAI") },
  };
}
