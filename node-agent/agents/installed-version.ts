import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ProcessInfo } from "../processes/process-facts.js";
import { scriptFile } from "./program-arguments.js";

/**
 * Version of an installed program, without running it: from a path that names it (`…/versions/2.1.197`, `…/releases/0.169.0-x86_64…`),
 * else from the package.json of the package that holds the executable or the script. `isPackage` tells the agent's own packages.
 */
export async function installedVersion(process: ProcessInfo, isPackage: (name: string) => boolean): Promise<string | undefined> {
  for (const file of [process.executable, scriptFile(process)]) {
    if (!file) continue;
    const inPath = /\/(?:versions|releases)\/v?(?<version>\d+\.\d+\.\d+)/u.exec(file)?.groups?.["version"];
    const version = inPath ?? (await packageVersion(path.dirname(file), isPackage));
    if (version !== undefined) return version;
  }
  return undefined;
}

/** The nearest folder upwards with a package.json of the agent's. Platform packages add a suffix to the version (`0.169.0-linux-x64`). */
async function packageVersion(folder: string, isPackage: (name: string) => boolean): Promise<string | undefined> {
  for (let at = folder, depth = 0; depth < 8; at = path.dirname(at), depth++) {
    const manifest = await readManifest(path.join(at, "package.json"));
    if (manifest && isPackage(manifest.name)) return /^\d+\.\d+\.\d+/u.exec(manifest.version)?.[0];
    if (path.dirname(at) === at) return undefined;
  }
  return undefined;
}

async function readManifest(file: string): Promise<{ name: string; version: string } | undefined> {
  try {
    const { name, version } = JSON.parse(await readFile(file, "utf8")) as { name?: unknown; version?: unknown };
    return typeof name === "string" && typeof version === "string" ? { name, version } : undefined;
  } catch {
    return undefined;
  }
}
