import { expect, it } from "vitest";
import { validatePrompt } from "../../../core/domain/validate-prompt.js";

it("counts bytes, at the limit and not beyond it", () => {
  expect(validatePrompt("é", 2)).toBe(2);
  expect(() => validatePrompt("éa", 2)).toThrow(expect.objectContaining({ reason: "prompt_too_large", message: "The prompt has 3 bytes; the limit is 2." }));
});

it.each(["", " ", "\n\t"])("%j is empty", (text) => {
  expect(() => validatePrompt(text, 10)).toThrow(expect.objectContaining({ reason: "empty_prompt" }));
});

it("half of a surrogate pair has no UTF-8 form", () => {
  expect(() => validatePrompt("a\ud83d", 10)).toThrow(expect.objectContaining({ reason: "invalid_utf8" }));
  expect(validatePrompt("😀", 10)).toBe(4);
});
