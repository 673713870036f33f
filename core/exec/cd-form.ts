import { literalWord, quoteWord } from "./literal-word.js";

/** The folder of `cd PATH && COMMAND`. */
export interface CdPath {
  /** With `~` where it starts at home. */
  readonly path: string;
  /** As it is typed. */
  readonly typed: string;
}

/** Reads the word after `cd`; undefined where it is not one literal path (`~/…` may begin it). */
export function readCdPath(source: string): CdPath | undefined {
  const [home = ""] = /^~(?=\/|$)\/?/u.exec(source) ?? [];
  const rest = literalWord(source.slice(home.length));
  if (rest === undefined) return undefined;
  // A bare relative folder is looked for along CDPATH first; ./ before it names the one that is meant.
  const plain = home === "" && rest !== "" && !/^[./+-]/u.test(rest) ? `./${rest}` : rest;
  return { path: home + rest, typed: home === "" || rest !== "" ? home + quoteWord(plain) : home };
}

/** Why a folder is not gone to; undefined where it may be. `-`, `+1` and the like are places that only the shell knows. */
export function refuseCdPath({ path }: CdPath): string | undefined {
  if (path === "") return "The path after cd is empty.";
  if (/^[-+]/u.test(path)) return "The path after cd is no path: it begins with a sign that the shell reads in its own way.";
  if (path.split("/").includes("..")) return "The path after cd has a \"..\" segment; write it without.";
  return undefined;
}

/** Whether the folder is one of these absolute ones, or below it; `*` stands for every absolute folder. */
export function isUnder(path: string, folders: readonly string[]): boolean {
  if (!path.startsWith("/") || path.split("/").includes("..")) return false;
  const clean = tidy(path);
  return folders.some((folder) => {
    if (folder === "*") return true;
    if (!folder.startsWith("/") || folder.split("/").includes("..")) return false;
    const root = tidy(folder);
    return clean === root || clean.startsWith(root === "/" ? "/" : `${root}/`);
  });
}

function tidy(path: string): string {
  return `/${path.split("/").filter((part) => part !== "" && part !== ".").join("/")}`;
}
