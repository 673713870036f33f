import * as z from "zod";
import { principalKinds, roles } from "../domain/principal.js";

const pattern = (): z.ZodString => z.string().min(1).max(200);

/** The fields of a grant. As all schemas of the configuration that are not of one word it is made when first used: commands read few keys, and start often. */
export function grantShape() {
  const patterns = z.array(pattern()).min(1).optional();
  return { roles: z.array(z.enum(roles)).min(1), machines: patterns, targets: patterns, agentKinds: patterns };
}

/** What the tailnet's policy file gives as a value of the capability. */
export const grantSchema = z.lazy(() => z.strictObject(grantShape()));

/** One entry of `grants` in the configuration. */
export const subjectGrantSchema = z.lazy(() => z.strictObject({
  subject: pattern().refine((subject) => principalKinds.some((kind) => subject.startsWith(`${kind}:`)), `must begin with a kind, such as client:alice or tailnet:*@example.com (${principalKinds.join(", ")})`),
  ...grantShape(),
}));
