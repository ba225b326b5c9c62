import { isExact, piecesOf, type RawRange, rangeOfPiece } from "../../shared/source-dom";
import type { Stretch } from "./cursor";

/** The text of an output as it is on the page, and where its parts come from. */
export interface PageText {
  text: string;
  parts: { element: HTMLElement; from: number; to: number; raw: RawRange; exact: boolean }[];
}

const blockOf = (element: Element) =>
  element.closest("p, li, h4, h5, h6, td, th, pre, blockquote, dd, dt, div");

/** Reads an output: its pieces one after the other, with a line's end between blocks and lines. */
export function readPage(root: Element): PageText {
  let text = "";
  let before: HTMLElement | undefined;
  const parts: PageText["parts"] = [];
  for (const element of piecesOf(root)) {
    const value = element.textContent ?? "";
    if (before && (blockOf(before) !== blockOf(element) || hasBreakBetween(before, element))) {
      text += "\n";
    }
    const from = text.length;
    text += value;
    parts.push({
      element,
      from,
      to: text.length,
      raw: rangeOfPiece(element),
      exact: isExact(element),
    });
    before = element;
  }
  return { text, parts };
}

function hasBreakBetween(before: Element, after: Element): boolean {
  let node: Node | null = before;
  while (node && !node.nextSibling) node = node.parentNode;
  for (let next = node?.nextSibling ?? null; next && !next.contains(after); ) {
    if (next.nodeName === "BR") return true;
    next = next.nextSibling;
  }
  return false;
}

/** The part of the raw text that a stretch of the page shows. */
export function rawOf({ parts }: PageText, { from, to }: Stretch): RawRange | null {
  const covered = parts.filter((part) => part.from < to && part.to > from);
  const first = covered[0];
  const last = covered.at(-1);
  if (!first || !last) return null;
  const start = first.exact ? first.raw.start + Math.max(0, from - first.from) : first.raw.start;
  const end = last.exact ? last.raw.start + Math.min(to, last.to) - last.from : last.raw.end;
  return start < end ? { start, end } : null;
}
