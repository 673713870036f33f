import { createHash } from "node:crypto";
import type { UserTurn } from "../../testkit/model-server/turn-log.js";
import { describeChange } from "../probe/describe-change.js";
import { isExplainedBy, unknownNames } from "./explained-by.js";
import type { Delivery } from "../../../core/domain/delivery.js";

/** What was said of one send. */
export type SendResult = Pick<Delivery, "id" | "status" | "reason" | "detail" | "evidence" | "detection">;

/** `unsendable`: a text that the product says this agent would not take as a prompt (would_run_as_command); refused for what it is, not for how the agent was. */
export type Verdict = "exact" | "transformed" | "unsendable" | "refused" | "unconfirmed" | "false" | "double" | "lost";

export interface Judgement {
  readonly verdict: Verdict;
  /** Why, in one line without the prompt. */
  readonly why: string;
}

/** Ends that say: the agent did not get it. */
const notThere = new Set(["refused", "failed", "cancelled", "expired", "withdrawn", "dry_run"]);

/** Holds what was said of one send against what the model got. `got` is every user text at the model that has the prompt's token. */
export function judge(prompt: string, result: SendResult, got: readonly string[]): Judgement {
  const said = `${result.status}${result.reason ? ` (${result.reason})` : ""}`;
  if (got.length > 1) return { verdict: "double", why: `said ${said}; the model got it ${got.length} times` };
  const arrived = got[0];
  if (result.status === "delivered") return judgeDelivered(prompt, result, arrived);
  if (notThere.has(result.status)) {
    const verdict = result.reason === "would_run_as_command" ? "unsendable" : "refused";
    return arrived === undefined ? { verdict, why: said } : { verdict: "false", why: `said ${said}; the model got it` };
  }
  if (result.status === "unconfirmed") return { verdict: "unconfirmed", why: `${said}; the model ${arrived === undefined ? "did not get" : "got"} it` };
  return { verdict: "lost", why: `ended as ${said}; the model ${arrived === undefined ? "did not get" : "got"} it` };
}

function judgeDelivered(prompt: string, { evidence }: SendResult, arrived: string | undefined): Judgement {
  const wrong = (why: string): Judgement => ({ verdict: "false", why: `said delivered; ${why}` });
  if (arrived === undefined) return wrong("the model did not get it");
  if (!evidence || evidence.source !== "record") return wrong(`evidence is ${evidence?.source ?? "missing"}, not the record`);
  if (evidence.sentSha256 !== sha256(prompt)) return wrong("the hash of the text sent is another one");
  if (arrived === prompt) return { verdict: "exact", why: "" };
  if (evidence.exact) return wrong(`said exact, but in what the model got: ${describeChange(prompt, arrived)}`);
  const declared = evidence.transformation;
  if (declared.length === 0) return wrong("not exact, and no transformation named");
  const unknown = unknownNames(declared);
  if (unknown.length > 0) return wrong(`unknown transformation ${unknown.join(", ")}`);
  if (!isExplainedBy(prompt, arrived, declared)) return wrong(`${declared.join(", ")} do not explain what the model got: ${describeChange(prompt, arrived)}`);
  return { verdict: "transformed", why: declared.join(", ") };
}

/** Every user text at the model that has the token. */
export function textsWith(token: string, turns: readonly UserTurn[]): string[] {
  return turns.flatMap((turn) => turn.texts).filter((text) => text.includes(token));
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
