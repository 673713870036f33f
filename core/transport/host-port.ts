/** `host:port`, `[v6]:port`. */
export function parseHostPort(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(":");
  return { host: text.slice(0, at).replace(/^\[(.*)\]$/, "$1"), port: Number(text.slice(at + 1)) };
}

/** False where it has a port that there cannot be. */
export function hasPort(text: string): boolean {
  return !(parseHostPort(text).port > 65_535);
}

/** Whether it is `host:port` or `[v6]:port` and nothing else: no scheme, and no path of a socket. */
export function isHostPort(text: string): boolean {
  return /^(?:[^\s:/[\]]+|\[[0-9a-fA-F:.%]+\]):(?:[1-9]\d{0,4}|0)$/.test(text) && hasPort(text);
}

/** Whether it stands for every address of the machine that listens there, and so for none that others could dial. */
export function isUnspecified(text: string): boolean {
  return /^(?:0+(?:\.0+){0,3}|[0:]*)$/.test(parseHostPort(text).host);
}

export function formatHostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
