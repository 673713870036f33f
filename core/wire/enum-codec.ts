/**
 * Maps the words of the domain ("copy_mode") to the values of a generated string enum ("AGENT_STATE_COPY_MODE").
 * `fallback` is what unset or unknown values read as.
 */
export interface EnumCodec<Word extends string, Value extends string> {
  toWire(word: Word): Value;
  fromWire(value: Value): Word;
  readonly words: readonly Word[];
}

export function enumCodec<Word extends string, Value extends string>(
  values: Readonly<Record<string, Value>>, prefix: string, fallback: Word,
): EnumCodec<Word, Value> {
  const byWord = new Map<string, Value>();
  const byValue = new Map<Value, Word>();
  for (const value of Object.values(values)) {
    if (!value.startsWith(`${prefix}_`) || value === `${prefix}_UNSPECIFIED`) continue;
    const word = value.slice(prefix.length + 1).toLowerCase() as Word;
    byWord.set(word, value);
    byValue.set(value, word);
  }
  const unspecified = values["UNSPECIFIED"] as Value;
  return {
    toWire: (word) => byWord.get(word) ?? unspecified,
    fromWire: (value) => byValue.get(value) ?? fallback,
    words: [...byValue.values()],
  };
}
