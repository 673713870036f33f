import { createHash } from "node:crypto";
import type { NewAuditEntry } from "../domain/audit.js";
import { subjectOf, type Principal } from "../domain/principal.js";
import { DispatchError } from "../errors/dispatch-error.js";
import type { CallEnded, CallGate } from "../transport/call-gate.js";
import type { Delivery } from "../../proto/gen/dispatch/v1/delivery.js";
import { Reason } from "../../proto/gen/dispatch/v1/reason.js";
import { reasonFromWire } from "../wire/delivery.js";
import { requiredRole } from "./required-role.js";

/** Puts every mutating call, how it ended, and every denial into the audit log. A call that cannot be put there is not made. */
export function auditedGate(gate: CallGate, append: (entry: NewAuditEntry) => void): CallGate {
  return {
    log: gate.log,
    async identify(call) {
      try {
        return await gate.identify(call);
      } catch (error) {
        append({ ...about(undefined, "", {}), caller: call.getPeer(), outcome: "denied", detail: reasonOf(error) });
        throw error;
      }
    },
    async admit(call) {
      const told = about(call.principal, call.rpc, call.request);
      let ended: CallEnded;
      try {
        ended = await gate.admit(call);
      } catch (error) {
        append({ ...told, outcome: "denied", detail: error instanceof DispatchError ? error.message : reasonOf(error) });
        throw error;
      }
      if (isReading(call.rpc)) return ended;
      append({ ...told, outcome: "admitted", detail: "" });
      return (error, answer) => {
        ended(error, answer);
        try {
          append({ ...told, outcome: error === undefined ? outcomeOf(answer) : reasonOf(error), detail: "" });
        } catch (lost) {
          // What was done is done: its admission stands in the log.
          gate.log.error({ error: lost, rpc: call.rpc }, "the end of a call could not be audited");
        }
      };
    },
  };
}

/** Calls of an admin that change nothing. */
const readingCalls: ReadonlySet<string> = new Set(["ListAudit", "VerifyAudit", "Explain", "ListCertificates"]);

function isReading(rpc: string): boolean {
  return requiredRole(rpc) === "observe" || readingCalls.has(rpc.split("/").at(-1) ?? "");
}

function about(principal: Principal | undefined, rpc: string, request: unknown): Pick<NewAuditEntry, "subject" | "caller" | "rpc" | "target" | "textSha256" | "textBytes"> {
  const { target, prompt, command } = request as { target?: { machine?: string; pane?: string }; prompt?: string; command?: string };
  const text = prompt ?? command ?? "";
  const caller = principal ? subjectOf(principal) : "";
  return {
    subject: principal?.behalfOf ? subjectOf(principal.behalfOf) : caller, caller, rpc,
    target: target ? [target.machine, target.pane].filter(Boolean).join("/") : "",
    textSha256: text === "" ? "" : createHash("sha256").update(text).digest("hex"), textBytes: Buffer.byteLength(text),
  };
}

/** Of a delivery, exec or key its reason, such as `agent_busy`, or `ok` where it has none. */
function outcomeOf(answer: unknown): string {
  const { delivery, update } = (answer ?? {}) as { delivery?: Pick<Delivery, "reason">; update?: { delivery?: Pick<Delivery, "reason"> } };
  return reasonFromWire((delivery ?? update?.delivery)?.reason ?? Reason.UNSPECIFIED) || "ok";
}

function reasonOf(error: unknown): string {
  return error instanceof DispatchError ? error.reason : "internal";
}
