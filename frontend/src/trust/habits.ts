import type { AnnotatorHabits, Effect, Habit, Habits } from "./types";

export const HABITS = ["first_position", "longer", "hurry", "drift"] as const;
export type HabitName = (typeof HABITS)[number];

/** Whether a habit was found: not everything unsaid or unremarkable. */
export const standsOut = (habit: Habit): boolean =>
  habit.reading !== "none" && habit.reading !== "not_enough";

export const habitsThatStandOut = (habits: Habits): HabitName[] =>
  HABITS.filter((name) => standsOut(habits[name]));

/** Annotators with a habit worth a sentence, those with the most first. */
export function striking(annotators: readonly AnnotatorHabits[]): AnnotatorHabits[] {
  return annotators
    .filter((one) => habitsThatStandOut(one).length > 0)
    .sort((a, b) => habitsThatStandOut(b).length - habitsThatStandOut(a).length);
}

const sigma = (x: number) => 1 / (1 + Math.exp(-x));

/** What an effect on the scale of logits does to an even pair: the share that goes to its side. */
export function evenPair(effect: Effect): Effect {
  const ends = effect.interval;
  return {
    value: sigma(effect.value),
    interval: ends ? [sigma(ends[0]), sigma(ends[1])] : null,
  };
}

/** The range around 0 that holds all values and intervals, in steps of ten points. */
export function around(habits: readonly Habit[]): [number, number] {
  const ends = habits.flatMap((one) => [one.value ?? 0, ...(one.interval ?? [])]);
  const widest = Math.max(0.1, ...ends.map((end) => Math.abs(end)));
  const edge = Math.min(1, Math.ceil(widest * 10) / 10);
  return [-edge, edge];
}
