import * as z from "zod";
import type { ExecPolicy } from "../domain/exec.js";
import { DispatchError } from "../errors/dispatch-error.js";

const absoluteFolder = z.string().refine((path) => path === "*" || (path.startsWith("/") && !path.split("/").includes("..")), "must be an absolute path without \"..\", or \"*\"");

/** A policy file. Unknown fields are an error: a name that is misspelled must not look as if it held. */
export const policySchema = z.strictObject({
  /** Words that a command may begin with, such as `npm test`. */
  allowPrefixes: z.array(z.string().trim().min(1)).default([]),
  /** Panes that live commands may go to, as `session:window.pane` or `machine/session:window.pane` with `*`. */
  allowTargets: z.array(z.string().trim().min(1)).min(1, "names no pane; leave it out where only dry runs are meant").default([]),
  /** Folders under which `git reset --hard` is allowed. */
  allowGitResetHardPaths: z.array(absoluteFolder).default([]),
});

/** Reads the text of a policy file. Throws DispatchError invalid_argument naming the field. */
export function parsePolicy(text: string, file: string): ExecPolicy {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DispatchError("invalid_argument", `The policy file ${file} is not valid JSON; nothing was typed.`, { metadata: { field: "--allow", value: file }, cause: error });
  }
  const parsed = policySchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message));
  throw new DispatchError("invalid_argument", `The policy file ${file} is not valid: ${problems.join("; ")}. Nothing was typed.`, { metadata: { field: "--allow", value: file } });
}
