import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { manageService } from "../../../sdk/service/manage-service.js";
import { defaultConfig, type Config } from "../../../core/config/config.js";
import { writeDaemonFile } from "../../../sdk/daemon/daemon-file.js";
import { processStarted } from "../../../sdk/daemon/process-started.js";

/** A home of a test's own, with a `systemctl` (or `launchctl`) that notes what it is asked. */
function home(options: { code?: number; name?: string } = {}): { environment: Record<string, string>; config: Config; asked: () => string[]; unit: (part: string) => string } {
  const folder = mkdtempSync(join(tmpdir(), "dispatch-service-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of ["systemctl", "launchctl"]) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $@" >> '${folder}/asked'\necho "it says no" >&2\nexit ${options.code ?? 0}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const environment = { PATH: `${bin}:/usr/bin:/bin`, HOME: folder, TMUX_TMPDIR: `${folder}/tm ux "100%" $HOME`, TMUX: "/secret,1,0", AWS_SECRET: "no", DISPATCH_LOG_LEVEL: "debug" };
  const config = { ...defaultConfig(environment), dataDir: join(folder, options.name ?? "state") };
  return {
    environment, config,
    asked: () => (existsSync(join(folder, "asked")) ? readFileSync(join(folder, "asked"), "utf8").trim().split("\n") : []),
    unit: (part) => readFileSync(join(folder, ".config/systemd/user", `dispatch-${part}.service`), "utf8"),
  };
}

const hasXmllint = spawnSync("xmllint", ["--version"]).status === 0;
const hasVerify = spawnSync("systemd-analyze", ["--version"]).status === 0;

describe("systemd user units", () => {
  it("are written where it says, readable by nobody else, and enabled", () => {
    const { environment, config, asked, unit } = home();
    const result = manageService("install", config, { start: true, environment, platform: "linux" });
    expect(result).toMatchObject({ ok: true, action: "install", unitPath: expect.stringMatching(/\.config\/systemd\/user\/dispatch-coordinator\.service$/u) });
    for (const path of result.unitPaths) {
      expect(result.detail).toContain(path);
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    expect(result.detail).toContain("loginctl enable-linger");
    expect(asked()).toEqual(["systemctl --user daemon-reload", "systemctl --user enable dispatch-node.service dispatch-coordinator.service", "systemctl --user restart dispatch-node.service dispatch-coordinator.service"]);
    for (const part of ["node", "coordinator"]) {
      expect(unit(part)).toMatch(/^Type=notify$[\s\S]*^NotifyAccess=all$[\s\S]*^Restart=on-failure$\n^RestartSec=10s$\n^WatchdogSec=60s$/mu);
      expect(unit(part)).toContain(`Environment="DISPATCH_DATA_DIR=${config.dataDir}"`);
      expect(unit(part)).toContain(`Environment="PATH=${environment["PATH"]}"`);
      expect(unit(part)).toContain(`tm ux \\"100%%\\" $HOME"`);
      expect(unit(part)).not.toMatch(/secret|^PrivateTmp|^ProtectHome|^MemoryDenyWriteExecute/mu);
    }
  });

  it.skipIf(!hasVerify)("systemd finds nothing to say about them (not looked at where systemd-analyze is not installed)", () => {
    const { environment, config } = home({ name: "st äte 100% $HOME" });
    const { unitPaths } = manageService("install", config, { start: false, environment, platform: "linux" });
    const runtime = mkdtempSync(join(tmpdir(), "dispatch-run-"));
    onTestFinished(() => rmSync(runtime, { recursive: true, force: true }));
    const { stderr, status } = spawnSync("systemd-analyze", ["--user", "verify", ...unitPaths], { encoding: "utf8", env: { ...process.env, XDG_RUNTIME_DIR: runtime, HOME: environment["HOME"] } });
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  });

  it("other actions are systemctl's; what it says is told", () => {
    const { environment, config, asked } = home();
    const run = (action: "start" | "status" | "uninstall") => manageService(action, config, { start: false, environment, platform: "linux" });
    expect(run("start")).toMatchObject({ ok: false, detail: expect.stringContaining("Not installed") });
    expect(asked()).toEqual([]);
    const { unitPaths } = manageService("install", config, { start: false, environment, platform: "linux" });
    expect(run("status").ok).toBe(true);
    expect(run("uninstall").ok).toBe(true);
    expect(unitPaths.some((path) => existsSync(path))).toBe(false);
    expect(asked().slice(2)).toEqual(["systemctl --user status --no-pager dispatch-node.service dispatch-coordinator.service", "systemctl --user disable --now dispatch-node.service dispatch-coordinator.service", "systemctl --user daemon-reload", "systemctl --user reset-failed dispatch-node.service dispatch-coordinator.service"]);
  });

  it("are not started beside a background process that holds the state folder", () => {
    const { environment, config, asked } = home();
    mkdirSync(config.dataDir);
    writeDaemonFile(config.dataDir, { pid: process.pid, processStarted: processStarted(process.pid) ?? "", version: "0.0.0", startedAt: "" });
    const told = manageService("install", config, { start: true, environment, platform: "linux" });
    expect(told).toMatchObject({ ok: false, detail: expect.stringMatching(new RegExp(`^Wrote .* Not started: the background process \\(pid ${process.pid}\\) holds .*\\. End it with \`dispatch down\``, "u")) });
    expect(asked()).toEqual(["systemctl --user daemon-reload", "systemctl --user enable dispatch-node.service dispatch-coordinator.service"]);
    expect(manageService("restart", config, { start: false, environment, platform: "linux" })).toMatchObject({ ok: false, detail: expect.stringContaining("Not started") });
    expect(asked()).toHaveLength(2);
  });

  it("a systemctl that fails is not taken for success, and says where the files are", () => {
    const { environment, config } = home({ code: 1 });
    expect(manageService("install", config, { start: true, environment, platform: "linux" })).toMatchObject({ ok: false, stderr: "it says no\n", detail: expect.stringMatching(/^Wrote .*dispatch-node\.service and .* `systemctl --user daemon-reload` failed: it says no\. Nothing was started: .* login session/u) });
  });
});

describe("launchd", () => {
  it("gets a property list for each, started at login and after failures", () => {
    const { environment, config, asked } = home();
    const result = manageService("install", config, { start: true, environment, platform: "darwin" });
    expect(result.unitPaths).toEqual([expect.stringMatching(/Library\/LaunchAgents\/dispatch-mesh\.node\.plist$/u), expect.stringMatching(/dispatch-mesh\.coordinator\.plist$/u)]);
    const text = readFileSync(result.unitPaths[1]!, "utf8");
    expect(text).toContain("<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>");
    expect(text).toContain(`<key>TMUX_TMPDIR</key><string>${environment["TMUX_TMPDIR"]}</string>`);
    expect(text).not.toContain("secret");
    // What may be loaded already is loaded anew.
    expect(asked().map((line) => line.split(" ")[1])).toEqual(["bootout", "bootout", "bootstrap", "bootstrap"]);
  });

  it.skipIf(!hasXmllint)("which are well-formed, whatever stands in the environment (not looked at where xmllint is not installed)", () => {
    const { environment, config } = home({ name: `<state> & "co"` });
    for (const path of manageService("install", config, { start: false, environment, platform: "darwin" }).unitPaths) {
      const { stderr, status } = spawnSync("xmllint", ["--noout", "--nonet", path], { encoding: "utf8" });
      expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    }
  });
});

it("elsewhere it says that there is none", () => {
  const { environment, config } = home();
  expect(manageService("install", config, { start: true, environment, platform: "win32" })).toMatchObject({ ok: false, detail: expect.stringContaining("systemd (Linux) or launchd (macOS)") });
});
