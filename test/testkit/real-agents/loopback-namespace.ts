import { spawn, spawnSync } from "node:child_process";

const marker = "TEST_LOOPBACK_NAMESPACE";

/**
 * Runs this very program again inside a network namespace that has nothing but a loopback interface, so that real agents reach the model server
 * and nobody else. Returns "inside" in that second run and "unavailable" where namespaces are not permitted; in the first run it never
 * returns, and the process ends with the second one's exit code.
 */
export async function enterLoopbackNamespace(): Promise<"inside" | "unavailable"> {
  if (process.env[marker] === "inside") return "inside";
  const unshare = ["-n", "-rn"].find((flag) => spawnSync("unshare", [flag, "ip", "link", "set", "lo", "up"], { stdio: "ignore" }).status === 0);
  if (unshare === undefined) return "unavailable";
  const again = [...process.execArgv, ...(process.env["TEST_RUN_TS"] ? [process.env["TEST_RUN_TS"]] : []), ...process.argv.slice(1)];
  const child = spawn("unshare", [unshare, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", process.execPath, ...again], {
    stdio: "inherit", env: { ...process.env, [marker]: "inside" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  const code = await new Promise<number>((done, fail) => {
    child.once("error", fail).once("exit", (status, signal) => done(status ?? (signal ? 1 : 0)));
  });
  process.exit(code);
}
