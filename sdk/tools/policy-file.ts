import { readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import type { Config } from "../../core/config/config.js";
import type { ExecPolicy } from "../../core/domain/exec.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { parsePolicy } from "../../core/exec/policy-schema.js";

/** A policy of the folder that the operator configured, and of no other place: links that lead out of it are refused. */
export async function readPolicyFile({ policyFolder }: Pick<Config, "policyFolder">, name: string): Promise<ExecPolicy> {
  const field = { field: "policyFile", value: name };
  if (policyFolder === undefined) throw new DispatchError("policy_denied", "policyFile: whoever runs this program has configured no folder of policies (policyFolder).", { metadata: field });
  try {
    const folder = await realpath(policyFolder);
    const path = await realpath(isAbsolute(name) ? name : join(folder, name));
    const inside = relative(folder, path);
    if (inside === "" || inside.startsWith("..") || isAbsolute(inside)) throw new DispatchError("policy_denied", "policyFile: it is not in the folder of policies. Nothing was typed.", { metadata: field });
    // A pipe would have the reader wait for its writer.
    if (!(await stat(path)).isFile()) throw new Error("it is no file");
    return parsePolicy(await readFile(path, "utf8"), name);
  } catch (error) {
    if (error instanceof DispatchError) throw error;
    throw new DispatchError("unreadable_file", "policyFile: the folder of policies has no such file that can be read. Nothing was typed.", { metadata: field, cause: error });
  }
}
