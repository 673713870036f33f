import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findServers, serverPath } from "../../../node-agent/tmux/find-servers.js";
import { TmuxServer } from "../../../node-agent/tmux/tmux-server.js";
import { tmuxVersion } from "../../../node-agent/tmux/tmux-version.js";
import { startTmux } from "../../testkit/tmux.js";
import { serverOptions } from "./open-server.js";

const uid = process.getuid?.() ?? 0;
const environment = { PATH: process.env["PATH"] };

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "dispatch-sockets-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("live servers are found; stale sockets, plain files, other programs' sockets and links are not", async () => {
  const tmux = await startTmux();
  const gone = await startTmux();
  await gone.tmux("kill-server");
  const base = temporaryFolder();
  const folder = path.join(base, `tmux-${uid}`);
  mkdirSync(folder, { mode: 0o700 });
  renameSync(gone.socketPath, path.join(folder, "stale"));
  writeFileSync(path.join(folder, "file"), "");
  symlinkSync(tmux.socketPath, path.join(folder, "link"));
  const other = createServer((connection) => connection.destroy());
  await new Promise<void>((resolve) => { other.listen(path.join(folder, "other"), resolve); });
  onTestFinished(() => { other.close(); });
  const place = { tmuxTmpdir: base, uid };
  expect(await findServers(place, environment, () => false)).toEqual([]);

  const named = await startTmux(["cat"], { socketPath: path.join(folder, "work") });
  expect(await findServers(place, environment, () => false)).toEqual([path.join(folder, "work")]);
  expect(await named.tmux("display-message", "-p", "#{session_name}")).toBe("main");
});

test("a socket of another user is left alone", async () => {
  const base = temporaryFolder();
  const folder = path.join(base, `tmux-${uid + 1}`);
  mkdirSync(folder, { mode: 0o700 });
  await startTmux(["cat"], { socketPath: path.join(folder, "ours") });
  expect(await findServers({ tmuxTmpdir: base, uid: uid + 1 }, environment, () => false)).toEqual([]);
});

test("a name, a path or nothing becomes the socket path that tmux itself uses", async () => {
  const base = temporaryFolder();
  const link = path.join(temporaryFolder(), "link");
  symlinkSync(base, link);
  const place = { tmuxTmpdir: link, uid };
  expect(serverPath("", place)).toBe(path.join(base, `tmux-${uid}`, "default"));
  expect(serverPath("work", place)).toBe(path.join(base, `tmux-${uid}`, "work"));
  expect(serverPath("/run/x.sock", place)).toBe("/run/x.sock");
  expect(serverPath("", { tmuxTmpdir: undefined, uid: 7 })).toBe("/tmp/tmux-7/default");
  expect(serverPath("", { tmuxTmpdir: path.join(base, "missing"), uid: 7 })).toBe("/tmp/tmux-7/default");
  for (const bad of ["a/b", "..", "."]) expect(() => serverPath(bad, place)).toThrow(/absolute path or by its -L name/u);
  const tmux = await startTmux();
  const asked = execFileSync("tmux", ["-L", "probe", "-f", "/dev/null", "start-server", ";", "display-message", "-p", "#{socket_path}"], { env: { ...tmux.environment, TMUX_TMPDIR: link }, encoding: "utf8" });
  expect(asked.trim()).toBe(serverPath("probe", place));
});

test("what cannot be opened says why, and no server is ever started", async () => {
  const tmux = await startTmux();
  const options = serverOptions(tmux);
  await expect(TmuxServer.open(path.join(tmux.folder, "none"), options)).rejects.toMatchObject({ reason: "no_tmux_server" });
  writeFileSync(path.join(tmux.folder, "file"), "");
  await expect(TmuxServer.open(path.join(tmux.folder, "file"), options)).rejects.toMatchObject({ reason: "no_tmux_server" });
  await expect(TmuxServer.open(tmux.socketPath, { ...options, environment: { PATH: tmux.folder } })).rejects.toMatchObject({ reason: "no_tmux" });
  await tmux.tmux("kill-server");
  await expect(TmuxServer.open(tmux.socketPath, options)).rejects.toMatchObject({ reason: "no_tmux_server" });
  await expect(tmux.tmux("-N", "list-sessions")).rejects.toThrow(/no server|error connecting|server exited|lost server/u);
});

test("the version is what tmux names", async () => {
  expect(await tmuxVersion(environment)).toMatch(/^(?:next-|openbsd-)?\d+\.\d/u);
  await expect(tmuxVersion({ PATH: "/nonexistent" })).rejects.toMatchObject({ reason: "no_tmux" });
});
