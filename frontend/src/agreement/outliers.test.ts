import { describe, expect, it } from "vitest";
import { median, outliersOf } from "./outliers";
import type { AnnotatorFigures } from "./types";

function annotator(name: string, change: Partial<AnnotatorFigures> = {}): AnnotatorFigures {
  return {
    name,
    kind: "human",
    judgments: 100,
    agreement_with_others: 0.7,
    agreement_with_others_interval: [0.64, 0.76],
    agreement_with_others_n: 100,
    competence: null,
    first_position_rate: 0.5,
    first_position_interval: [0.4, 0.6],
    first_position_n: 90,
    longer_rate: 0.55,
    longer_interval: [0.45, 0.65],
    longer_n: 90,
    tie_rate: 0.1,
    tie_interval: [0.05, 0.17],
    tie_n: 100,
    median_active_ms: 9000,
    ...change,
  };
}

const usual = ["a", "b", "c"].map((name) => annotator(name));

describe("outliersOf", () => {
  it("finds nothing in an annotator like the others", () => {
    expect(outliersOf(usual[0] as AnnotatorFigures, usual)).toEqual([]);
  });

  it("finds the one who always takes the first and agrees less", () => {
    const biased = annotator("d", {
      first_position_rate: 1,
      first_position_interval: [0.96, 1],
      agreement_with_others: 0.42,
      agreement_with_others_interval: [0.35, 0.5],
    });
    expect(outliersOf(biased, [...usual, biased]).map(({ kind }) => kind)).toEqual([
      "first",
      "disagrees",
    ]);
  });

  it("does not judge by few labels", () => {
    const few = annotator("d", {
      first_position_rate: 1,
      first_position_interval: [0.69, 1],
      first_position_n: 9,
    });
    expect(outliersOf(few, [...usual, few])).toEqual([]);
  });

  it("finds habits of length, ties and haste", () => {
    const habits = annotator("d", {
      longer_rate: 0.95,
      longer_interval: [0.88, 0.98],
      tie_rate: 0.8,
      tie_interval: [0.7, 0.87],
      median_active_ms: 900,
    });
    expect(outliersOf(habits, [...usual, habits]).map(({ kind }) => kind)).toEqual([
      "longer",
      "ties",
      "quick",
    ]);
  });
});

describe("median", () => {
  it("is the middle value, or the mean of the two in the middle", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNull();
  });
});
