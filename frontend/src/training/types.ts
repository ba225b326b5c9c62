import type { AnnotatorKind, Evaluation, Figure, RewardModel } from "../api/types";
import type { RuleRequest } from "./rules/draft";

/** Pair accuracy on a part of the held-out pairs. */
export interface Slice extends Figure {
  by: "source" | "criterion" | "agreement" | "strength" | "reason" | "length_gap" | "language";
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
  best_of_n?: { n: number; reward: Figure; best: Figure; prompts: number }[];
  forecast?: {
    exponent: Figure;
    gains: { labels: number; gain: Figure }[];
    overlap?: {
      verdict: "prompts" | "overlap" | "unclear" | null;
      reason: "" | "little_overlap" | "few_held_out";
      opinions: number;
      prompts: number;
      labels: number;
      difference: Figure | null;
    };
  };
  readiness?: {
    ready: boolean;
    checks: {
      code: "labels" | "baselines" | "best_of_n" | "spread" | "exploitable";
      passed: boolean | null;
      measured: number | null;
      wanted: number | null;
    }[];
  };
  global_view?: GlobalView;
  sources?: {
    reason: "" | "one_source" | "few_pairs" | "kind";
    sources: { source: string; labels: number; within: Figure; without: Figure; change: Figure }[];
    left_out: number;
  };
  second_look?: {
    reason: "" | "few_pairs" | "kind";
    refits: number;
    looked_at: number;
    found: number;
  };
  hackability?: {
    attack: "padded" | "cut" | "stripped" | "flattered" | "repeated";
    change: Figure;
    rises: Figure;
    exploitable: boolean | null;
  }[];
}

/** A surrogate of held-out rewards within prompts: shares of variance, and how features move the reward. */
export interface GlobalView {
  prompts: number;
  outputs: number;
  shares: { length: Figure; style: Figure; style_beyond_length: Figure };
  features: { name: string; correlation: Figure; weight: Figure }[];
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

/** How a transformer is fine-tuned, as far as the dialog asks; the API knows more. */
export interface TransformerOptions {
  adaptation: "full" | "lora";
  start: "none" | "linear";
  epochs: number;
  learning_rate: number;
  max_tokens: number;
}

/** A model that can be a part of a sum. */
export type PartRequest =
  | { kind: "linear" | "ensemble"; features: Record<FeatureGroup, boolean> }
  | ({ kind: "transformer" } & TransformerOptions)
  | { kind: "rules"; rules: RuleRequest[]; weights: "given" | "fitted" };

export type ModelRequest =
  | PartRequest
  | {
      kind: "composite";
      parts: { weight: number; model: PartRequest }[];
      weights: "given" | "fitted";
    };

/** What the button “Retrain” asks for. */
export interface RunRequest {
  model: ModelRequest;
  data: { questions: string[]; annotator_kinds: AnnotatorKind[] };
  evaluation:
    | { scheme: "holdout"; test_fraction: number }
    | { scheme: "cross-validation"; folds: number | "groups" };
  seed: number;
}

export const FEATURE_GROUPS = ["style", "ngrams", "encoder", "minilm", "given"] as const;
export type FeatureGroup = (typeof FEATURE_GROUPS)[number];
