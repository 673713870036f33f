import { readdirSync, readFileSync } from "node:fs";

/** Live processes (Linux) that name `text`, such as a folder of the test, in their arguments or their environment. */
export function processesNaming(text: string): { pid: number; command: string }[] {
  return readdirSync("/proc").filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid).flatMap((name) => {
    try {
      const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, "latin1");
      const command = read("cmdline").replaceAll("\0", " ").trim();
      const ended = read("stat").replace(/^.*\) /su, "").startsWith("Z");
      return !ended && (command.includes(text) || read("environ").includes(text)) ? [{ pid: Number(name), command }] : [];
    } catch {
      return [];
    }
  });
}
