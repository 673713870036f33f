// `npm run demo [-- --agent claude|codex|opencode|gemini] [-- --prompt TEXT]`: from a fresh checkout to a proven delivery. Needs Node and nothing else.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const say = (line) => process.stdout.write(`${line}\n`);

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) throw error;
  return status ?? 1;
}

function must(what, command, args, options) {
  if (run(command, args, options) === 0) return;
  process.stderr.write(`demo: ${what} failed\n`);
  process.exit(1);
}

const has = (program, ...args) => spawnSync(program, args, { stdio: "ignore" }).status === 0;

/** The one command that installs tmux here. */
function tmuxCommand() {
  const sudo = process.getuid?.() === 0 ? "" : "sudo ";
  if (process.platform === "darwin") return "brew install tmux";
  const managers = [["apt-get", "apt-get install -y tmux"], ["dnf", "dnf install -y tmux"], ["pacman", "pacman -S --noconfirm tmux"], ["apk", "apk add tmux"], ["zypper", "zypper install -y tmux"]];
  const found = managers.find(([manager]) => has(manager, "--version"));
  return `${sudo}${found?.[1] ?? "apt-get install -y tmux"}`;
}

function needTmux() {
  if (has("tmux", "-V")) return;
  if (process.getuid?.() === 0 && has("apt-get", "--version")) {
    say("tmux is missing: installing it with apt-get");
    const quiet = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, stdio: ["ignore", "ignore", "inherit"] };
    if (run("apt-get", ["install", "-y", "tmux"], quiet) !== 0) {
      run("apt-get", ["update"], quiet);
      run("apt-get", ["install", "-y", "tmux"], quiet);
    }
    if (has("tmux", "-V")) return;
  }
  process.stderr.write(`demo: tmux is missing. Install it with\n\n  ${tmuxCommand()}\n\nand run the demo again.\n`);
  process.exit(1);
}

if (!existsSync(join(root, "node_modules/.package-lock.json"))) {
  say("installing dependencies (once)");
  must("npm ci", "npm", ["ci", "--no-audit", "--no-fund"]);
}
must("the build", process.execPath, [join(root, "scripts/build.mjs")]);
needTmux();
process.exitCode = run(process.execPath, [join(root, "test/testkit/run-ts.mjs"), join(root, "test/demo/show-delivery.ts"), ...process.argv.slice(2)]);
