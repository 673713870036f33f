import { expect, it } from "vitest";
import { didYouMean, nearest } from "../../../core/text/nearest.js";

it.each([["sned", "send"], ["SEND", "send"], ["targts", "targets"], ["--promt", "--prompt"]])("%s was meant as %s", (word, meant) => {
  expect(nearest(word, ["send", "targets", "--prompt", "--key"])).toBe(meant);
});

it("what is too far from everything was not meant as anything", () => {
  expect(nearest("xyzzy", ["send", "targets"])).toBeUndefined();
  expect(didYouMean("xyzzy", ["send"])).toBe("");
  expect(didYouMean("sedn", ["send"])).toBe(" Did you mean send?");
});
