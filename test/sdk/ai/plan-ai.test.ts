import { describe, expect, it } from "vitest";
import { aiEnvironment } from "../../../core/config/ai-environment.js";
import { daemonEnvironment, type Environment } from "../../../core/config/environment.js";
import { loadConfig } from "../../../core/config/load-config.js";
import { planAi, type AiRequest } from "../../../sdk/ai/plan-ai.js";

const plan = (environment: Environment, request: AiRequest = {}): ReturnType<typeof planAi> => planAi(request, aiEnvironment(environment));
const keys = { GROQ_API_KEY: "g", CEREBRAS_API_KEY: "c", OPENAI_API_KEY: "o" };

describe("who is asked", () => {
  it.each([
    ["the first that there is a key for", keys, {}, { provider: "groq", apiKey: "g", model: "llama-3.3-70b-versatile", baseUrl: "https://api.groq.com/openai/v1" }],
    ["the second", { ...keys, GROQ_API_KEY: "" }, {}, { provider: "cerebras", apiKey: "c", model: "gpt-oss-120b", baseUrl: "https://api.cerebras.ai/v1" }],
    ["the third", { OPENAI_API_KEY: "o" }, {}, { provider: "openai", apiKey: "o", model: "gpt-4o-mini", baseUrl: "https://api.openai.com/v1" }],
    ["the one of the variable", { ...keys, DISPATCH_AI_PROVIDER: "cerebras" }, {}, { provider: "cerebras" }],
    ["the one of the request before it", { ...keys, DISPATCH_AI_PROVIDER: "cerebras" }, { provider: "openai" }, { provider: "openai", apiKey: "o" }],
    ["our own key before the provider's", { ...keys, DISPATCH_AI_API_KEY: "ours" }, {}, { provider: "groq", apiKey: "ours", keyVariable: "DISPATCH_AI_API_KEY" }],
    ["the provider's model", { ...keys, GROQ_MODEL: "m1" }, {}, { model: "m1" }],
    ["our model before it", { ...keys, GROQ_MODEL: "m1", DISPATCH_AI_MODEL: "m2" }, {}, { model: "m2" }],
    ["the request's model before that", { ...keys, DISPATCH_AI_MODEL: "m2" }, { model: "m3" }, { model: "m3" }],
    ["another server, which may need no key", { DISPATCH_AI_BASE_URL: "http://127.0.0.1:11434/v1/" }, {}, { provider: "openai", baseUrl: "http://127.0.0.1:11434/v1", missing: undefined }],
    ["the whole address, as the predecessor took it", { DISPATCH_AI_BASE_URL: "https://x.example/v1/chat/completions" }, {}, { baseUrl: "https://x.example/v1" }],
    ["nobody", {}, {}, { provider: "none", missing: expect.any(String) as string }],
    ["nobody by choice", keys, { provider: "none" }, { provider: "none", missing: undefined }],
  ])("%s", (_name, environment: Environment, request, expected) => {
    expect(plan(environment, request)).toMatchObject(expected);
  });
});

it("a summary is asked for where neither a transform nor a prompt is given", () => {
  expect(plan(keys).transform).toBe("summary");
  expect(plan(keys, { prompt: "why?" })).toMatchObject({ transform: undefined, prompt: "why?" });
  expect(plan(keys, { prompt: "why?", transform: "changes" })).toMatchObject({ transform: "changes", prompt: "why?" });
});

it.each([
  [{}, { transform: "sumary" }, /transform: "sumary" is none of .*Did you mean summary\?/u],
  [{}, { transform: "constructor" }, /is none of/u],
  [{}, { provider: "grok" }, /provider: "grok" is none of groq, cerebras, openai, none\. Did you mean groq\?/u],
  [{ DISPATCH_AI_PROVIDER: "ollama" }, {}, /DISPATCH_AI_PROVIDER: "ollama" is none of/u],
  [{ DISPATCH_AI_BASE_URL: "file:///etc/passwd" }, {}, /must be an http or https address/u],
  [{ DISPATCH_AI_BASE_URL: "http://" }, {}, /must be an http or https address/u],
])("refuses %j %j", (environment: Environment, request, message) => {
  expect(() => plan(environment, request)).toThrow(message);
});

it("the variables are known to the configuration, and the key goes to no background process", () => {
  const variables = { DISPATCH_AI_PROVIDER: "groq", DISPATCH_AI_MODEL: "m", DISPATCH_AI_BASE_URL: "http://x", DISPATCH_AI_API_KEY: "k" };
  expect(() => loadConfig({ environment: { HOME: "/nowhere", ...variables }, systemFile: "/nowhere" })).not.toThrow();
  expect(() => loadConfig({ environment: { HOME: "/nowhere", DISPATCH_AI_APIKEY: "k" }, systemFile: "/nowhere" })).toThrow(/unknown variable DISPATCH_AI_APIKEY. Did you mean DISPATCH_AI_API_KEY/u);
  expect(daemonEnvironment({ PATH: "/bin", ...variables, ...keys })).toEqual({ PATH: "/bin" });
});
