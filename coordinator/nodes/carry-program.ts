import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment } from "../../core/config/environment.js";
import { packageRoot } from "../../core/package-root.js";
import { takeCarriedCommand } from "../../core/ssh/node-pipe-command.js";
import { sshArguments } from "../../core/ssh/ssh-arguments.js";
import { version } from "../../core/version.js";

const limitMs = 120_000;
const maxSaid = 2_000;

/** Folder of the bundles that this process runs from. */
const programs = dirname(fileURLToPath(import.meta.url));

/** Name of this very build: what runs there is what runs here. */
export function carriedName(): string {
  const digest = createHash("sha256");
  for (const file of ["embedded.js", "run-cli.cjs"]) digest.update(readFileSync(join(programs, file)));
  return `carried-${version}-${digest.digest("hex").slice(0, 12)}`;
}

/** Brings the program to a machine that has Node.js and nothing of ours: some 3 MB over the connection that stands. Nothing is installed, nothing started. */
export async function carryProgram(destination: string, controlFolder: string): Promise<void> {
  const tar = spawn("tar", ["-czf", "-", ...filesToCarry()], { stdio: ["ignore", "pipe", "pipe"], env: { ...environment, COPYFILE_DISABLE: "1" } });
  const ssh = spawn("ssh", sshArguments(destination, controlFolder, takeCarriedCommand(carriedName())), { stdio: ["pipe", "ignore", "pipe"], timeout: limitMs });
  tar.stdout.pipe(ssh.stdin);
  // A pipe that breaks is told by the end of whoever broke it.
  ssh.stdin.on("error", () => undefined);
  const [packed, taken] = await Promise.all([tar, ssh].map((child) => new Promise<{ code: number | null; said: string }>((resolve) => {
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said = (said + String(chunk)).slice(-maxSaid)));
    child.on("error", (error) => resolve({ code: null, said: error.message }));
    child.on("close", (code) => resolve({ code, said: said.trim().split("\n").at(-1) ?? "" }));
  })));
  for (const end of [taken, packed]) if (end?.code !== 0) throw new Error(`the program could not be carried over: ${end?.said ?? ""}`);
}

/** Arguments of tar: the bundles at the root, and the one addon that they need beside them. */
function filesToCarry(): string[] {
  const sqlite = createRequire(import.meta.url).resolve("better-sqlite3/package.json");
  const bindings = createRequire(sqlite).resolve("bindings/package.json");
  const addon = [[sqlite, ["package.json", "lib", "build/Release/better_sqlite3.node"]], [bindings, ["."]], [createRequire(bindings).resolve("file-uri-to-path/package.json"), ["."]]] as const;
  return [
    "--exclude=types", "--exclude=dispatch-mcp.*", "--exclude=run-mcp.*", "-C", packageRoot(), "package.json", "-C", programs, ".",
    ...addon.flatMap(([manifest, files]) => {
      const folder = dirname(manifest);
      const root = folder.slice(0, folder.lastIndexOf("/node_modules/"));
      return ["-C", root, ...files.map((file) => join(folder.slice(root.length + 1), file))];
    }),
  ];
}
