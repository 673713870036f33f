import { DispatchError } from "../../core/errors/dispatch-error.js";

/** The keys that may be pressed, by their names for people, with their tmux names (3.3a types an unknown name as text). */
const tmuxNames = {
  Enter: "Enter", Tab: "Tab", Escape: "Escape", Up: "Up", Down: "Down", Left: "Left", Right: "Right",
  Backspace: "BSpace", Delete: "DC", Home: "Home", End: "End", PageUp: "PPage", PageDown: "NPage",
} as const;

export type KeyName = keyof typeof tmuxNames;
export const keyNames = Object.keys(tmuxNames) as readonly KeyName[];

const spellings: Readonly<Record<string, KeyName>> = {
  return: "Enter", esc: "Escape", uparrow: "Up", arrowup: "Up", downarrow: "Down", arrowdown: "Down", leftarrow: "Left", arrowleft: "Left",
  rightarrow: "Right", arrowright: "Right", bs: "Backspace", bspace: "Backspace", del: "Delete", dc: "Delete", "page-up": "PageUp", pgup: "PageUp",
  ppage: "PageUp", "page-down": "PageDown", pgdn: "PageDown", npage: "PageDown",
  ...Object.fromEntries(keyNames.map((name) => [name.toLowerCase(), name])),
};

/** Reads a key in any of its spellings; `invalid_argument` names those that there are. */
export function readKeyName(text: string): KeyName {
  const word = text.trim().toLowerCase();
  const name = Object.hasOwn(spellings, word) ? spellings[word] : undefined;
  if (name) return name;
  throw new DispatchError("invalid_argument", `key: "${text.slice(0, 80)}" is none of ${keyNames.join(", ")}.`, { metadata: { field: "key", value: text.slice(0, 80) } });
}

export function tmuxKeyName(name: KeyName): string {
  return tmuxNames[name];
}
