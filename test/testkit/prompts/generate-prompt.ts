import { SeededRandom } from "./seeded-random.js";
import { beginnings, code, controls, emoji, endings, screens, scripts, stateWords, words } from "./vocabulary.js";

export interface GeneratedPrompt {
  readonly index: number;
  /** Stands in the text once, and in no other prompt of any run. */
  readonly token: string;
  /** What the prompt is made to try, such as `script` or `ending`. */
  readonly shape: string;
  readonly text: string;
}

type Shape = (random: SeededRandom, token: string) => string;

const shapes: Readonly<Record<string, Shape>> = {
  plain: (random, token) => `${sentence(random, 3, 12)} ${token} ${sentence(random, 1, 8)}`,
  tiny: (_random, token) => token,
  lines: (random, token) => inLines(random, token, random.integer(2, 14), () => sentence(random, 1, 10)),
  "blank lines": (random, token) => inLines(random, token, random.integer(4, 20), () => (random.chance(0.4) ? "" : sentence(random, 1, 6))),
  script: (random, token) => `${random.pick(scripts)} ${token} ${random.pick(scripts)}`,
  "script lines": (random, token) => inLines(random, token, random.integer(2, 30), () => random.pick(scripts)),
  emoji: (random, token) => `${many(random, 1, 20, () => random.pick(emoji)).join(random.chance(0.5) ? " " : "")} ${token} ${random.pick(emoji)}`,
  code: (random, token) => `${sentence(random, 2, 6)} ${token}\n${many(random, 1, 4, () => random.pick(code)).join("\n\n")}`,
  "state words": (random, token) => many(random, 1, 5, () => random.pick(stateWords)).join(random.chance(0.5) ? " " : "\n") + ` ${token}`,
  screen: (random, token) => `${token}\n${random.pick(screens)}\n${sentence(random, 1, 5)}`,
  beginning: (random, token) => `${random.pick(beginnings)}${token} ${sentence(random, 0, 8)}`.trimEnd(),
  ending: (random, token) => `${sentence(random, 1, 8)} ${token} end${random.pick(endings)}`,
  "beginning and ending": (random, token) => `${random.pick(beginnings)}${token}${random.chance(0.5) ? "\n" : " "}${sentence(random, 1, 5)}${random.pick(endings)}`,
  tabs: (random, token) => inLines(random, token, random.integer(1, 12), () => `${"\t".repeat(random.integer(0, 3))}${sentence(random, 1, 3).replaceAll(" ", "\t")}`),
  controls: (random, token) => `${token} ${many(random, 1, 4, () => `${sentence(random, 1, 3)}${random.pick(controls)}`).join("")} end`,
  indented: (random, token) => inLines(random, token, random.integer(2, 15), () => `${" ".repeat(random.integer(0, 12))}${sentence(random, 1, 5)}${" ".repeat(random.integer(0, 3))}`),
  "near the fold": (random, token) => filled(random, token, random.pick([150, 400, 798, 800, 801, 998, 1000, 1001, 1015, 1016, 1017, 1100])),
  "1 to 10 KB": (random, token) => filled(random, token, random.integer(1_000, 10_000)),
  "10 KB of lines": (random, token) => inLines(random, token, random.integer(100, 300), () => sentence(random, 3, 12)),
  "to 100 KB": (random, token) => filled(random, token, random.integer(10_000, 100_000)),
  "100 KB of lines": (random, token) => inLines(random, token, 1_850, () => sentence(random, 6, 14)),
  "one long word": (random, token) => `${token}${"abcdefghij".repeat(random.integer(10, 500))}`,
  mixture: (random, token) => {
    const piece = () => random.pick([() => sentence(random, 1, 10), () => random.pick(scripts), () => random.pick(emoji), () => random.pick(code), () => random.pick(stateWords), () => ""])();
    return `${many(random, 2, 40, piece).join(random.chance(0.5) ? "\n" : " ")}\n${token} ${sentence(random, 1, 4)}`;
  },
};

const names = Object.keys(shapes);
/** Large ones cost seconds each: they come once in a long round. */
const rare = new Set(["to 100 KB", "100 KB of lines"]);

/** The prompts of one run: every shape in turn, the rare ones every fourth round, each prompt from its own seed. */
export function* generatePrompts(seed: number, count: number): Generator<GeneratedPrompt> {
  for (let index = 0, position = 0; index < count; position++) {
    const shape = names[position % names.length]!;
    if (rare.has(shape) && Math.floor(position / names.length) % 4 !== 0) continue;
    yield generatePrompt(seed, index, shape);
    index++;
  }
}

/** One prompt again, by the numbers that a failed run prints. */
export function generatePrompt(seed: number, index: number, shape: string): GeneratedPrompt {
  const random = new SeededRandom(seed * 100_003 + index);
  const token = `K${seed.toString(36)}x${index.toString(36)}x${random.integer(0, 0xffffff).toString(36)}`;
  return { index, token, shape, text: shapes[shape]!(random, token) };
}

function many<T>(random: SeededRandom, low: number, high: number, make: () => T): T[] {
  return Array.from({ length: random.integer(low, high) }, make);
}

function sentence(random: SeededRandom, low: number, high: number): string {
  return many(random, low, high, () => random.pick(words)).join(" ");
}

function inLines(random: SeededRandom, token: string, count: number, line: () => string): string {
  const rows = Array.from({ length: count }, line);
  const at = random.integer(0, count - 1);
  return rows.map((row, index) => (index === at ? `${row} ${token}`.trimStart() : row)).join("\n");
}

function filled(random: SeededRandom, token: string, length: number): string {
  let text = token;
  while (text.length < length) text += ` ${random.pick(words)}`;
  return `${text.slice(0, length - 1)}z`;
}
