import { useEffect, useState } from "react";
import { rawRangeOf } from "../../shared/source-dom";
import type { Passage } from "./spans";

/** The elements that show the outputs: a task prepared behind this one may have an output in common with it. */
export const outputElements = (): HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>("[data-completion]:not([data-behind] *)"),
];

export const outputElement = (completion: string): HTMLElement | undefined =>
  outputElements().find((element) => element.dataset.completion === completion);

/** The selected passage of an output; of a selection over several the part in the first. */
export function readSelection(): Passage | null {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  for (const element of outputElements()) {
    const completion = element.dataset.completion;
    if (completion === undefined || !range.intersectsNode(element)) continue;
    const raw = rawRangeOf(element, range);
    if (raw) return { completion, ...raw };
  }
  return null;
}

/** How long a selection stands still before it counts: dragging changes it at every pixel. */
const STILL_MS = 80;

export interface Selected {
  passage: Passage;
  /** Where it ends on the screen, to put buttons beside. */
  rect: DOMRect;
}

/** The selected passage, followed as it is changed by mouse, touch or keys. */
export function useSelection(): Selected | null {
  const [selected, setSelected] = useState<Selected | null>(null);
  useEffect(() => {
    let timer = 0;
    const read = () => {
      const passage = readSelection();
      const range = passage && window.getSelection()?.getRangeAt(0);
      const rects = range?.getClientRects();
      const rect = rects?.[rects.length - 1] ?? range?.getBoundingClientRect();
      setSelected(passage && rect ? { passage, rect } : null);
    };
    const changed = () => {
      window.clearTimeout(timer);
      // One that is gone is gone at once, with the keys that it had.
      if (window.getSelection()?.isCollapsed) setSelected(null);
      else timer = window.setTimeout(read, STILL_MS);
    };
    document.addEventListener("selectionchange", changed);
    window.addEventListener("scroll", changed, { capture: true, passive: true });
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener("selectionchange", changed);
      window.removeEventListener("scroll", changed, { capture: true });
    };
  }, []);
  return selected;
}

export const clearSelection = () => window.getSelection()?.removeAllRanges();
