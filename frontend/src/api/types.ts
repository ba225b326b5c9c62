/**
 * The wire's shapes, as the API documents them. Components import domain types from here only.
 * Ids are opaque strings; times are ISO-8601 in UTC.
 */

export type Role = "annotator" | "reviewer" | "admin";
export type Language = "en" | "zh-hans";
export type AnnotatorKind = "human" | "model" | "simulated";

export interface Page<T> {
  results: T[];
  next: string | null;
}

// --- Session and accounts -------------------------------------------------------------------

export interface User {
  id: string;
  username: string;
  email: string;
  language: Language | "";
  is_superuser: boolean;
  is_active?: boolean;
  date_joined: string;
}

export interface Session {
  user: User | null;
  demo: { username: string; password: string } | null;
  version: string;
}

export interface AccessToken {
  id: string;
  name: string;
  prefix: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  /** Only in the answer that made it. */
  token?: string;
}

export interface InvitationPreview {
  project: { id: string; name: string };
  role: Role;
  expires_at: string;
}

export interface Invitation {
  id: string;
  role: Role;
  expires_at: string;
  created_by: string | null;
  created_at: string;
  uses: number;
  url?: string;
  token?: string;
}

export interface Member {
  username: string;
  role: Role;
  joined_at: string;
}

// --- Questions ------------------------------------------------------------------------------

interface QuestionBase {
  name: string;
  title: string;
  description: string;
  required: boolean;
}

export interface ComparisonQuestion extends QuestionBase {
  kind: "comparison";
  strengths: number;
  ties: boolean;
  both_bad: boolean;
}
export interface RankingQuestion extends QuestionBase {
  kind: "ranking";
  ties: boolean;
}
export interface RatingQuestion extends QuestionBase {
  kind: "rating";
  min: number;
  max: number;
  /** Texts by score. */
  labels?: Record<string, string>;
}
export interface BestWorstQuestion extends QuestionBase {
  kind: "best_worst";
}
export interface HighlightQuestion extends QuestionBase {
  kind: "highlight";
  labels: string[];
}
export interface RewriteQuestion extends QuestionBase {
  kind: "rewrite";
}
export interface ChoiceQuestion extends QuestionBase {
  kind: "choice";
  options: string[];
  multiple: boolean;
  per_completion: boolean;
}
export interface CommentQuestion extends QuestionBase {
  kind: "comment";
}

export type Question =
  | ComparisonQuestion
  | RankingQuestion
  | RatingQuestion
  | BestWorstQuestion
  | HighlightQuestion
  | RewriteQuestion
  | ChoiceQuestion
  | CommentQuestion;
export type QuestionKind = Question["kind"];

export interface ComparisonAnswer {
  /** A completion's id, or one of the reserved words "tie" and "both_bad". */
  choice: string;
  strength?: number;
}
export interface RankingAnswer {
  tiers: string[][];
}
export interface RatingAnswer {
  scores: Record<string, number>;
}
export interface BestWorstAnswer {
  best: string;
  worst: string;
}
export interface ChoiceAnswer {
  values: string[] | Record<string, string[]>;
}
export interface CommentAnswer {
  text: string;
}
export interface HighlightAnswer {
  spans: { completion: string; start: number; end: number; label: string; comment: string }[];
}
export interface RewriteAnswer {
  completion: string;
  text: string;
}
export type Answer =
  | ComparisonAnswer
  | RankingAnswer
  | RatingAnswer
  | BestWorstAnswer
  | ChoiceAnswer
  | CommentAnswer
  | HighlightAnswer
  | RewriteAnswer;
export type Answers = Record<string, Answer>;

// --- Projects -------------------------------------------------------------------------------

export interface Project {
  id: string;
  name: string;
  description: string;
  template: string;
  guidelines: string;
  questions: Question[];
  revision: number;
  overlap: number;
  blind: boolean;
  shuffle: boolean;
  allocation: string;
  lease_seconds: number;
  good_at: number | null;
  role: Role;
  owner: string;
  is_demo: boolean;
  item_kind: "pair" | "prompt";
  prompts: number;
  judgments: number;
  created_at: string;
  deleted_at: string | null;
}

export interface Template {
  name: string;
  title: string;
  description: string;
  guidelines: string;
  questions: Question[];
}

export interface Revision {
  number: number;
  author: string | null;
  created_at: string;
  guidelines: string;
  questions: Question[];
}

// --- Prompts and judgments ------------------------------------------------------------------

export interface Message {
  role: string;
  content: string;
}

export interface Completion {
  id: string;
  external_id?: string;
  text: string;
  source?: string;
}

export interface PromptSummary {
  id: string;
  external_id: string;
  excerpt: string;
  completions: number;
  judgments: number;
  language: string;
}

export interface PromptDetail {
  id: string;
  external_id: string;
  messages: Message[];
  metadata: Record<string, unknown>;
  group: string;
  language: string;
  completions: Completion[];
  judgments: Judgment[];
}

export type JudgmentStatus = "submitted" | "skipped" | "flagged";

export interface Judgment {
  uuid: string;
  project: string;
  prompt: string;
  item: string;
  annotator: string;
  annotator_kind: AnnotatorKind;
  status: JudgmentStatus;
  answers: Answers;
  shown: string[];
  started_at: string | null;
  submitted_at: string;
  active_ms: number | null;
  reason: string;
  surplus: boolean;
  superseded: boolean;
  supersedes: string | null;
  revision: number;
  policy: string;
  arm: string;
  probability: number | null;
}

export interface JudgmentDetail extends Judgment {
  prompt_detail: { messages: Message[]; language: string };
  completions: Completion[];
}

/** The body of `PUT /judgments/{uuid}/`. */
export interface JudgmentBody {
  lease?: string;
  supersedes?: string;
  status: JudgmentStatus;
  answers: Answers;
  shown: string[];
  started_at: string;
  active_ms: number;
  reason: string;
}

export interface QueueItem {
  lease: string;
  item: string;
  expires_at: string;
  prompt: { id: string; messages: Message[]; language: string };
  completions: Completion[];
  shown: string[];
  position: { prompt: number; pair: number; pairs: number } | null;
}

export type QueueReason = "all_done" | "all_leased" | "empty_project" | "no_role";

export interface Queue {
  items: QueueItem[];
  remaining: number;
  done: number;
  done_today: number;
  reason?: QueueReason | null;
}

export interface ParkedItem {
  item: string;
  prompt: { id: string; external_id: string; excerpt: string };
  skips: { annotator: string; reason: string; status: JudgmentStatus }[];
  parked_at: string | null;
}

// --- Data in --------------------------------------------------------------------------------

export type JobStatus = "queued" | "running" | "succeeded" | "failed" | "cancelled";

/** What is to be said of one row of a file; `row` is null for the file as a whole. */
export interface RowMessage {
  row: number | null;
  message: string;
}

export interface Import {
  id: string;
  status: Exclude<JobStatus, "cancelled">;
  rows_read: number;
  prompts_created: number;
  completions_created: number;
  judgments_created: number;
  duplicates: number;
  skipped: number;
  errors: RowMessage[];
  errors_total: number;
  filename: string;
  format: string;
  created_at: string;
  finished_at: string | null;
  created_by: string | null;
  undoable: boolean;
  undone_at: string | null;
  conversions: number;
  notes: RowMessage[];
  progress: number;
  dry_run: boolean;
  preview: NativeLine[] | null;
  columns: string[] | null;
  detected_format: string | null;
  detected_map: ColumnMap | null;
  detected_recipe: string | null;
  /** Of a dry run: different values of each column, at most 20 and cut short. */
  samples: Record<string, string[]> | null;
}

export interface NativeLine {
  id: string;
  messages: Message[];
  group?: string;
  completions: { id: string; text: string; source?: string }[];
  metadata?: Record<string, unknown>;
  judgments?: Record<string, unknown>[];
}

export interface MappedCompletion {
  id?: string;
  text?: string;
  source?: string;
  optional?: boolean;
}

export interface MappedJudgment {
  annotator: string;
  annotator_kind?: AnnotatorKind;
  question: string;
  value?: string;
  values?: Record<string, Record<string, unknown>>;
  answer?: Record<string, unknown>;
  submitted_at?: string;
  reason?: string;
}

/** How a row of named columns becomes a native line; `{name}` is a column. */
export interface ColumnMap {
  id?: string;
  prompt?: string;
  messages?: string;
  group?: string;
  metadata?: Record<string, string>;
  completions?: MappedCompletion[];
  judgments?: MappedJudgment[];
}

export interface ImportRecipe {
  name: string;
  title: string;
  description: string;
  needs_filename: boolean;
  options: { name: string; title: string }[];
  questions: Question[];
}

// --- Figures --------------------------------------------------------------------------------

/** A published number: with its n and interval, or null with the reason. */
export interface Figure {
  value: number | null;
  interval?: [number, number] | null;
  n?: number | null;
  reason?: string;
}

export interface Progress {
  items: number;
  fully_labelled: number;
  labelled: number;
  judgments: number;
  by_kind: Partial<Record<AnnotatorKind, number>>;
  skipped: number;
  flagged: number;
  parked: number;
  surplus: number;
  per_day: { day: string; judgments: number }[];
  per_annotator: {
    name: string;
    kind: AnnotatorKind;
    judgments: number;
    skipped: number;
    median_active_ms: number | null;
    last_at: string | null;
  }[];
  overlap: number;
  remaining_places: number;
  estimated_end: string | null;
  estimated_end_reason: string | null;
}

export interface AgreementMeasure {
  name: string;
  level?: "nominal" | "ordinal" | "interval";
  value: number | null;
  interval?: [number, number] | null;
  units?: number;
  values?: number;
  reason?: string;
}

export interface Agreement {
  judgments: number;
  questions: {
    name: string;
    kind: QuestionKind;
    units: number;
    annotators: number;
    measures: AgreementMeasure[];
    pairs: {
      annotators: [string, string];
      units: number;
      cohen_kappa: number | null;
      weighted_kappa: number | null;
      percent_agreement: number | null;
    }[];
  }[];
  annotators: {
    name: string;
    kind: AnnotatorKind;
    judgments: number;
    agreement_with_others: number | null;
    competence: number | null;
    first_position_rate: number | null;
    longer_rate: number | null;
    tie_rate: number | null;
    median_active_ms: number | null;
  }[];
  judges: {
    name: string;
    kind: AnnotatorKind;
    question: string;
    units: number;
    accuracy: number | null;
    macro_precision: number | null;
    macro_recall: number | null;
    macro_f1: number | null;
  }[];
}

// --- Training -------------------------------------------------------------------------------

export type ModelKind = "rules" | "linear" | "ensemble" | "transformer";

export interface PromotionDecision {
  promoted: boolean;
  code: "first" | "better" | "not_worse" | "within_noise" | "worse" | "manual";
  difference: number | null;
  interval: [number, number] | null;
  n: number | null;
  message: string;
}

export interface CurvePoint {
  step: number;
  train_loss: number | null;
  validation_loss: number | null;
  validation_accuracy: number | null;
}

export interface TrainingRun {
  id: string;
  project: string;
  status: JobStatus;
  trigger: "manual" | "policy" | "demo";
  model: { kind: ModelKind } & Record<string, unknown>;
  data: { questions?: string[]; annotator_kinds?: AnnotatorKind[]; since?: string | null };
  evaluation: { scheme?: string; test_fraction?: number; folds?: number | "groups" | null };
  seed: number;
  queue: string;
  progress: number;
  step: string | number | null;
  eta_seconds: number | null;
  log?: string;
  error: { code: string; message: string } | null;
  attempt: number;
  created_by: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  reward_model: string | null;
  labels: { total: number; human: number; simulated: number; model: number; mine: number };
  curve?: CurvePoint[];
  decision: PromotionDecision | null;
}

export interface Evaluation {
  split: {
    scheme: string;
    unit: string;
    train: number;
    validation: number;
    test: number;
    shared_groups: number;
    near_duplicates: number;
  };
  pairs: {
    accuracy: Figure;
    accuracy_by_judgment?: Figure;
    length_balanced_accuracy?: Figure;
    log_loss?: Figure;
    top_1?: Figure;
    three_way?: {
      accuracy: Figure;
      macro_precision: Figure;
      macro_recall: Figure;
      macro_f1: Figure;
    } | null;
  };
  outputs: {
    target: string | null;
    precision: Figure;
    recall: Figure;
    f1: Figure;
    auc: Figure;
    mcc: Figure;
    constant_f1: Figure;
  };
  calibration: { slope: Figure; brier: Figure; ece: Figure };
  longer_rate: { model: number | null; people: number | null };
  baselines: Record<string, { accuracy: Figure } & Record<string, unknown>>;
  human_reference: { accuracy: Figure };
  /** Accuracy on a part of the data: `by` what it was parted, and the part's `name`. */
  slices: (Figure & { by: string; name: string })[];
  curve: { labels: number; accuracy: Figure }[];
  reliability?: { predicted: number; observed: number; n: number }[];
  confusion?: { labels: string[]; matrix: number[][] } | null;
  outputs_confusion?: { labels: string[]; matrix: number[][] } | null;
}

export interface RewardModel {
  id: string;
  project: string;
  version: number;
  kind: ModelKind;
  status: "champion" | "candidate" | "retired";
  created_at: string;
  run: string;
  recipe: Record<string, unknown>;
  snapshot: { fingerprint: string; judgments: number; prompts: number; annotators: number };
  evaluation: Evaluation;
  decision: PromotionDecision | null;
  sha256: string;
  size_bytes: number;
  since_promotion: Figure | null;
  top_features: { name: string; weight: number }[] | null;
}

export interface Promotion {
  model: string;
  version: number;
  previous_version: number | null;
  by: string;
  code: string;
  message: string;
  at: string;
}

export interface Retraining {
  enabled: boolean;
  every_labels: number | null;
  quiet_seconds: number;
  every_minutes: number | null;
  models: ({ kind: ModelKind } & Record<string, unknown>)[];
  data: { questions?: string[]; annotator_kinds?: AnnotatorKind[]; since?: string | null };
  promotion: "if-better" | "manual";
  state: {
    fresh_labels: number;
    needed_labels: number;
    last_snapshot_at: string | null;
    last_label_at: string | null;
    next_check_at: string | null;
    blocked_by: string | null;
  };
}

export interface ScoringToken {
  id: string;
  name: string;
  model: string | null;
  created_at: string;
  last_used_at: string | null;
  prefix: string;
  token?: string;
  url?: string;
}

export interface Explanation {
  intercept: number;
  contributions: {
    feature: string;
    group: string;
    value: number | null;
    weight: number | null;
    contribution: number;
  }[];
  other: number;
  residual?: number;
}

export interface Reward {
  reward: number;
  std: number | null;
  criteria: Record<string, number>;
  explanation: Explanation | null;
}

export interface RewardAnswer {
  model: { id: string; version: number; kind: ModelKind };
  rewards: Reward[];
}
