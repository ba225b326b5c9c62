import type { HighlightAnswer } from "../../api/types";
import { offsetsOf } from "./code-points";

export type Span = HighlightAnswer["spans"][number];

/** A part of an output as its text is in the browser: UTF-16 units. */
export interface Passage {
  completion: string;
  start: number;
  end: number;
}

/** A passage without white space at its ends; null where nothing is left. */
export function trimmed(passage: Passage, text: string): Passage | null {
  const inside = text.slice(passage.start, passage.end);
  const start = passage.start + (inside.length - inside.trimStart().length);
  const end = passage.end - (inside.length - inside.trimEnd().length);
  return start < end ? { ...passage, start, end } : null;
}

/** The span that marks a passage. */
export function spanOf({ completion, start, end }: Passage, text: string, label: string): Span {
  const { toPoints } = offsetsOf(text);
  return { completion, start: toPoints(start), end: toPoints(end), label, comment: "" };
}

/** The spans in the order of the page: by output as shown, then by place. */
export function inOrder(spans: readonly Span[], ids: readonly string[]): Span[] {
  return [...spans].sort(
    (a, b) =>
      ids.indexOf(a.completion) - ids.indexOf(b.completion) || a.start - b.start || a.end - b.end,
  );
}

const isSame = (a: Span, b: Span) =>
  a.completion === b.completion && a.start === b.start && a.end === b.end && a.label === b.label;

/** The spans with one more, and its place among them; one that is there already stays the only one. */
export function withSpan(
  spans: readonly Span[],
  span: Span,
  ids: readonly string[],
): { spans: Span[]; place: number } {
  const known = spans.find((one) => isSame(one, span));
  const next = known ? [...spans] : inOrder([...spans, span], ids);
  return { spans: next, place: next.indexOf(known ?? span) };
}
