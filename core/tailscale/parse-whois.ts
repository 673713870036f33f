import * as z from "zod";
import { read } from "./parse-status.js";

/** Of `apitype.WhoIsResponse`, with `tailcfg.Node` and `tailcfg.UserProfile`: what is used here. */
const whoisSchema = z.looseObject({
  Node: z.looseObject({
    /** MagicDNS name with a final dot. */
    Name: z.string().default(""),
    StableID: z.string().default(""),
    Tags: z.array(z.string()).nullish().transform((tags) => tags ?? []),
  }),
  UserProfile: z.looseObject({ LoginName: z.string().default("") }).nullish(),
  /** Values are what the tailnet's policy file gives, for the application to read; null where there are none. */
  CapMap: z.record(z.string(), z.array(z.unknown()).nullish()).nullish(),
});

/** Who is behind an address of the tailnet. */
export interface TailnetCaller {
  /** First label of the machine's MagicDNS name. */
  readonly machine: string;
  readonly tags: readonly string[];
  /** `alice@example.com`; a tagged machine has no user: empty. */
  readonly login: string;
  /** Values of each capability of the peer. */
  capability(name: string): readonly unknown[];
}

/** Reads what `tailscale whois --json ADDRESS` prints. */
export function parseWhois(text: string): TailnetCaller {
  const { Node, UserProfile, CapMap } = read(whoisSchema, text, "whois");
  const isTagged = Node.Tags.length > 0;
  return {
    machine: Node.Name.split(".")[0] ?? "", tags: Node.Tags,
    // A tagged machine is listed under a made-up user, `tagged-devices`.
    login: isTagged ? "" : UserProfile?.LoginName ?? "",
    capability: (name) => (CapMap && Object.hasOwn(CapMap, name) ? CapMap[name] : undefined) ?? [],
  };
}
