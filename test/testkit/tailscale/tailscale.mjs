#!/usr/bin/env node
// Stands in for the `tailscale` program: prints what the real one prints (1.98), as the file that is its first argument has it.
import { readFileSync } from "node:fs";

const [file, command, ...args] = process.argv.slice(2);
const world = JSON.parse(readFileSync(file, "utf8"));

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

const json = (value) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

if (world.error) fail(world.error);
if (world.hang) setInterval(() => undefined, 1000);
else if (command === "version") process.stdout.write(`${world.version ?? "1.98.9"}\n  tailscale commit: 4fb758c39\n  go version: go1.26.4\n`);
else if (command === "ip") process.stdout.write((world.status.TailscaleIPs ?? []).map((ip) => `${ip}\n`).join(""));
else if (command === "status" && args.includes("--json")) json(world.status);
else if (command === "whois" && args[0] === "--json") {
  const found = world.whois?.[args[1].replace(/:\d+$/, "")];
  if (found) json(found);
  else fail("peer not found");
} else fail(`unknown: ${command} ${args.join(" ")}`);
