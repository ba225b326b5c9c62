import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from "react";
import {
  actionOf,
  type Binding,
  bindingFor,
  effectiveTable,
  keyName,
  type Named,
  shiftedDigit,
} from "./keymap";
import { firstKeys, keysOf, type OwnKeys, withOwnKeys } from "./own-keys";

interface Registry {
  page: Binding[];
  panel: Binding[];
}

interface KeyTable {
  own: OwnKeys;
  register(part: keyof Registry, bindings: Binding[]): () => void;
  /** What can be done at this moment, under the keys it has unless a person chose others. */
  defaults(): Binding[];
  hints: Hints;
}

/** The first key of each action, for those who print it; they hear of a change once all bindings are in the table. */
class Hints {
  private first: Readonly<Record<string, string>> = {};
  private due = false;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly read: () => Readonly<Record<string, string>>) {}

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  now = () => this.first;

  refresh = () => {
    if (this.due) return;
    this.due = true;
    queueMicrotask(() => {
      this.due = false;
      const first = this.read();
      if (JSON.stringify(first) === JSON.stringify(this.first)) return;
      this.first = first;
      for (const listener of this.listeners) listener();
    });
  };
}

const KeyTableContext = createContext<KeyTable | null>(null);

const isTyping = (target: Element) =>
  target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select") ||
  (target instanceof HTMLElement && target.isContentEditable);

/** Whether the key belongs to what has the focus and not to the page. */
function belongsToFocus(target: EventTarget | null, name: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("[role=menu], [role=dialog], [role=listbox], [role=search]")) return true;
  if (isTyping(target)) {
    if (name === "Escape" && target instanceof HTMLElement) target.blur();
    return name !== "Ctrl+Enter";
  }
  // Enter presses a focused button, except in an answer, where it submits like everywhere else.
  const pressable = target.closest("a, button") !== null;
  return (
    (name === "Enter" && pressable && !target.closest("[data-answer]")) ||
    (name === " " && pressable)
  );
}

/** Hears the keyboard and holds the one table that the page and the active panel write. */
export function KeyTableProvider({ own, children }: { own: OwnKeys; children: ReactNode }) {
  const registry = useRef<Registry>({ page: [], panel: [] });

  // The panel's keys come first: a ranking of eight outputs takes F and G for itself.
  const defaults = useCallback(() => [...registry.current.panel, ...registry.current.page], []);
  const hints = useMemo(() => new Hints(() => firstKeys(defaults(), own)), [defaults, own]);
  const register = useCallback<KeyTable["register"]>(
    (part, bindings) => {
      registry.current[part] = bindings;
      hints.refresh();
      return () => {
        if (registry.current[part] !== bindings) return;
        registry.current[part] = [];
        hints.refresh();
      };
    },
    [hints],
  );
  const keys = useMemo<KeyTable>(
    () => ({ own, register, defaults, hints }),
    [own, register, defaults, hints],
  );

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const name = keyName(event, { held: true });
      if (name === null || belongsToFocus(event.target, name)) return;
      const table = effectiveTable(withOwnKeys(keys.defaults(), keys.own));
      const shifted = shiftedDigit(event);
      const binding =
        (shifted === null ? undefined : bindingFor(table, shifted)) ?? bindingFor(table, name);
      if (!binding || (event.repeat && !binding.held)) return;
      event.preventDefault();
      binding.run();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [keys]);

  return <KeyTableContext value={keys}>{children}</KeyTableContext>;
}

export function useKeyTable(): KeyTable {
  const keys = useContext(KeyTableContext);
  if (!keys) throw new Error("useKeyTable needs a KeyTableProvider");
  return keys;
}

/**
 * Tells the key that does something now, for the hint on its button; "" where an open panel has taken them all.
 * What cannot be done at the moment, as in a panel without the keyboard, has the key that it will have.
 */
export function useKeyOf(): (binding: Named) => string {
  const { own, hints } = useKeyTable();
  const first = useSyncExternalStore(hints.subscribe, hints.now);
  return useCallback(
    (binding) => first[actionOf(binding)] ?? keysOf(binding, own)[0] ?? "",
    [own, first],
  );
}

/** Puts bindings into the table while `active`. */
export function useBindings(part: keyof Registry, bindings: Binding[], active = true): void {
  const { register } = useKeyTable();
  useLayoutEffect(() => {
    if (active) return register(part, bindings);
  }, [register, part, bindings, active]);
}
