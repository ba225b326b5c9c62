import type { components } from "../api/schema";
import type { AnnotatorKind, Figure, QuestionKind } from "../api/types";

type Ends = [number, number] | null;

/** How many judgments were read: the newest ones, at most `limit`. */
interface Sample {
  judgments: number;
  judgments_total: number;
  limit: number;
}

export interface Effect {
  value: number;
  interval: Ends;
}

export type Flag = components["schemas"]["FlagsEnum"];

export interface AnnotatorModel {
  name: string;
  kind: AnnotatorKind;
  labels: number;
  shared: number;
  competence: number | null;
  competence_interval: Ends;
  reason: string | null;
  needed: number | null;
  flags: Flag[];
  effects: Partial<
    Record<"beta" | "position" | "longer" | "tie" | "chance" | "offset" | "scale" | "noise", Effect>
  >;
}

export interface QuestionModel {
  name: string;
  kind: QuestionKind;
  model: "dawid_skene" | "bradley_terry" | "ratings" | null;
  reason: string | null;
  needed?: number;
  units: number;
  annotators: AnnotatorModel[];
  labels: {
    units: number;
    mean_probability?: number;
    sure?: number;
    sure_from?: number;
    outvoted?: number;
    examples?: { prompt: string; preferred: string | null; probability: number }[];
    mean_error?: number;
    mean_shift?: number;
  } | null;
  held_out: {
    n: number;
    model?: Figure;
    majority?: Figure;
    difference?: Figure;
    reason?: string;
    needed?: number;
  } | null;
}

export interface AnnotatorModels extends Sample {
  questions: QuestionModel[];
}

export type Reading = components["schemas"]["ReadingEnum"];

export interface Habit {
  value: number | null;
  interval: Ends;
  n: number;
  reading: Reading;
  values: {
    n?: number;
    needed?: number;
    value?: number;
    usual?: number;
    quick?: number;
    slow?: number;
    early?: number;
    late?: number;
  };
}

export interface Drift extends Habit {
  course?: { at: number; value: number; low: number | null; high: number | null; n: number }[];
}

export interface Habits {
  first_position: Habit;
  longer: Habit;
  hurry: Habit;
  drift: Drift;
}

export interface AnnotatorHabits extends Habits {
  name: string;
  kind: AnnotatorKind;
  judgments: number;
}

export interface Bias extends Sample {
  project: Habits;
  annotators: AnnotatorHabits[];
}

interface Share {
  value: number | null;
  interval: Ends;
  n?: number;
}

export interface RepeatFigures {
  repeats: number;
  needed: number;
  reason: string | null;
  self_agreement: Share | null;
  shares: { view: Share; position: Share; chance: Share } | null;
  reading: string;
}

export interface QuestionRepeats extends RepeatFigures {
  name: string;
  kind: QuestionKind;
  agreement_with_others: Share | null;
  taste: { value: number | null; interval: Ends; reason: string | null };
  annotators: (RepeatFigures & { name: string })[];
}

export interface Repeats extends Sample {
  repeats: number;
  questions: QuestionRepeats[];
}
