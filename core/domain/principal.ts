export const roles = ["observe", "send", "exec", "admin"] as const;
/** observe: list, watch, redacted capture. send: prompts, keys, schedules. exec: shell commands. admin: all of it, and the fleet. */
export type Role = (typeof roles)[number];

/** Roles, narrowed where a list is given; `*` stands for any text in its entries. */
export interface Grant {
  readonly roles: readonly Role[];
  readonly machines?: readonly string[] | undefined;
  /** Targets as `session:window.pane`. */
  readonly targets?: readonly string[] | undefined;
  readonly agentKinds?: readonly string[] | undefined;
}

/** `owner`: of the unix socket. `joiner`: holds a token and may do nothing but enrol. `tailnet`: named by tailscale. */
export const principalKinds = ["owner", "coordinator", "node", "client", "joiner", "tailnet"] as const;
export type PrincipalKind = (typeof principalKinds)[number];

/** Who calls, as the connection proves it. */
export interface Principal {
  readonly kind: PrincipalKind;
  /** Name in its certificate, login name on the tailnet, or user name of the owner. */
  readonly name: string;
  /** What the proof itself carries: roles of a certificate, app capabilities of the tailnet. Policy files may add to it. */
  readonly grants: readonly Grant[];
  /** Serial number of its certificate in hexadecimal, where it has one. */
  readonly serial?: string | undefined;
  /** For whom a coordinator calls. */
  readonly behalfOf?: Principal | undefined;
}

/** `client:alice`, as policy files, the audit log and `dispatch can` write it. */
export function subjectOf({ kind, name }: Pick<Principal, "kind" | "name">): string {
  return `${kind}:${name}`;
}

/** The owner of the unix socket may do everything: the folder's mode is the proof. */
export function owner(name: string): Principal {
  return { kind: "owner", name, grants: [{ roles: ["admin"] }] };
}
