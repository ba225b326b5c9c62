export type Range = readonly [low: number, high: number];

/** Where a value stands on an axis, as a percentage of its width; what lies outside stands at the edge. */
export function placeOn([low, high]: Range): (value: number) => string {
  return (value) => {
    const share = ((value - low) / (high - low)) * 100;
    return `${Number(Math.min(Math.max(share, 0), 100).toFixed(3))}%`;
  };
}

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5];

/** Round numbers that cover `values`, about `count` of them, with the range from the first to the last. */
export function niceTicks(values: readonly number[], count = 5): number[] {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  if (finite.length === 0) return [0, 1];
  const rough = (high - low || Math.abs(high) || 1) / count;
  const scale = 10 ** Math.floor(Math.log10(rough));
  const unit = rough / scale;
  const step =
    scale <= 0.1 && scale >= 0.01
      ? (STEPS.find((one) => one >= rough - 1e-12) ?? rough)
      : (unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 5 ? 5 : 10) * scale;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/**
 * Moves places (in pixels, downwards) apart until neighbours stand at least `gap` away from each other.
 * Keeps their order; answers in the order given.
 */
export function dodge(places: readonly number[], gap: number): number[] {
  const order = places.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const moved = [...places];
  let bottom = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    moved[index] = Math.max(places[index] ?? 0, bottom + gap);
    bottom = moved[index] ?? 0;
  }
  return moved;
}
