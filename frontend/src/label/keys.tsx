import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
} from "react";
import { type Binding, bindingFor, effectiveTable, keyName } from "./keymap";

interface Registry {
  page: Binding[];
  panel: Binding[];
}

interface KeyTable {
  register(part: keyof Registry, bindings: Binding[]): () => void;
  /** What the keys do at this moment, for the overlay. */
  table(): Binding[];
}

const KeyTableContext = createContext<KeyTable | null>(null);

const isTyping = (target: Element) =>
  target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select") ||
  (target instanceof HTMLElement && target.isContentEditable);

/** Whether the key belongs to what has the focus and not to the page. */
function belongsToFocus(target: EventTarget | null, name: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("[role=menu], [role=dialog], [role=listbox]")) return true;
  if (isTyping(target)) {
    if (name === "Escape" && target instanceof HTMLElement) target.blur();
    return name !== "Ctrl+Enter";
  }
  // Enter presses a focused button, except in an answer, where it submits like everywhere else.
  return (
    name === "Enter" && target.closest("a, button") !== null && !target.closest("[data-answer]")
  );
}

/** Hears the keyboard and holds the one table that the page and the active panel write. */
export function KeyTableProvider({ children }: { children: ReactNode }) {
  const registry = useRef<Registry>({ page: [], panel: [] });

  const keys = useMemo<KeyTable>(() => {
    // The panel's keys come first: a ranking of eight outputs takes F and G for itself.
    const table = () => effectiveTable([...registry.current.panel, ...registry.current.page]);
    return {
      table,
      register(part, bindings) {
        registry.current[part] = bindings;
        return () => {
          if (registry.current[part] === bindings) registry.current[part] = [];
        };
      },
    };
  }, []);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const name = keyName(event);
      if (name === null || belongsToFocus(event.target, name)) return;
      const binding = bindingFor(keys.table(), name);
      if (!binding) return;
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

/** Puts bindings into the table while `active`. */
export function useBindings(part: keyof Registry, bindings: Binding[], active = true): void {
  const keys = useKeyTable();
  useLayoutEffect(() => {
    if (active) return keys.register(part, bindings);
  }, [keys, part, bindings, active]);
}
