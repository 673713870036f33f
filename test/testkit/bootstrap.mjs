// Gets a fresh checkout ready with nothing but Node: used by `npm test`, `npm run test:agents` and `npm run demo`.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Runs a program with its output shown; ends this process where it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.status !== 0) {
    console.error(`${[command, ...args].join(" ")} failed${result.error ? `: ${result.error.message}` : ""}`);
    process.exit(result.status ?? 1);
  }
}

/** Installs the dependencies unless those of the lock file are there. */
export function ensureInstalled() {
  const stamp = join(root, "node_modules", ".package-lock.json");
  const lock = join(root, "package-lock.json");
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs && isComplete(stamp)) return;
  console.log("Installing dependencies (the SQLite module is compiled, which takes about a minute) …");
  run("npm", ["ci", "--no-fund", "--no-audit"]);
}

/** The stamp lists what was installed; an interrupted install leaves it behind without the folders. */
function isComplete(stamp) {
  const { packages = {} } = JSON.parse(readFileSync(stamp, "utf8"));
  return Object.entries(packages).every(([path, entry]) => entry.optional || existsSync(join(root, path)));
}

export function build() {
  run("npm", ["run", "--silent", "build"]);
}

/** Installs tmux where that is ours to do, else says the one command that does. */
export function ensureTmux() {
  if (spawnSync("tmux", ["-V"]).status === 0) return;
  const install = tmuxInstallCommand();
  if (install && process.getuid?.() === 0) {
    console.log(`tmux is missing; installing it: ${install.map((c) => c.join(" ")).join(" && ")}`);
    for (const [command, ...args] of install) run(command, args, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    return;
  }
  const hint = install ? `sudo ${install.map((c) => c.join(" ")).join(" && sudo ")}` : "install tmux 3.2 or later with your system's package manager";
  console.error(`tmux is missing. Install it with:\n  ${hint}`);
  process.exit(1);
}

function tmuxInstallCommand() {
  const has = (program) => spawnSync(program, ["--version"]).status === 0;
  if (has("apt-get")) return [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "tmux"]];
  if (has("dnf")) return [["dnf", "install", "-y", "tmux"]];
  if (has("apk")) return [["apk", "add", "tmux"]];
  if (has("brew")) return [["brew", "install", "tmux"]];
  return undefined;
}
