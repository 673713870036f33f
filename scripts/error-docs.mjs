#!/usr/bin/env node
// docs/errors.md from the catalogue of reasons: `--write` writes it, else a difference fails.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { outputFiles } = await build({ entryPoints: [join(root, "core/errors/reasons.ts")], bundle: true, write: false, format: "esm" });
const { reasons, exitCodes } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);

const meanings = {
  success: "done: delivered, queued, typed (`--no-submit`), accepted (`--wait accepted`), or a dry run that found nothing in the way",
  failed: "it went wrong in a way that the reason names",
  usage: "the request is not valid",
  refused: "nothing was typed",
  unconfirmed: "keys went in, proof did not come",
  withdrawn: "it was queued, then removed before the agent took it",
  cancelled: "stopped by its caller before the submit key",
  expired: "its time ended before anything was typed",
  notFound: "no such pane, machine or delivery",
  unavailable: "tmux, a node, the background process or the state folder cannot be used",
  conflict: "the key was used for another prompt or target",
  denied: "not allowed",
  internal: "a fault of this program",
};

const cell = (text) => text.replaceAll("|", "\\|");
const text = `# Reasons and exit codes

Made from \`core/errors/reasons.ts\` by \`npm run generate\`. A test holds this page, the contract (\`proto/dispatch/v1/reason.proto\`) and the code together.

## Exit codes of \`dispatch\`

| code | outcome | means |
|---|---|---|
${Object.entries(exitCodes).map(([name, code]) => `| ${code} | ${name} | ${meanings[name]} |`).join("\n")}

An outcome of \`refused\` or \`failed\` exits with the code of its reason; \`unconfirmed\`, \`withdrawn\`, \`cancelled\` and \`expired\` with their own.

## Reasons

"Retry" says whether the same request may succeed later. gRPC calls carry the reason in \`google.rpc.ErrorInfo\` (domain \`dispatch\`).

| reason | gRPC status | exit code | retry | what happened | what to do |
|---|---|---|---|---|---|
${Object.entries(reasons).map(([name, r]) => `| \`${name}\` | ${r.grpc} | ${r.exitCode} | ${r.retryable ? "yes" : "no"} | ${cell(r.sentence)} | ${cell(r.hint)} |`).join("\n")}
`;

const path = join(root, "docs", "errors.md");
if (process.argv.includes("--write")) {
  writeFileSync(path, text);
} else if (readFileSync(path, "utf8") !== text) {
  console.error("docs/errors.md is not what the catalogue says; run `npm run generate`");
  process.exit(1);
}
