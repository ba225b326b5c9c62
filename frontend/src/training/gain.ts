/** What an interval of a difference says: above nothing, below it, or neither. */
export function gainOf(gain: {
  low: number | null;
  high: number | null;
}): "better" | "worse" | "unclear" {
  if (gain.low !== null && gain.low > 0) return "better";
  if (gain.high !== null && gain.high < 0) return "worse";
  return "unclear";
}
