import { execFile } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { AgentSetup, SetupRequest } from "./agent-setup.js";
import { setUpClaude } from "./claude-setup.js";
import { setUpCodex } from "./codex-setup.js";
import { waitForComposer } from "./composer-ready.js";
import { setUpGemini } from "./gemini-setup.js";
import { installPinned } from "./install-pinned.js";
import type { RealAgentKind } from "./kinds.js";
import { setUpOpencode } from "./opencode-setup.js";
import { endProcessesOfHome } from "./process-ends.js";
import { TestTmux } from "./tmux-server.js";

const run = promisify(execFile);

const setUps: Record<RealAgentKind, (request: SetupRequest) => Promise<AgentSetup>> = {
  claude: setUpClaude, codex: setUpCodex, gemini: setUpGemini, opencode: setUpOpencode,
};

export interface StartRequest {
  readonly kind: RealAgentKind;
  /** Socket path of the tmux server; started where it is not running. */
  readonly socket: string;
  readonly session: string;
  /** Window name; the kind where left out. */
  readonly window?: string;
  /** Working folder; becomes a git repository with a README.md where it is none. */
  readonly cwd: string;
  /** The agent's HOME. Set up where it is empty; a used one is taken as it is. */
  readonly home: string;
  /** Base URL from `ModelServer.url(name)`. */
  readonly modelUrl: string;
  readonly width?: number;
  readonly height?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** More arguments for the agent. */
  readonly arguments?: readonly string[];
  /** Changes its configuration after it was set up, before it starts. */
  readonly prepare?: (home: string) => Promise<void>;
  /** False returns at once, with the agent still starting. */
  readonly waitUntilReady?: boolean;
}

export interface RealAgent {
  readonly kind: RealAgentKind;
  readonly paneId: string;
  /** The pane's process. */
  readonly pid: number;
  readonly home: string;
  readonly cwd: string;
  /** Ends every process of this HOME (daemons and orphans too) and closes the pane. */
  stop(): Promise<void>;
}

/** Installs (once), sets up and starts a real agent in a window of its own, and waits for its composer. */
export async function startRealAgent(request: StartRequest): Promise<RealAgent> {
  const { kind, cwd, home } = request;
  const program = await installPinned(kind);
  await mkdir(home, { recursive: true, mode: 0o700 });
  await makeRepository(cwd);
  const fresh = (await readdir(home)).length === 0;
  const setup = await setUps[kind]({ home, cwd, modelUrl: request.modelUrl, fresh });
  await request.prepare?.(home);
  const environment = {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: home, SHELL: "/bin/bash", LANG: "C.UTF-8", TERM: "tmux-256color",
    ...setup.environment, ...request.env,
  };
  const tmux = new TestTmux(request.socket);
  const { paneId, pid } = await tmux.open({
    session: request.session, window: request.window ?? kind, cwd, width: request.width ?? 140, height: request.height ?? 40,
    command: ["env", "-i", ...Object.entries(environment).map(([key, value]) => `${key}=${value}`), program, ...setup.arguments, ...(request.arguments ?? [])],
  });
  const agent: RealAgent = {
    kind, paneId, pid, home, cwd,
    async stop() {
      await endProcessesOfHome(home);
      await tmux.run("kill-pane", "-t", paneId).catch(() => "");
    },
  };
  if (request.waitUntilReady !== false) {
    try {
      await waitForComposer(tmux, paneId, kind);
    } catch (error) {
      await agent.stop();
      throw error;
    }
  }
  return agent;
}

async function makeRepository(cwd: string): Promise<void> {
  await mkdir(cwd, { recursive: true });
  if ((await readdir(cwd)).includes(".git")) return;
  const git = (...args: string[]) => run("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], { cwd });
  await git("init", "-q", "-b", "main");
  await writeFile(join(cwd, "README.md"), "# A folder for tests\n");
  await git("add", ".");
  await git("commit", "-q", "-m", "Start");
}
