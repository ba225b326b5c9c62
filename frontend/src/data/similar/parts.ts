/** A text in parts, some of which are drawn in their own way. */

export interface Part {
  text: string;
  marked: boolean;
  /** Where it begins: its key among its siblings. */
  at: number;
}

/** The parts of a text given flat half-open ranges (from, to, from, to, ...) in UTF-16 units. */
export function partsOf(text: string, ranges: readonly number[]): Part[] {
  const parts: Part[] = [];
  let end = 0;
  const add = (from: number, to: number, marked: boolean) => {
    if (to > from) parts.push({ text: text.slice(from, to), marked, at: from });
  };
  for (let place = 0; place + 1 < ranges.length; place += 2) {
    const from = ranges[place] as number;
    const to = ranges[place + 1] as number;
    add(end, from, false);
    add(from, to, true);
    end = to;
  }
  add(end, text.length, false);
  return parts;
}

/** Spans in code points as flat ranges in UTF-16 units. */
export function unitsOf(text: string, spans: readonly (readonly number[])[]): number[] {
  const units: number[] = [0];
  for (const character of text) units.push((units.at(-1) ?? 0) + character.length);
  return spans.flat().map((place) => units[Math.min(place, units.length - 1)] as number);
}
