/** A secret in a text: from `start` up to `end`. */
export interface SecretRange {
  readonly start: number;
  readonly end: number;
  /** What it is, such as `github-token`; stands in its place as `<redacted:github-token>`. */
  readonly label: string;
}
