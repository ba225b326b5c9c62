/** One table of keys: it drives the handler, the hints on buttons, and the overlay that lists and changes it. */

export type KeyGroup = "answer" | "task" | "view";

export interface Binding {
  keys: readonly string[];
  group: KeyGroup;
  /** Key in the `label` catalogue, with what fills it. */
  label: string;
  values?: Record<string, string | number>;
  /** The name under which a person's own key is kept; unless given, the label with the first key. */
  action?: string;
  /** Goes on while the key is held down. */
  held?: boolean;
  run: () => void;
}

export type Named = Pick<Binding, "keys" | "label" | "action">;

export const actionOf = (binding: Named) => binding.action ?? `${binding.label}:${binding.keys[0]}`;

const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph"]);

type KeyLike = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "repeat" | "isComposing"
>;

const PUNCTUATION: Record<string, string> = {
  Slash: "/",
  Comma: ",",
  Period: ".",
  Minus: "-",
  Equal: "=",
  BracketLeft: "[",
  BracketRight: "]",
};

/** What is printed on the key in the Latin layout, for keyboards and input methods of other scripts. */
function latin(event: Pick<KeyLike, "key" | "code">): string {
  const { key, code } = event;
  if (key !== "Process" && (key.length > 1 || key <= "~")) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return letter;
  const folded = key.normalize("NFKC");
  return folded.length === 1 && folded <= "~" ? folded : (PUNCTUATION[code] ?? key);
}

/**
 * The name of a pressed key, or null for what is not ours: browser shortcuts, a key held down (one
 * press is one judgment) unless asked for, and text being composed.
 */
export function keyName(event: KeyLike, { held = false } = {}): string | null {
  if ((event.repeat && !held) || event.isComposing || MODIFIERS.has(event.key)) return null;
  if (event.ctrlKey || event.metaKey) return event.key === "Enter" ? "Ctrl+Enter" : null;
  if (event.altKey) return null;
  // Layouts that give digits only with Shift (AZERTY) still answer to the row of digits.
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  if (digit && !event.shiftKey) return digit;
  const name = latin(event);
  return name.length === 1 ? name.toLowerCase() : name;
}

/** The name of a digit pressed with Shift, whatever its layout writes then; null for other keys. */
export function shiftedDigit(event: KeyLike): string | null {
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
  return digit && event.shiftKey && plain && !event.isComposing ? `Shift+${digit}` : null;
}

/** The first binding of a key: what stands earlier in the table wins. */
export function bindingFor(table: readonly Binding[], key: string): Binding | undefined {
  return table.find((binding) => binding.keys.includes(key));
}

/** The table without keys that an earlier binding has taken. */
export function effectiveTable(table: readonly Binding[]): Binding[] {
  const taken = new Set<string>();
  const effective: Binding[] = [];
  for (const binding of table) {
    const keys = binding.keys.filter((key) => !taken.has(key));
    for (const key of keys) taken.add(key);
    if (keys.length > 0) effective.push({ ...binding, keys });
  }
  return effective;
}

const SYMBOLS: Record<string, string> = {
  " ": "␣",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Backspace: "⌫",
  Enter: "↵",
  "Ctrl+Enter": "Ctrl ↵",
  Escape: "Esc",
};

export const keySymbol = (key: string) =>
  SYMBOLS[key] ?? (key.length === 1 ? key.toUpperCase() : key.replace("Shift+", "⇧"));
