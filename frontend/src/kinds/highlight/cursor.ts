/**
 * Moving over a text by keys: what is under the cursor is always a passage, the last one moved to,
 * so that it can be seen, heard and marked.
 */

export const UNITS = ["word", "sentence", "character"] as const;
export type Unit = (typeof UNITS)[number];
export type Step = -1 | 1;

export interface Stretch {
  from: number;
  to: number;
}

/** A passage under the cursor. Extending keeps `base` in it and moves the edge that moved last. */
export interface Cursor extends Stretch {
  base: Stretch;
  edge: "from" | "to";
}

/** Texts are cut once for each unit. */
const kept = new Map<Unit, { text: string; stretches: Stretch[] }>();

/** The words, sentences or characters of a text, without what stands between words. */
export function stretchesOf(text: string, unit: Unit): Stretch[] {
  const known = kept.get(unit);
  if (known?.text === text) return known.stretches;
  const granularity = unit === "character" ? "grapheme" : unit;
  const stretches: Stretch[] = [];
  for (const part of new Intl.Segmenter(undefined, { granularity }).segment(text)) {
    const { segment, index } = part;
    if (unit === "word" && part.isWordLike === false) continue;
    const body = segment.trim();
    if (body === "") continue;
    const from = index + segment.indexOf(body);
    stretches.push({ from, to: from + body.length });
  }
  kept.set(unit, { text, stretches });
  return stretches;
}

const at = ({ from, to }: Stretch): Cursor => ({ from, to, base: { from, to }, edge: "to" });

/** The first passage of a text. */
export function cursorAtStart(text: string, unit: Unit = "word"): Cursor | null {
  const [first] = stretchesOf(text, unit);
  return first ? at(first) : null;
}

/**
 * The cursor on the next or previous unit. From a smaller passage it first goes to the unit around
 * it, from a larger one to its last or first unit.
 */
export function moved(text: string, cursor: Cursor, unit: Unit, step: Step): Cursor {
  const stretches = stretchesOf(text, unit);
  const around = stretches.find(({ from, to }) => from <= cursor.from && to >= cursor.to);
  const isOnIt = around?.from === cursor.from && around.to === cursor.to;
  if (around && !isOnIt) return at(around);
  const within = stretches.filter(({ from, to }) => from >= cursor.from && to <= cursor.to);
  const end = step > 0 ? within.at(-1) : within[0];
  if (end && within.length > 1) return at(end);
  const next =
    step > 0
      ? stretches.find(({ from }) => from >= cursor.to)
      : stretches.findLast(({ to }) => to <= cursor.from);
  return next ? at(next) : cursor;
}

/** The cursor with one unit more at the edge that moves, or one less where it moves back. */
export function extended(text: string, cursor: Cursor, unit: Unit, step: Step): Cursor {
  const { base, from, to, edge } = cursor;
  const stretches = stretchesOf(text, unit);
  if (step > 0) {
    if (edge === "from" && from < base.from) {
      const next = stretches.find((one) => one.from > from)?.from ?? base.from;
      return { ...cursor, from: Math.min(next, base.from) };
    }
    const next = stretches.find((one) => one.to > to)?.to ?? to;
    return { ...cursor, to: next, edge: "to" };
  }
  if (edge === "to" && to > base.to) {
    const next = stretches.findLast((one) => one.to < to)?.to ?? base.to;
    return { ...cursor, to: Math.max(next, base.to) };
  }
  const next = stretches.findLast((one) => one.from < from)?.from ?? from;
  return { ...cursor, from: next, edge: "from" };
}
