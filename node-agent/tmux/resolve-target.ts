import type { ResolvedTarget, TargetAddress } from "../../core/domain/target.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { nearestNames } from "./nearest-names.js";
import type { PaneFacts } from "./pane-facts.js";
import type { TmuxServer } from "./tmux-server.js";

/**
 * The one pane that an address names on this server. Names match exactly, in our own code: tmux would match by prefix and pattern.
 * Throws DispatchError invalid_argument, not_found (naming what may have been meant) or ambiguous_target (naming every reading).
 */
export async function resolveTarget(server: TmuxServer, machine: string, address: TargetAddress): Promise<ResolvedTarget> {
  const panes = await server.listPanes();
  return describePane(choosePane(panes, address.pane), machine, server.socketPath);
}

/** A listed pane as a resolved target. */
export function describePane(pane: PaneFacts, machine: string, socketPath: string): ResolvedTarget {
  return {
    machine, server: socketPath, paneId: pane.paneId, target: indexedName(pane), panePid: pane.panePid, window: pane.windowName,
    active: pane.windowActive && pane.paneActive, width: pane.width, height: pane.height,
  };
}

function choosePane(panes: readonly PaneFacts[], wanted: string): PaneFacts {
  if (wanted === "") throw new DispatchError("invalid_argument", "The target names no pane.", { metadata: { field: "target" } });
  const matches = new Map<string, PaneFacts>();
  for (const pane of panes) {
    if (!isNamedBy(pane, wanted)) continue;
    // A window that is linked to several sessions shows the same pane in each: one is enough, best where it is the current window.
    const seen = matches.get(pane.paneId);
    if (seen === undefined || (!seen.windowActive && pane.windowActive)) matches.set(pane.paneId, pane);
  }
  const [only, ...more] = matches.values();
  const metadata = { field: "target", value: wanted };
  if (only === undefined) throw notFound(panes, wanted, metadata);
  if (more.length === 0) return only;
  const names = [only, ...more].map((pane) => `${indexedName(pane)} (${pane.paneId})`).join(", ");
  throw new DispatchError("ambiguous_target", `"${wanted}" names more than one pane: ${names}.`, { metadata: { ...metadata, panes: names } });
}

/** Every reading of an address counts, so that two readings of one address are an ambiguity and never a guess. */
function isNamedBy(pane: PaneFacts, wanted: string): boolean {
  // The one name that programs go by means nothing else, whatever a session is called.
  if (/^%\d+$/u.test(wanted)) return pane.paneId === wanted;
  const colon = wanted.indexOf(":");
  // tmux allows no colon in the name of a session; in a window's name it does.
  const session = colon === -1 ? wanted : wanted.slice(0, colon);
  if (colon === -1) {
    const [windowId, index] = session.split(".");
    return (isSession(pane, session) && pane.windowActive && pane.paneActive) || (pane.windowId === windowId && (index === undefined ? pane.paneActive : index === String(pane.paneIndex)));
  }
  return isSession(pane, session) && isWindowOrPane(pane, wanted.slice(colon + 1));
}

function isSession(pane: PaneFacts, name: string): boolean {
  return pane.sessionName === name || pane.sessionId === name;
}

/** `window` (its active pane) or `window.pane`; the name of a window may hold dots. */
function isWindowOrPane(pane: PaneFacts, rest: string): boolean {
  if (pane.paneActive && isWindow(pane, rest)) return true;
  const dot = rest.lastIndexOf(".");
  return dot !== -1 && rest.slice(dot + 1) === String(pane.paneIndex) && isWindow(pane, rest.slice(0, dot));
}

function isWindow(pane: PaneFacts, name: string): boolean {
  return pane.windowName === name || String(pane.windowIndex) === name || pane.windowId === name;
}

function indexedName(pane: PaneFacts): string {
  return `${pane.sessionName}:${pane.windowIndex}.${pane.paneIndex}`;
}

function notFound(panes: readonly PaneFacts[], wanted: string, metadata: Record<string, string>): DispatchError {
  // Ids that look alike have nothing to do with each other.
  const names = /^[%@$]/u.test(wanted) ? [] : nearestNames(wanted, panes.flatMap((pane) => wanted.includes(":")
    ? [`${pane.sessionName}:${pane.windowIndex}`, `${pane.sessionName}:${pane.windowName}`, indexedName(pane)] : [pane.sessionName]));
  const suggestion = names.length === 0 ? "" : ` Did you mean ${names.map((name) => `"${name}"`).join(" or ")}?`;
  return new DispatchError("not_found", `There is no pane "${wanted}".${suggestion}`, { metadata: { ...metadata, suggestions: names.join(", ") } });
}
