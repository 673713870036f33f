import { describe, expect, it } from "vitest";
import { generatePrompt, generatePrompts } from "./generate-prompt.js";

describe("generatePrompts", () => {
  const prompts = [...generatePrompts(7, 400)];

  it("gives the same prompts for the same seed, and others for another", () => {
    expect([...generatePrompts(7, 60)]).toEqual(prompts.slice(0, 60));
    expect([...generatePrompts(8, 60)].map((one) => one.text)).not.toEqual(prompts.slice(0, 60).map((one) => one.text));
    const one = prompts[33]!;
    expect(generatePrompt(7, one.index, one.shape)).toEqual(one);
  });

  it("puts a token of its own into each prompt, once", () => {
    for (const { text, token } of prompts) expect(text.split(token)).toHaveLength(2);
    expect(new Set(prompts.map((one) => one.token)).size).toBe(prompts.length);
    for (const { token } of prompts.slice(0, 50)) expect(prompts.filter((one) => one.text.includes(token))).toHaveLength(1);
  });

  it("reaches from a word to 100 KB, with every shape", () => {
    const lengths = prompts.map((one) => one.text.length);
    expect(Math.min(...lengths)).toBeLessThan(20);
    expect(Math.max(...lengths)).toBeGreaterThan(90_000);
    expect(new Set(prompts.map((one) => one.shape)).size).toBeGreaterThanOrEqual(23);
  });
});
