import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { status } from "@grpc/grpc-js";
import { describe, expect, it } from "vitest";
import { deliveryExitCode } from "../../../core/errors/delivery-exit-code.js";
import { exitCodes, reasons } from "../../../core/errors/reasons.js";
import { deliveryOptionsFromWire } from "../../../core/wire/delivery-options.js";
import { reasonCodec } from "../../../core/wire/delivery.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const docs = readFileSync(`${root}/docs/errors.md`, "utf8");
const proto = readFileSync(`${root}/proto/dispatch/v1/reason.proto`, "utf8");

describe("the catalogue of reasons", () => {
  it("is the enum of the contract, with the same sentences", () => {
    const inProto = [...proto.matchAll(/ {2}\/\/ (.+)\n {2}REASON_([A-Z0-9_]+) = \d+;/g)].map(([, sentence, name]) => [name!.toLowerCase(), sentence]).filter(([name]) => name !== "unspecified");
    expect(Object.fromEntries(inProto)).toEqual(Object.fromEntries(Object.entries(reasons).map(([name, { sentence }]) => [name, sentence])));
  });

  it("has a value on the wire for each reason", () => {
    expect(reasonCodec.words.toSorted()).toEqual(Object.keys(reasons).toSorted());
  });

  it("is what docs/errors.md says, exit codes included", () => {
    execFileSync(process.execPath, [`${root}/scripts/error-docs.mjs`]);
    const rows = [...docs.matchAll(/^\| `(\w+)` \| (\w+) \| (\d+) \| (yes|no) \|/gm)].map(([, name, grpc, exitCode, retry]) => [name, { grpc, exitCode: Number(exitCode), retryable: retry === "yes" }]);
    expect(Object.fromEntries(rows)).toMatchObject(Object.fromEntries(Object.entries(reasons).map(([name, { grpc, exitCode, retryable }]) => [name, { grpc, exitCode, retryable }])));
    for (const code of Object.values(exitCodes)) expect(docs).toMatch(new RegExp(`^\\| ${code} \\|`, "m"));
  });

  it.each(Object.entries(reasons))("%s: a gRPC status, a documented exit code, a sentence and an end", (_name, { grpc, exitCode, sentence, hint }) => {
    expect(status[grpc]).toBeGreaterThan(0);
    expect(Object.values(exitCodes)).toContain(exitCode);
    expect(exitCode).not.toBe(exitCodes.success);
    expect(sentence).toMatch(/^(?:tmux|[A-Z]).*\.$/);
    expect(hint).toMatch(/^$|^[A-Z].*\.$/);
  });

  it("has exit codes of its own for each kind of outcome", () => {
    expect(new Set(Object.values(exitCodes)).size).toBe(Object.keys(exitCodes).length);
  });
});

const options = deliveryOptionsFromWire(undefined);

it.each([
  [{ status: "delivered", reason: "" }, 0], [{ status: "queued", reason: "" }, 0], [{ status: "dry_run", reason: "" }, 0], [{ status: "typed", reason: "" }, 0],
  [{ status: "refused", reason: "agent_busy" }, 3], [{ status: "refused", reason: "not_found" }, 8], [{ status: "refused", reason: "no_tmux_server" }, 9],
  [{ status: "unconfirmed", reason: "tmux_lost" }, 4], [{ status: "withdrawn", reason: "withdrawn" }, 5], [{ status: "cancelled", reason: "cancelled" }, 6],
  [{ status: "expired", reason: "deadline_exceeded" }, 7], [{ status: "failed", reason: "composer_mixed" }, 1], [{ status: "failed", reason: "internal" }, 70], [{ status: "failed", reason: "" }, 1],
] as const)("%o exits with %i", (delivery, code) => {
  expect(deliveryExitCode({ ...delivery, options })).toBe(code);
});

it.each([["accepted", 0], ["delivered", 4], ["finished", 4]] as const)("pending after a wait for %s exits with %i", (waitFor, code) => {
  expect(deliveryExitCode({ status: "pending", reason: "", options: { ...options, waitFor } })).toBe(code);
});
