import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Peer {
  readonly name: string;
  readonly ip: string;
  readonly tags?: readonly string[];
  readonly online?: boolean;
  readonly lastSeen?: string;
  /** Login name of its user; none where it is tagged. */
  readonly login?: string;
  /** Values by capability. */
  readonly capabilities?: Readonly<Record<string, readonly unknown[] | null>>;
}

const suffix = "tail1234.ts.net";

/** `PeerStatus` as tailscale 1.98 prints it: an untagged peer has no Tags at all, an online one the zero time. */
export function peerStatus({ name, ip, tags, online = true, lastSeen = "2026-11-20T08:00:00.5Z" }: Peer, index: number): Record<string, unknown> {
  return {
    ID: `n${index}CNTRL`, PublicKey: `nodekey:${index}`, HostName: name.toUpperCase(), DNSName: `${name}.${suffix}.`, OS: "linux", UserID: 1000 + index,
    TailscaleIPs: [`fd7a:115c:a1e0::${index + 1}`, ip], AllowedIPs: [`${ip}/32`], ...(tags && { Tags: tags }),
    Addrs: null, CurAddr: "", Relay: "fra", PeerRelay: "", RxBytes: 0, TxBytes: 0, Created: "2026-01-02T03:04:05.6Z", LastWrite: "0001-01-01T00:00:00Z",
    LastSeen: online ? "0001-01-01T00:00:00Z" : lastSeen, LastHandshake: "0001-01-01T00:00:00Z", Online: online, ExitNode: false, ExitNodeOption: false, Active: false,
    PeerAPIURL: [`http://${ip}:1`], TaildropTarget: 0, NoFileSharingReason: "", InNetworkMap: true, InMagicSock: true, InEngine: false, KeyExpiry: "2027-01-01T00:00:00Z",
  };
}

/** `WhoIsResponse` as tailscale 1.98 prints it. */
export function whoIs({ name, ip, tags, login, capabilities }: Peer, index: number): Record<string, unknown> {
  return {
    Node: {
      ID: 100 + index, StableID: `n${index}CNTRL`, Name: `${name}.${suffix}.`, User: 1000 + index, Key: `nodekey:${index}`, KeyExpiry: "2027-01-01T00:00:00Z",
      Addresses: [`${ip}/32`], AllowedIPs: [`${ip}/32`], HomeDERP: 4, Hostinfo: { OS: "linux", Hostname: name.toUpperCase() }, Created: "2026-01-02T03:04:05.6Z",
      ...(tags && { Tags: tags }), Online: true, ComputedName: name,
    },
    UserProfile: tags ? { ID: 1, LoginName: "tagged-devices", DisplayName: "Tagged Devices" } : { ID: 1000 + index, LoginName: login ?? "", DisplayName: login ?? "" },
    CapMap: capabilities ?? null,
  };
}

/** The whole of what the stand-in tells; `self` is the machine that asks. */
export function world(self: Peer, peers: readonly Peer[], state = "Running"): Record<string, unknown> {
  const all = [self, ...peers];
  return {
    status: {
      Version: "1.98.9-t4fb758c39-g200941d74", TUN: true, BackendState: state, HaveNodeKey: true, AuthURL: "", TailscaleIPs: [self.ip, "fd7a:115c:a1e0::1"],
      Self: peerStatus(self, 0), Health: [], MagicDNSSuffix: suffix, CurrentTailnet: { Name: "example.com", MagicDNSSuffix: suffix, MagicDNSEnabled: true }, CertDomains: null,
      Peer: peers.length === 0 ? null : Object.fromEntries(peers.map((peer, index) => [`nodekey:${index + 1}`, peerStatus(peer, index + 1)])),
      User: {}, ClientVersion: null,
    },
    whois: Object.fromEntries(all.map((peer, index) => [peer.ip, whoIs(peer, index)])),
  };
}

/** Puts the stand-in into a folder for PATH, and its world beside it; `change` writes another world. */
export function installTailscale(dir: string, first: Record<string, unknown>): { path: string; change(next: Record<string, unknown>): void } {
  const [path, file] = [join(dir, "tailscale-bin"), join(dir, "tailscale-world.json")];
  mkdirSync(path, { recursive: true });
  const program = fileURLToPath(new URL("tailscale.mjs", import.meta.url));
  writeFileSync(join(path, "tailscale"), `#!/bin/sh\nexec "${process.execPath}" "${program}" "${file}" "$@"\n`, { mode: 0o755 });
  const change = (next: Record<string, unknown>): void => {
    writeFileSync(`${file}.new`, JSON.stringify(next));
    renameSync(`${file}.new`, file);
  };
  change(first);
  return { path, change };
}
