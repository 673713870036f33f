import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const pins = join(root, "test/agents/real");
const installed = join(root, ".agents");

/** Installs a pinned program (an agent, or what else the suite runs) where its stamp is missing or old, and returns its path. */
export async function installPinned(name: string, say: (line: string) => void = () => undefined): Promise<string> {
  const [pin, home] = [join(pins, name), join(installed, name)];
  const wanted = createHash("sha256").update(await readFile(join(pin, "package-lock.json"))).digest("hex");
  const stamp = join(home, "stamp");
  const program = join(home, "node_modules/.bin", name);
  if ((await readFile(stamp, "utf8").catch(() => "")) === wanted) return program;
  say(`installing ${name} (once, into .agents/${name})`);
  const [fresh, old] = [`${home}.${process.pid}`, `${home}.old.${process.pid}`];
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  try {
    for (const file of ["package.json", "package-lock.json"]) await cp(join(pin, file), join(fresh, file));
    await npmCi(fresh);
    await writeFile(join(fresh, "stamp"), wanted);
    await rename(home, old).catch(() => undefined);
    await rename(fresh, home);
  } catch (error) {
    // Another run may have been quicker.
    if ((await readFile(stamp, "utf8").catch(() => "")) !== wanted) throw error;
  } finally {
    for (const folder of [fresh, old]) await rm(folder, { recursive: true, force: true });
  }
  return program;
}

async function npmCi(folder: string): Promise<void> {
  // Claude Code 2.1.332 asks for Node 22, but its program is a native one, which runs without.
  const child = spawn("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--engine-strict=false"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (data: Buffer) => { output += data.toString(); });
  child.stderr.on("data", (data: Buffer) => { output += data.toString(); });
  const code = await new Promise<number | null>((done, fail) => child.once("error", fail).once("close", done));
  if (code !== 0) throw new Error(`npm ci failed in ${folder} (${code}):\n${output}`);
}
