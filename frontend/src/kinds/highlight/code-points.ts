/** Between the offsets of JavaScript's strings (UTF-16 units) and those of the wire (code points). */
export interface Offsets {
  toPoints(units: number): number;
  toUnits(points: number): number;
}

const SAME: Offsets = { toPoints: (units) => units, toUnits: (points) => points };

/**
 * The offsets of one text. What lies within a surrogate pair counts as before it, and what lies
 * behind the end as the end.
 */
export function offsetsOf(text: string): Offsets {
  if (!/[\ud800-\udfff]/.test(text)) return SAME;
  /** Where each code point begins, and the end. */
  const starts: number[] = [];
  for (let unit = 0; unit < text.length; ) {
    starts.push(unit);
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  }
  starts.push(text.length);
  return {
    toUnits: (points) => starts[Math.min(points, starts.length - 1)] ?? text.length,
    toPoints(units) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= units) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}
