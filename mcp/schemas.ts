import * as z from "zod";
import { parseAddress, resolveTmuxServer } from "../sdk/index.js";
import type { TargetAddress } from "../core/domain/target.js";

/** How a tool is told which pane. */
export const targetInput = {
  target: z.string().describe("session:window.pane, machine/session:window.pane, or a pane id such as %7. Names match exactly."),
  machine: z.string().optional().describe("Machine of the target, where its name is not part of it."),
  server: z.string().optional().describe("tmux server: socket path or -L name. Default: the server this program runs in, else tmux's default."),
};

export function addressOf({ target, machine, server }: { target: string; machine?: string | undefined; server?: string | undefined }): TargetAddress {
  return parseAddress(target, { machine, server: resolveTmuxServer(server) });
}

export const detection = z.looseObject({
  targetKind: z.string(), agentKind: z.string(), state: z.string(), composerState: z.string(),
  canReceivePrompt: z.boolean(), canQueuePrompt: z.boolean(), reason: z.string(),
});

export const target = z.looseObject({ target: z.string(), machine: z.string(), server: z.string(), paneId: z.string(), detection });

export const delivery = {
  id: z.string(), key: z.string(), target: z.string(), machine: z.string(),
  status: z.string().describe("delivered, queued, unconfirmed, withdrawn, refused, failed, cancelled, expired, dry_run, typed, or pending"),
  reason: z.string().nullable(), detail: z.string(), hint: z.string().nullable(),
  evidence: z.looseObject({ source: z.string(), locator: z.string(), exact: z.boolean() }).nullable(),
  detection: detection.nullable(),
  steps: z.array(z.looseObject({ step: z.string(), detail: z.string() })),
  timings: z.looseObject({ totalMs: z.number() }),
  answer: z.string().nullable(),
};
