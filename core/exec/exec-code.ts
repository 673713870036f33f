/** Every verdict by its name; docs/exec.md explains them. The first check that fails decides, in this order. */
export const execCodes = [
  "blocked_empty", "blocked_multiline", "blocked_control_chars", "blocked_destructive", "blocked_remote_code", "blocked_ssh_rewrite",
  "blocked_credential_exfil", "blocked_target_kind", "blocked_target_policy", "blocked_cd_path", "blocked_shell_metachar", "blocked_unparsable",
  "blocked_git_reset_hard", "blocked_unsafe_flag", "blocked_not_allowlisted", "allowed_builtin", "allowed_prefix",
] as const;
export type ExecCode = (typeof execCodes)[number];
