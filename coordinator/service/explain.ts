import { decide } from "../../core/access/decide.js";
import { DispatchError } from "../../core/errors/dispatch-error.js";
import { principalKinds, type Principal, type PrincipalKind } from "../../core/domain/principal.js";
import type { UnaryHandler } from "../../core/transport/handlers.js";
import { rolesFromWire } from "../../core/wire/enrolment.js";
import { addressFromWire } from "../../core/wire/target.js";
import type { CoordinatorExplainRequest, CoordinatorExplainResponse } from "../../proto/gen/dispatch/v1/access.js";
import type { Coordinator } from "../coordinator.js";

/** What this coordinator would decide, and what the node of the target would, which has the last word. */
export const explain = (coordinator: Coordinator): UnaryHandler<CoordinatorExplainRequest, CoordinatorExplainResponse> =>
  async ({ subject, role: word, target }, call) => {
    const [role = "observe"] = rolesFromWire([word]);
    const principal = principalOf(coordinator, subject);
    const address = target?.pane ? addressFromWire(target) : undefined;
    const node = address && coordinator.nodes.forMachine(address.machine);
    const seen = address && node ? await node.detect(address, { signal: call.signal, deadline: call.deadline }) : undefined;
    const object = seen ? { machine: seen.target.machine, target: seen.target.target, agentKind: seen.detection.agentKind } : {};
    const ours = { by: "coordinator", ...decide(principal, role, object, coordinator.grants) };
    const theirs = address && node ? await node.explain({ role, target: address }, { signal: call.signal, deadline: call.deadline, principal }) : undefined;
    return { decisions: theirs ? [ours, theirs] : [ours] };
  };

/** With what its certificate carries, where it has a good one. */
function principalOf({ enrolment, clock }: Coordinator, subject: string): Principal {
  const colon = subject.indexOf(":");
  const [kind, name] = [subject.slice(0, Math.max(colon, 0)), subject.slice(colon + 1)];
  if (!(principalKinds as readonly string[]).includes(kind) || name === "") {
    throw new DispatchError("invalid_argument", `subject: write who, such as client:alice (${principalKinds.join(", ")}).`, { metadata: { field: "subject", value: subject } });
  }
  const now = clock.now();
  const good = enrolment.list().find((one) => one.kind === kind && one.name.toLowerCase() === name.toLowerCase() && !one.revokedAt && one.expiresAt > now);
  return { kind: kind as PrincipalKind, name, grants: good && good.roles.length > 0 ? [{ roles: good.roles }] : [] };
}
