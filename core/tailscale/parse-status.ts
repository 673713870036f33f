import * as z from "zod";
import { DispatchError } from "../errors/dispatch-error.js";

/** Go writes an absent list as null, and the zero time for "never". */
const list = z.array(z.string()).nullish().transform((value) => value ?? []);
const zeroTime = "0001-01-01T00:00:00Z";
const time = z.string().nullish().transform((value) => (!value || value === zeroTime || Number.isNaN(Date.parse(value)) ? undefined : new Date(value)));

/** Of `ipnstate.PeerStatus` what is used here; other fields come and go with versions. */
const peerSchema = z.looseObject({
  HostName: z.string().default(""),
  DNSName: z.string().default(""),
  TailscaleIPs: list,
  Tags: list,
  Online: z.boolean().default(false),
  LastSeen: time,
  Expired: z.boolean().default(false),
});

/** Of `ipnstate.Status`. */
const statusSchema = z.looseObject({
  Version: z.string().default(""),
  BackendState: z.string().default(""),
  Self: peerSchema.nullish(),
  Peer: z.record(z.string(), peerSchema).nullish(),
});

/** A machine of the tailnet. */
export interface TailnetPeer {
  /** First label of its MagicDNS name, or its host name where it has none; unique within the tailnet where it is the former. */
  readonly name: string;
  /** `spark01.tail1234.ts.net`, without the final dot; empty where MagicDNS is off. */
  readonly dnsName: string;
  /** IPv4 first, where there is one. */
  readonly addresses: readonly string[];
  /** `tag:…` */
  readonly tags: readonly string[];
  /** Connected to the control plane. It does not say that packets arrive. */
  readonly online: boolean;
  /** Only of one that is offline. */
  readonly lastSeen?: Date | undefined;
  readonly expired: boolean;
}

export interface TailnetStatus {
  readonly version: string;
  /** `Running`, `NeedsLogin`, `Stopped` … */
  readonly state: string;
  readonly self?: TailnetPeer | undefined;
  readonly peers: readonly TailnetPeer[];
}

/** Reads what `tailscale status --json` prints. */
export function parseStatus(text: string): TailnetStatus {
  const { Version, BackendState, Self, Peer } = read(statusSchema, text, "status");
  return { version: Version, state: BackendState, ...(Self && { self: toPeer(Self) }), peers: Object.values(Peer ?? {}).map(toPeer) };
}

/** JSON of tailscale as a schema wants it; `tailnet_unavailable` where it is something else. */
export function read<Schema extends z.ZodType>(schema: Schema, text: string, command: string): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DispatchError("tailnet_unavailable", `\`tailscale ${command} --json\` did not print JSON.`, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DispatchError("tailnet_unavailable", `\`tailscale ${command} --json\` printed something unknown: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`, { cause: parsed.error });
}

function toPeer({ HostName, DNSName, TailscaleIPs, Tags, Online, LastSeen, Expired }: z.infer<typeof peerSchema>): TailnetPeer {
  const dnsName = DNSName.replace(/\.$/, "");
  return {
    name: dnsName.split(".")[0] || HostName, dnsName, tags: Tags, online: Online, expired: Expired,
    addresses: TailscaleIPs.toSorted((one, other) => Number(one.includes(":")) - Number(other.includes(":"))),
    ...(!Online && LastSeen && { lastSeen: LastSeen }),
  };
}
