import { describe, expect, it } from "vitest";
import { around, evenPair, habitsThatStandOut, striking } from "./habits";
import type { AnnotatorHabits, Habit } from "./types";

const habit = (fields: Partial<Habit> = {}): Habit => ({
  value: 0.5,
  interval: [0.4, 0.6],
  n: 100,
  reading: "none",
  values: {},
  ...fields,
});

const annotator = (name: string, fields: Partial<AnnotatorHabits> = {}): AnnotatorHabits => ({
  name,
  kind: "human",
  judgments: 100,
  first_position: habit(),
  longer: habit(),
  hurry: habit({ value: 0, interval: [-0.05, 0.05] }),
  drift: habit({ value: 0, interval: [-0.05, 0.05] }),
  ...fields,
});

describe("habits", () => {
  it("stand out only where something was found", () => {
    const quiet = annotator("ann", { longer: habit({ reading: "not_enough" }) });
    expect(habitsThatStandOut(quiet)).toEqual([]);
    const loud = annotator("bob", { first_position: habit({ reading: "first_choosing" }) });
    expect(habitsThatStandOut(loud)).toEqual(["first_position"]);
  });

  it("puts those with the most habits first and leaves out those without", () => {
    const one = annotator("one", { drift: habit({ reading: "declining" }) });
    const two = annotator("two", {
      drift: habit({ reading: "declining" }),
      hurry: habit({ reading: "hurried" }),
    });
    expect(striking([annotator("none"), one, two]).map(({ name }) => name)).toEqual(["two", "one"]);
  });

  it("says what an effect does to an even pair", () => {
    expect(evenPair({ value: 0, interval: [-1, 1] }).value).toBe(0.5);
    const ends = evenPair({ value: Math.log(3), interval: [0, Math.log(9)] });
    expect(ends.value).toBeCloseTo(0.75);
    expect(ends.interval?.[1]).toBeCloseTo(0.9);
  });

  it("draws differences on a scale that holds them all, zero in the middle", () => {
    expect(around([habit({ value: 0.02, interval: [-0.03, 0.07] })])).toEqual([-0.1, 0.1]);
    expect(around([habit({ value: -0.2, interval: [-0.31, -0.1] })])).toEqual([-0.4, 0.4]);
    expect(around([habit({ value: null, interval: null })])).toEqual([-0.1, 0.1]);
  });
});
