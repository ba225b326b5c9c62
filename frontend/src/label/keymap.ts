/** One table of keys: it drives the handler and the overlay that lists it. */

export type KeyGroup = "answer" | "task" | "view";

export interface Binding {
  keys: readonly string[];
  group: KeyGroup;
  /** Key in the `label` catalogue, with what fills it. */
  label: string;
  values?: Record<string, string | number>;
  run: () => void;
}

const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph"]);

type KeyLike = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "repeat" | "isComposing"
>;

/**
 * The name of a pressed key, or null for what is not ours: browser shortcuts, a key held down (one
 * press is one judgment), and text being composed.
 */
export function keyName(event: KeyLike): string | null {
  if (event.repeat || event.isComposing || MODIFIERS.has(event.key)) return null;
  if (event.ctrlKey || event.metaKey) return event.key === "Enter" ? "Ctrl+Enter" : null;
  if (event.altKey) return null;
  // Layouts that give digits only with Shift (AZERTY) still answer to the row of digits.
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  if (digit && !event.shiftKey) return digit;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
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
  SYMBOLS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
