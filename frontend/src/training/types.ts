import type { Evaluation, Figure, RewardModel } from "../api/types";

/** Pair accuracy on a part of the held-out pairs. */
export interface Slice extends Figure {
  by: "source" | "criterion" | "agreement" | "strength" | "length_gap" | "language";
  name: string;
}

export interface LongerRate {
  model: number | null;
  people: number | null;
  n?: number;
  intervals?: { model: [number, number] | null; people: [number, number] | null };
  reason?: string;
}

/** Everything that is published of a reward model. */
export interface FullEvaluation
  extends Omit<Evaluation, "split" | "slices" | "longer_rate" | "baselines" | "human_reference"> {
  split: Evaluation["split"] & { folds?: number; test_groups?: number; note?: string | null };
  slices: Slice[];
  longer_rate: LongerRate;
  baselines: Record<string, { accuracy: Figure; length_balanced_accuracy?: Figure }>;
  /** `model` is the model on the very votes that the reference is counted on. */
  human_reference: { accuracy: Figure; model?: Figure };
  uncertainty?: { error_auc: Figure };
}

export interface TopFeature {
  name: string;
  weight: number;
  group?: string;
}

export interface Model extends Omit<RewardModel, "evaluation" | "top_features"> {
  evaluation: FullEvaluation;
  top_features: TopFeature[] | null;
}

/** What the button “Retrain” asks for. */
export interface RunRequest {
  model: { kind: "linear" | "ensemble"; features: Record<FeatureGroup, boolean> };
  data: { questions: string[]; annotator_kinds: ("human" | "model" | "simulated")[] };
  evaluation:
    | { scheme: "holdout"; test_fraction: number }
    | { scheme: "cross-validation"; folds: number | "groups" };
  seed: number;
}

export const FEATURE_GROUPS = ["style", "ngrams", "encoder", "given"] as const;
export type FeatureGroup = (typeof FEATURE_GROUPS)[number];
