import { parseHostPort } from "../transport/host-port.js";

/** The port of `tailnet:PORT`, which stands for this machine's own address of the tailnet; undefined where the address is another one. */
export function tailnetPort(listen: string): number | undefined {
  const { host, port } = parseHostPort(listen);
  return host === "tailnet" ? port : undefined;
}

/** The machine and port of `tailnet:MACHINE:PORT`; undefined where the address is another one. */
export function tailnetMachine(address: string): { machine: string; port: number } | undefined {
  const { host, port } = parseHostPort(address);
  return host.startsWith("tailnet:") ? { machine: host.slice("tailnet:".length), port } : undefined;
}
