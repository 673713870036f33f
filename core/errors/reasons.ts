/**
 * The one catalogue of reasons. Each maps to a gRPC status, a CLI exit code, whether a retry with the same key can help,
 * one plain sentence and one hint. `docs/errors.md` and the tests are held against this table.
 */
export interface ReasonEntry {
  readonly grpc: GrpcStatusName;
  readonly exitCode: number;
  readonly retryable: boolean;
  readonly sentence: string;
  readonly hint: string;
}

export type GrpcStatusName =
  | "CANCELLED" | "UNKNOWN" | "INVALID_ARGUMENT" | "DEADLINE_EXCEEDED" | "NOT_FOUND" | "ALREADY_EXISTS"
  | "PERMISSION_DENIED" | "RESOURCE_EXHAUSTED" | "FAILED_PRECONDITION" | "ABORTED" | "UNIMPLEMENTED"
  | "INTERNAL" | "UNAVAILABLE" | "DATA_LOSS" | "UNAUTHENTICATED";

/** Exit codes of the CLI by kind of outcome; documented in docs/errors.md. */
export const exitCodes = {
  success: 0, failed: 1, usage: 2, refused: 3, unconfirmed: 4, withdrawn: 5, cancelled: 6, expired: 7,
  notFound: 8, unavailable: 9, conflict: 10, denied: 11, internal: 70,
} as const;

const e = (grpc: GrpcStatusName, exitCode: number, retryable: boolean, sentence: string, hint: string): ReasonEntry =>
  ({ grpc, exitCode, retryable, sentence, hint });

const refused = (sentence: string, hint: string, retryable = true): ReasonEntry =>
  e("FAILED_PRECONDITION", exitCodes.refused, retryable, sentence, hint);

export const reasons = {
  // the request
  invalid_argument: e("INVALID_ARGUMENT", exitCodes.usage, false, "The request is not valid.", "Correct the named field and send it again."),
  empty_prompt: e("INVALID_ARGUMENT", exitCodes.usage, false, "The prompt is empty.", "Give some text with --prompt, --file or standard input."),
  prompt_too_large: e("INVALID_ARGUMENT", exitCodes.usage, false, "The prompt is larger than the limit.", "Shorten it, put it into a file and name the file in the prompt, or raise maxPromptBytes in the configuration."),
  invalid_utf8: e("INVALID_ARGUMENT", exitCodes.usage, false, "The prompt is not valid UTF-8.", "Convert it to UTF-8, for example with iconv."),
  unreadable_file: e("INVALID_ARGUMENT", exitCodes.usage, false, "The file cannot be read.", "Check the path and its permissions."),
  invalid_config: e("INVALID_ARGUMENT", exitCodes.usage, false, "The configuration is not valid.", "Correct the named key."),
  key_conflict: e("ALREADY_EXISTS", exitCodes.conflict, false, "This key was used for another prompt or target.", "Use a new key, or look the first delivery up with `dispatch show`."),
  // the target
  not_found: e("NOT_FOUND", exitCodes.notFound, false, "No such pane.", "List the panes with `dispatch targets`."),
  delivery_not_found: e("NOT_FOUND", exitCodes.notFound, false, "No delivery has this id or key.", "List deliveries with `dispatch list`."),
  ambiguous_target: e("INVALID_ARGUMENT", exitCodes.usage, false, "The target names more than one pane.", "Name window and pane, or use the pane id from `dispatch targets`."),
  unknown_machine: e("NOT_FOUND", exitCodes.notFound, false, "No machine of this name is known.", "List the machines with `dispatch nodes`, or leave the machine out for this one."),
  no_tmux: e("UNAVAILABLE", exitCodes.unavailable, false, "tmux is not installed.", "Install tmux 3.2 or later."),
  no_tmux_server: e("UNAVAILABLE", exitCodes.unavailable, true, "No tmux server is running there.", "Start one with `tmux new-session`, or name the server with --server."),
  no_permission: e("PERMISSION_DENIED", exitCodes.denied, false, "The tmux socket or the process may not be read.", "Run as the user who owns the pane."),
  tmux_lost: e("UNAVAILABLE", exitCodes.unavailable, true, "The tmux server went away.", "Start it again; look the delivery up before sending again."),
  pane_dead: refused("The pane's process has ended.", "Start the agent again in that pane.", false),
  pane_changed: refused("The pane runs another process than a moment ago.", "Look at the pane, then send again.", false),
  pane_input_blocked: refused("Keys would not go to this pane alone.", "Turn synchronize-panes off for the window (`tmux set -w synchronize-panes off`), or turn the pane's input on (`tmux select-pane -e`)."),
  is_shell: refused("The pane shows a shell, not an agent.", "Start an agent there, or name another pane.", false),
  not_an_agent: refused("The pane runs something that is not a known agent.", "Check the target, or describe the agent in a profile.", false),
  // the agent's state
  agent_starting: refused("The agent is still starting.", "Send again in a few seconds, or use --when-idle."),
  agent_busy: refused("The agent is busy.", "Use --queue for the agent's own queue, or --when-idle to wait."),
  agent_exited: refused("The agent has exited.", "Start it again in that pane.", false),
  agent_wedged: e("FAILED_PRECONDITION", exitCodes.unconfirmed, false, "The agent does not react to keys.", "Look at the pane; it may need a restart."),
  dialog_open: refused("The agent asks a question that a key would answer.", "Answer it in the pane, then send again."),
  menu_open: refused("A menu is open in the agent.", "Close it in the pane, then send again."),
  draft_present: refused("Somebody's unsent text is in the composer.", "Send or clear it in the pane; with Claude Code, --on-draft stash keeps it aside."),
  copy_mode_stuck: refused("The pane does not leave copy mode.", "Leave it with q, then send again."),
  state_unknown: refused("The agent's screen could not be understood.", "Look at the pane; `dispatch doctor` tells whether this version is known."),
  cannot_queue: refused("This agent cannot queue, steer or stash as asked.", "Use --when-idle.", false),
  would_run_as_command: refused("The agent would not take this text as a prompt.", "Reword it, or use --command if it is meant as a command.", false),
  would_change_text: refused("The text would have to be changed for this agent, and --strict forbids that.", "Send without --strict, or change the text yourself.", false),
  locked_by_other: refused("Another delivery is typing into this pane.", "Send again in a moment."),
  record_unreadable: refused("The agent's record cannot be read, so a delivery could not be proven.", "Check the permissions of the agent's home folder."),
  // after the keys went in
  not_parked: e("ABORTED", exitCodes.unconfirmed, false, "The text was typed but did not show up in the composer; the submit key was not pressed.", "Look at the pane before sending again."),
  composer_mixed: e("ABORTED", exitCodes.failed, false, "The composer holds something besides our text; the submit key was not pressed.", "Look at the pane: our text is still there, unsent."),
  no_proof: e("DEADLINE_EXCEEDED", exitCodes.unconfirmed, false, "The key was pressed but the agent's record does not hold the text.", "Look at the pane, or ask again with `dispatch show`."),
  action_needed: e("FAILED_PRECONDITION", exitCodes.unconfirmed, false, "The agent holds the prompt until a person acts in its pane.", "Look at the pane and do what it asks, such as choosing another account; the prompt then goes on by itself."),
  prompt_blocked: e("ABORTED", exitCodes.failed, false, "A hook of the agent turned the prompt away.", "The pane tells why; change the prompt or the hook (UserPromptSubmit in the agent's settings), and clear the composer where the text came back."),
  withdrawn: e("ABORTED", exitCodes.withdrawn, false, "The queued prompt was removed before the agent took it.", "Send it again if it is still wanted."),
  // time, callers, policy
  cancelled: e("CANCELLED", exitCodes.cancelled, false, "The delivery was cancelled before its submit key.", ""),
  deadline_exceeded: e("DEADLINE_EXCEEDED", exitCodes.expired, true, "The time ended before anything was typed.", "Give it more time with --timeout, or send again."),
  policy_denied: e("PERMISSION_DENIED", exitCodes.denied, false, "The policy does not allow this.", "Ask whoever owns the policy file."),
  // the mesh
  unauthenticated: e("UNAUTHENTICATED", exitCodes.denied, false, "The caller did not prove who it is.", "Join this machine with `dispatch join`, or check its certificate with `dispatch doctor`."),
  certificate_revoked: e("UNAUTHENTICATED", exitCodes.denied, false, "The caller's certificate was revoked.", "Ask an admin of the fleet for a new token, and join again."),
  token_invalid: e("PERMISSION_DENIED", exitCodes.denied, false, "The token is used up, has expired, or was not made by this coordinator.", "Make a new one with `dispatch node token`."),
  ca_missing: e("FAILED_PRECONDITION", exitCodes.usage, false, "This coordinator has no certificate authority.", "Make one with `dispatch ca init`."),
  insecure_listen: e("FAILED_PRECONDITION", exitCodes.usage, false, "Plain TCP off loopback is refused: anyone on the network could type into the agents.", "Join a fleet with `dispatch join`, or listen on the tailnet address."),
  node_draining: refused("The machine is being drained and takes nothing new.", "Send to another machine, or end it with `dispatch nodes drain --off`."),
  tailnet_unavailable: e("UNAVAILABLE", exitCodes.unavailable, true, "The tailnet cannot be asked.", "See `tailscale status`."),
  // schedules
  schedule_not_found: e("NOT_FOUND", exitCodes.notFound, false, "No schedule has this id or name.", "List schedules with `dispatch schedules`."),
  schedule_name_taken: e("ALREADY_EXISTS", exitCodes.conflict, false, "Another schedule has this name.", "Choose another name, or change that one with `dispatch edit`."),
  schedule_not_open: e("FAILED_PRECONDITION", exitCodes.failed, false, "The schedule does not stand where that can be done.", "Look at it with `dispatch show`."),
  // our own processes
  node_unreachable: e("UNAVAILABLE", exitCodes.unavailable, true, "The node of that machine does not answer.", "Check `dispatch status`; the same --key never sends twice."),
  coordinator_unreachable: e("UNAVAILABLE", exitCodes.unavailable, true, "The coordinator of the fleet does not answer.", "Look whether its machine is on, and whether its background process runs there."),
  daemon_unavailable: e("UNAVAILABLE", exitCodes.unavailable, true, "The background process is not running.", "Start it with `dispatch up`."),
  already_running: e("FAILED_PRECONDITION", exitCodes.unavailable, false, "It is running already.", "Look at it with `dispatch daemon status`: one state folder has one coordinator and one node."),
  state_unwritable: e("UNAVAILABLE", exitCodes.unavailable, false, "The state folder cannot be written.", "Check its owner and free space, or set DISPATCH_DATA_DIR."),
  store_corrupt: e("DATA_LOSS", exitCodes.unavailable, false, "The database is damaged.", "Move the named file aside; nothing in it was changed."),
  no_answer: e("DEADLINE_EXCEEDED", exitCodes.unavailable, true, "No answer came in time.", "Look the delivery up with `dispatch show` before sending again."),
  interrupted: e("CANCELLED", exitCodes.cancelled, true, "The caller stopped waiting.", ""),
  other_version: e("UNIMPLEMENTED", exitCodes.unavailable, false, "The other side runs a version that does not know this call.", "Bring both to one version: `dispatch down`, then `dispatch up`."),
  internal: e("INTERNAL", exitCodes.internal, false, "Something went wrong inside.", "See the log in the state folder."),
} as const satisfies Record<string, ReasonEntry>;

export type Reason = keyof typeof reasons;
