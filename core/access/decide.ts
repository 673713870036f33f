import type { Grant, Principal, Role } from "../domain/principal.js";
import { subjectOf } from "../domain/principal.js";
import { wildcard } from "../text/wildcard.js";

/** Grants that a machine's own configuration gives, by subject. */
export interface SubjectGrant extends Grant {
  /** `client:alice`, `tailnet:*@example.com`; `*` and `?` are wildcards. */
  readonly subject: string;
}

/** What a call is about, as far as it is known. A field that is not known fits no grant that is narrowed by it. */
export interface AccessObject {
  readonly machine?: string | undefined;
  /** `session:window.pane` */
  readonly target?: string | undefined;
  readonly agentKind?: string | undefined;
}

export interface Decision {
  readonly allowed: boolean;
  /** In a sentence. */
  readonly why: string;
}

const includes: Record<Role, readonly Role[]> = { observe: ["observe"], send: ["send", "observe"], exec: ["exec", "observe"], admin: ["admin", "exec", "send", "observe"] };

/**
 * What a principal was granted: what the machine's own configuration says of its subject, and only where that says nothing what its proof
 * carries. So a configuration can give more, and it can give less.
 */
export function grantsOf(principal: Principal, configured: readonly SubjectGrant[]): readonly Grant[] {
  const subject = subjectOf(principal).toLowerCase();
  const ours = principal.kind === "owner" ? [] : configured.filter((grant) => wildcard(grant.subject.toLowerCase()).test(subject));
  return ours.length > 0 ? ours : principal.grants;
}

/** Nothing is allowed that no grant allows. */
export function decide(principal: Principal, role: Role, object: AccessObject, configured: readonly SubjectGrant[]): Decision {
  const grants = grantsOf(principal, configured);
  const subject = subjectOf(principal);
  const withRole = grants.filter((grant) => hasRole(grant, role));
  if (withRole.length === 0) return { allowed: false, why: grants.length === 0 ? `${subject} has no grant here` : `${subject} has not the role ${role}` };
  const fitting = withRole.find((grant) => lackOf(grant, object) === undefined);
  if (fitting) return { allowed: true, why: `${subject} has the role ${fitting.roles.find((one) => includes[one].includes(role)) ?? role}${scopeOf(fitting)}` };
  const lacks = [...new Set(withRole.map((grant) => lackOf(grant, object)))];
  return { allowed: false, why: `${subject} has the role ${role}, but not for ${lacks.join(", nor for ")}` };
}

/** Whether some grant gives the role whatever the call is about. */
export function isUnlimited(principal: Principal, role: Role, configured: readonly SubjectGrant[]): boolean {
  return grantsOf(principal, configured).some((grant) => hasRole(grant, role) && !grant.machines && !grant.targets && !grant.agentKinds);
}

/** Whether some grant gives the role for anything at all. */
export function hasSomewhere(principal: Principal, role: Role, configured: readonly SubjectGrant[]): boolean {
  return grantsOf(principal, configured).some((grant) => hasRole(grant, role));
}

function hasRole(grant: Grant, role: Role): boolean {
  return grant.roles.some((one) => includes[one].includes(role));
}

/** The first thing that the grant is narrowed to and the object is not. */
function lackOf({ machines, targets, agentKinds }: Grant, { machine, target, agentKind }: AccessObject): string | undefined {
  if (machines && !fits(machines, machine)) return `the machine ${machine ?? "(any)"}`;
  if (targets && !fits(targets, target)) return `the target ${target ?? "(any)"}`;
  if (agentKinds && !fits(agentKinds, agentKind)) return `agents of the kind ${agentKind ?? "(any)"}`;
  return undefined;
}

function fits(patterns: readonly string[], value: string | undefined): boolean {
  return value !== undefined && patterns.some((pattern) => wildcard(pattern.toLowerCase()).test(value.toLowerCase()));
}

function scopeOf({ machines, targets, agentKinds }: Grant): string {
  const parts = [machines && `machines ${machines.join(", ")}`, targets && `targets ${targets.join(", ")}`, agentKinds && `agents ${agentKinds.join(", ")}`].filter(Boolean);
  return parts.length > 0 ? ` for ${parts.join("; ")}` : "";
}
