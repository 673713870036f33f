import * as z from "zod";
import { principalKinds, roles } from "../domain/principal.js";

const pattern = z.string().min(1).max(200);
const patterns = z.array(pattern).min(1).optional();

const grant = {
  roles: z.array(z.enum(roles)).min(1),
  machines: patterns,
  targets: patterns,
  agentKinds: patterns,
};

/** What the tailnet's policy file gives as a value of the capability. */
export const grantSchema = z.strictObject(grant);

/** One entry of `grants` in the configuration. */
export const subjectGrantSchema = z.strictObject({
  subject: pattern.refine((subject) => principalKinds.some((kind) => subject.startsWith(`${kind}:`)), `must begin with a kind, such as client:alice or tailnet:*@example.com (${principalKinds.join(", ")})`),
  ...grant,
});
