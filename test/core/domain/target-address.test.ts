import { expect, it } from "vitest";
import { formatAddress, parseAddress } from "../../../core/domain/target-address.js";

it.each([
  ["work", "", "work"], ["work:1.0", "", "work:1.0"], ["%7", "", "%7"], ["laptop/work:1.0", "laptop", "work:1.0"], ["local/feature/x:0", "local", "feature/x:0"],
])("%s is machine %j and pane %j", (text, machine, pane) => {
  const address = parseAddress(text, { server: "/s" });
  expect(address).toEqual({ machine, server: "/s", pane });
  expect(formatAddress(address)).toBe(text);
});

it("a machine that is named apart leaves slashes to the session", () => {
  expect(parseAddress("feature/x:0", { machine: "laptop", server: "" })).toEqual({ machine: "laptop", server: "", pane: "feature/x:0" });
});

it.each(["", "  ", "/", "laptop/", "/work"])("%j is refused and named", (text) => {
  expect(() => parseAddress(text, { server: "" })).toThrow(expect.objectContaining({ reason: "invalid_argument", metadata: { field: "target", value: text } }));
});
