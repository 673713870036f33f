/** The least id that a part of this millisecond can have: twelve hexadecimal digits of the time in 1/4096 ms, cut to 48 bits, before random letters (1.18.33). */
export function idOfTime(ms: number): string {
  return `prt_${BigInt.asUintN(48, BigInt(ms) * 4096n).toString(16).padStart(12, "0")}`;
}
