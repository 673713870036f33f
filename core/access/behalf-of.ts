import { Metadata } from "@grpc/grpc-js";
import * as z from "zod";
import type { Principal } from "../domain/principal.js";
import { DispatchError } from "../errors/dispatch-error.js";
import { grantSchema } from "./grant-schema.js";

const header = "dispatch-behalf-of";
const maxLength = 16_384;

const schema = z.lazy(() => z.strictObject({
  // A coordinator that calls for itself or for its owner says nothing.
  kind: z.enum(["client", "node", "tailnet"]),
  name: z.string().min(1).max(320),
  grants: z.array(grantSchema).max(100),
}));

/** What a coordinator sends with a call that it makes for somebody else. */
export function behalfOfMetadata({ kind, name, grants }: Principal): Metadata {
  const metadata = new Metadata();
  metadata.set(header, Buffer.from(JSON.stringify({ kind, name, grants })).toString("base64url"));
  return metadata;
}

/** For whom a call is made; undefined where it is made for the caller itself. Anything but what `behalfOfMetadata` writes is refused. */
export function readBehalfOf(metadata: Metadata): Principal | undefined {
  const [value, ...others] = metadata.get(header);
  if (value === undefined) return undefined;
  try {
    if (others.length > 0 || typeof value !== "string" || value.length > maxLength) throw new Error("too much");
    return schema.parse(JSON.parse(Buffer.from(value, "base64url").toString()));
  } catch (error) {
    throw new DispatchError("unauthenticated", "The caller does not say in a known form for whom it calls.", { cause: error });
  }
}
