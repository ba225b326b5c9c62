import type { AnnotatorFigures } from "./types";

/** What makes an annotator stand out, with the value that shows it and the others' beside it. */
export interface Outlier {
  kind: "first" | "last" | "longer" | "shorter" | "disagrees" | "ties" | "quick";
  value: number;
  others: number | null;
}

const FEWEST = 10;

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

type Measure =
  | "agreement_with_others"
  | "first_position_rate"
  | "longer_rate"
  | "tie_rate"
  | "median_active_ms";

/**
 * Says what stands out about one annotator among all of them.
 *
 * A rate stands out when its whole interval lies beyond a wide margin, so that few labels never suffice:
 * first shown output taken in over 65 % (or under 35 %) of the cases; the longer one 15 points more (less)
 * often than the others' median; agreement 10 points below the others' median; ties 30 points above; a
 * median time under a third of the others'.
 */
export function outliersOf(one: AnnotatorFigures, all: readonly AnnotatorFigures[]): Outlier[] {
  const others = (measure: Measure) =>
    median(
      all.flatMap((other) => {
        const value = other[measure];
        return other !== one && value !== null ? [value] : [];
      }),
    );
  const found: Outlier[] = [];
  const { first_position_rate: first, first_position_interval: firstEnds } = one;
  if (first !== null && firstEnds && one.first_position_n >= FEWEST) {
    const usual = others("first_position_rate");
    if (firstEnds[0] > 0.65) found.push({ kind: "first", value: first, others: usual });
    if (firstEnds[1] < 0.35) found.push({ kind: "last", value: 1 - first, others: usual });
  }
  const agreement = one.agreement_with_others;
  const usualAgreement = others("agreement_with_others");
  const agreementEnds = one.agreement_with_others_interval;
  if (
    agreement !== null &&
    agreementEnds &&
    usualAgreement !== null &&
    one.agreement_with_others_n >= FEWEST &&
    agreementEnds[1] < usualAgreement - 0.1
  ) {
    found.push({ kind: "disagrees", value: agreement, others: usualAgreement });
  }
  const { longer_rate: longer, longer_interval: longerEnds } = one;
  const usualLonger = others("longer_rate");
  if (longer !== null && longerEnds && usualLonger !== null && one.longer_n >= FEWEST) {
    if (longerEnds[0] > usualLonger + 0.15)
      found.push({ kind: "longer", value: longer, others: usualLonger });
    if (longerEnds[1] < usualLonger - 0.15)
      found.push({ kind: "shorter", value: 1 - longer, others: 1 - usualLonger });
  }
  const { tie_rate: tie, tie_interval: tieEnds } = one;
  const usualTie = others("tie_rate");
  if (
    tie !== null &&
    tieEnds &&
    usualTie !== null &&
    one.tie_n >= FEWEST &&
    tieEnds[0] > usualTie + 0.3
  ) {
    found.push({ kind: "ties", value: tie, others: usualTie });
  }
  const time = one.median_active_ms;
  const usualTime = others("median_active_ms");
  if (time !== null && usualTime !== null && one.judgments >= FEWEST && time < usualTime / 3) {
    found.push({ kind: "quick", value: time, others: usualTime });
  }
  return found;
}
