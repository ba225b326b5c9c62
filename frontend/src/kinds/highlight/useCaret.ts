import { useCallback, useEffect, useRef, useState } from "react";
import { pageRangeOf } from "../../shared/source-dom";
import { type Cursor, cursorAtStart, extended, moved, type Step, type Unit } from "./cursor";
import { rawOf, readPage } from "./page-text";
import { clearSelection, outputElement } from "./useSelection";

interface Caret {
  completion: string;
  cursor: Cursor;
}

/** Selects what is under the cursor, and brings it into view. */
function show({ completion, cursor }: Caret): void {
  const element = outputElement(completion);
  if (!element) return;
  const page = readPage(element);
  const raw = rawOf(page, cursor);
  const range = raw && pageRangeOf(element, raw);
  if (!range) return;
  const selection = window.getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
  const edge = cursor.edge === "to" ? cursor.to - 1 : cursor.from;
  const part = page.parts.find(({ from, to }) => from <= edge && edge < to);
  part?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Whether Shift is down, for keys that the table knows by their names alone. */
function useShift(): { readonly current: boolean } {
  const shift = useRef(false);
  useEffect(() => {
    const note = (event: KeyboardEvent) => {
      shift.current = event.shiftKey;
    };
    window.addEventListener("keydown", note, { capture: true });
    window.addEventListener("keyup", note, { capture: true });
    return () => {
      window.removeEventListener("keydown", note, { capture: true });
      window.removeEventListener("keyup", note, { capture: true });
    };
  }, []);
  return shift;
}

/** Moving over the outputs by keys; `said` is what is under the cursor, for screen readers. */
export function useCaret(ids: readonly string[]) {
  const [caret, setCaret] = useState<Caret | null>(null);
  const [isHolding, setHolding] = useState(false);
  const [said, setSaid] = useState("");
  const last = useRef<Caret | null>(null);
  const shift = useShift();

  const put = useCallback((next: Caret | null) => {
    if (next) {
      last.current = next;
      const element = outputElement(next.completion);
      const text = element ? readPage(element).text : "";
      setSaid(text.slice(next.cursor.from, next.cursor.to));
    } else {
      clearSelection();
      setHolding(false);
      setSaid("");
    }
    setCaret(next);
  }, []);

  // Also after the outputs were drawn anew with another mark.
  useEffect(() => {
    if (caret) show(caret);
  });

  const jump = useCallback(
    (completion: string) => {
      const element = outputElement(completion);
      const cursor = element && cursorAtStart(readPage(element).text);
      if (cursor) put({ completion, cursor });
      setHolding(false);
    },
    [put],
  );

  const toggle = useCallback(() => {
    const [first] = ids;
    if (caret) put(null);
    else if (last.current && ids.includes(last.current.completion)) put(last.current);
    else if (first !== undefined) jump(first);
  }, [caret, ids, put, jump]);

  const step = useCallback(
    (unit: Unit, by: Step) => {
      const element = caret && outputElement(caret.completion);
      if (!caret || !element) return;
      const go = isHolding || shift.current ? extended : moved;
      put({ ...caret, cursor: go(readPage(element).text, caret.cursor, unit, by) });
    },
    [caret, isHolding, shift, put],
  );

  return {
    isOn: caret !== null,
    completion: caret?.completion ?? null,
    isHolding,
    said,
    toggle,
    leave: useCallback(() => put(null), [put]),
    hold: useCallback(() => setHolding((now) => !now), []),
    jump,
    step,
  };
}
