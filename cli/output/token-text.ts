/** The token alone on standard output, so that it can be piped; what to know about it beside it. */
export function printToken({ token, expiresAt }: { token: string; expiresAt: Date | undefined }, print: (text: string) => void, notice: (text: string) => void): void {
  print(`${token}\n`);
  notice(`a secret, good for one join until ${expiresAt?.toISOString() ?? "it expires"}; on the other machine: dispatch join -`);
}
