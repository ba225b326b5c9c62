/**
 * The wire's shapes, as the API documents them. Components import domain types from here only.
 * Ids are opaque strings; times are ISO-8601 in UTC.
 */

export type Role = "annotator" | "reviewer" | "admin";
export type Language = "en" | "zh-hans";
export type AnnotatorKind = "human" | "model" | "simulated" | "adjudicated";

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

/** One's own account. */
export interface Account extends User {
  /** What this interface keeps there; whoever reads a part checks its shape. */
  preferences: Record<string, unknown>;
}

export interface Session {
  user: Account | null;
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

export interface QuestionBase {
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
/**
 * The kinds of questions with what they ask and what an answer is. A kind that is added says so in
 * its own folder (`declare module "../../api/types"`), and every type below knows it.
 */
export interface QuestionKinds {
  comparison: { question: ComparisonQuestion; answer: ComparisonAnswer };
  ranking: { question: RankingQuestion; answer: RankingAnswer };
  rating: { question: RatingQuestion; answer: RatingAnswer };
  best_worst: { question: BestWorstQuestion; answer: BestWorstAnswer };
  highlight: { question: HighlightQuestion; answer: HighlightAnswer };
  rewrite: { question: RewriteQuestion; answer: RewriteAnswer };
  choice: { question: ChoiceQuestion; answer: ChoiceAnswer };
  comment: { question: CommentQuestion; answer: CommentAnswer };
}
export type QuestionKind = keyof QuestionKinds;
export type Question = QuestionKinds[QuestionKind]["question"];
export type Answer = QuestionKinds[QuestionKind]["answer"];
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
  /** What an annotator may say with one key about why they judged so; none turns it off. */
  reasons: string[];
  /** Annotators may see how far they agree with the others. */
  own_figures: boolean;
  /** In a blind project: blocks in place of models' names in the outputs. */
  mask_names: boolean;
  /** Share of the prompts that no policy chooses among. */
  random_share: number;
  /** Adaptive overlap; both null where it is off. */
  overlap_most: number | null;
  confidence: number | null;
  quota_total: number | null;
  quota_daily: number | null;
  paused_at: string | null;
  role: Role;
  owner: string;
  is_demo: boolean;
  item_kind: "pair" | "prompt";
  prompts: number;
  judgments: number;
  created_at: string;
  deleted_at: string | null;
}

/** What more judgments per item cost and buy, for each question that is voted on. */
export interface OverlapCost {
  items: number;
  overlap: number;
  judgments: number;
  median_active_ms: number | null;
  questions: QuestionCost[];
}

export interface QuestionCost {
  name: string;
  kind: string;
  agreement: { value: number | null; interval: [number, number] | null; n: number };
  reason: "" | "too_few" | "by_chance";
  rows: {
    overlap: number;
    labels: number;
    hours: number | null;
    item_error: number | null;
    item_halfwidth: number | null;
    mean_halfwidth: number;
  }[];
  adaptive: {
    overlap_most: number;
    confidence: number;
    labels_per_item: number;
    labels: number;
    hours: number | null;
    item_error: number;
    settled: number;
  } | null;
}

/** Who judges, with quotas (null: the project's), groups, pools, and whether they are paused. */
export interface AnnotatorSettings {
  id: string;
  name: string;
  kind: AnnotatorKind;
  username: string | null;
  quota_total: number | null;
  quota_daily: number | null;
  done: number;
  done_today: number;
  groups: string[];
  pools: string[];
  paused: boolean;
  paused_because: string;
  paused_at: string | null;
}

/** Prompts that only some annotators are given. */
export interface Pool {
  id: string;
  name: string;
  annotators: string[];
  groups: string[];
  prompts: number;
  items_open: number;
}

export interface PoolPrompts {
  prompts: number | null;
  queued: boolean;
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
  /** Who decided, of a reviewer's decision. */
  author: string | null;
  status: JudgmentStatus;
  answers: Answers;
  shown: string[];
  started_at: string | null;
  submitted_at: string;
  active_ms: number | null;
  reason: string;
  surplus: boolean;
  /** When, by whom and why a reviewer put it aside. */
  set_aside: { at: string; by: string | null; reason: string } | null;
  superseded: boolean;
  supersedes: string | null;
  revision: number;
  policy: string;
  arm: string;
  probability: number | null;
  /** Reviewers are told; to annotators everything is work. */
  purpose: "work" | "gold" | "qualification" | "repeat";
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

export type QueueReason =
  | "all_done"
  | "all_leased"
  | "empty_project"
  | "no_role"
  | "project_paused"
  | "you_are_paused"
  | "qualification_failed"
  | "quota_reached"
  | "daily_quota_reached";

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

// --- Review ---------------------------------------------------------------------------------

export type ReviewReason = "contested" | "flagged" | "suspected" | "parked" | "gold-failing";

export interface ReviewRow {
  item: string;
  prompt: { id: string; external_id: string; excerpt: string };
  reasons: ReviewReason[];
  disagreement: number | null;
  judgments: number;
  set_aside: number;
  notes: { annotator: string; reason: string; status: JudgmentStatus }[];
  votes: {
    question: string;
    answers: { answer: Record<string, unknown>; count: number }[];
    different: number;
  }[];
  decided: boolean;
  parked_at: string | null;
  reviewed_at: string | null;
  /** In the order in which the item's page shows them. */
  completions: string[];
  unread_remarks: number;
}

export interface ReviewSummary {
  counts: {
    contested: number;
    flagged: number;
    suspected: number;
    parked: number;
    gold_failing: number;
  };
  adjudicated: number;
  decisions_read: number;
  set_aside: number;
  unread_remarks: number;
  annotators: {
    id: string;
    name: string;
    kind: AnnotatorKind;
    agreement: Figure;
    set_aside: number;
  }[];
}

export interface ReviewItem {
  item: string;
  prompt: { id: string; external_id: string; messages: Message[]; language: string };
  /** `source` only where it was asked for. */
  completions: { id: string; text: string; source: string | null }[];
  shown: string[];
  reasons: ReviewReason[];
  disagreement: number | null;
  parked_at: string | null;
  reviewed_at: string | null;
  is_gold: boolean;
  /** The uuid of the current decision. */
  decision: string | null;
  judgments: Judgment[];
  annotators: {
    id: string;
    name: string;
    kind: AnnotatorKind;
    has_account: boolean;
    remarks: number;
    unread: number;
  }[];
}

export interface Remark {
  id: string;
  author: string | null;
  from: "annotator" | "reviewer";
  text: string;
  created_at: string;
  read_at: string | null;
}

/** What reviewers and one annotator say to each other about an item. */
export interface Thread {
  item: string;
  annotator: { id: string; name: string };
  prompt: { id: string; external_id: string; excerpt: string };
  /** The annotator's current judgment of the item. */
  judgment: string | null;
  remarks: number;
  unread: number;
  last: Remark;
}

export interface Threads extends Page<Thread> {
  unread: number;
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
  /** What the search through it has found; null where there is nothing to search. */
  examination: Examination | null;
}

export interface Examination {
  status: Exclude<JobStatus, "cancelled">;
  /** Prompts like an earlier one. */
  near_duplicates: number;
  /** Prompts of which two outputs are nearly equal. */
  equal_outputs: number;
  /** Outputs that say which model wrote them. */
  revealing: number;
}

export type NearDuplicateKind = "prompts" | "outputs";
export type Resolution = "open" | "grouped" | "left" | "parked";

export interface NearDuplicateSide {
  id: string;
  external_id: string;
  source: string;
  text: string;
  /** There is more than `text`. */
  cut: boolean;
  /** Of prompts alone. */
  group: string | null;
  side: "train" | "validation" | "test" | null;
}

export interface NearDuplicate {
  id: string;
  kind: NearDuplicateKind;
  similarity: number;
  resolution: Resolution;
  resolved_by: string | null;
  resolved_at: string | null;
  prompt: { id: string; external_id: string; excerpt: string };
  sides: NearDuplicateSide[];
  /** An item in the queue compares just these two outputs. */
  parkable: boolean;
}

export interface Revelation {
  completion: string;
  external_id: string;
  source: string;
  text: string;
  before: boolean;
  after: boolean;
  /** In code points of `text`. */
  spans: [number, number][];
  names: string[];
  prompt: { id: string; external_id: string; excerpt: string };
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

export type ModelKind = "rules" | "linear" | "ensemble" | "transformer" | "composite";

export interface PromotionDecision {
  promoted: boolean;
  code: "first" | "better" | "not_worse" | "within_noise" | "worse" | "manual" | "must_pass_failed";
  difference: number | null;
  interval: [number, number] | null;
  n: number | null;
  message: string;
  /** Where something was pinned. */
  must_pass?: MustPassVerdict;
}

/** How a challenger did on what was pinned at its time; of each text the beginning. */
export interface MustPassVerdict {
  pinned: number;
  failed: number;
  pairs: {
    judgment: string;
    prompt: string;
    preferred: string;
    rejected: string;
    margin: number | null;
  }[];
}

/** A pinned judgment; `margin` is null where the model was not tried on it or cannot score it. */
export interface Pin {
  judgment: string;
  item: string;
  annotator: string;
  annotator_kind: AnnotatorKind;
  prompt: { id: string; external_id: string; messages: Message[]; language: string };
  outputs: { id: string; text: string }[];
  pairs: { preferred: string; rejected: string; margin: number | null }[];
  passed: boolean | null;
  status: "enforced" | "superseded" | "set_aside";
  note: string;
  by: string;
  created_at: string;
}

/** Counts of enforced pins. */
export interface PinStanding {
  pinned: number;
  passed: number;
  failed: number;
  untried: number;
}

export interface Pins extends Page<Pin> {
  model: { id: string; version: number } | null;
  standing: PinStanding;
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
  labels: {
    total: number;
    human: number;
    simulated: number;
    model: number;
    adjudicated: number;
    mine: number;
  };
  curve?: CurvePoint[];
  decision: PromotionDecision | null;
}

/** Accuracy of models of so many labels that a policy chose, and of as many drawn at random. */
export interface Arms {
  labels: { active: number; random: number };
  reason: "" | "too_few";
  points: { labels: number; active: Figure; random: Figure; gain: Figure }[];
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
  /** Only where an allocation policy has chosen items. */
  arms?: Arms | null;
  reliability?: { predicted: number; observed: number; n: number }[];
  confusion?: { labels: string[]; matrix: number[][] } | null;
  outputs_confusion?: { labels: string[]; matrix: number[][] } | null;
}

/** How a version's rewards are brought to the scale that all versions of a project share. */
export interface RewardScale {
  /** The served reward is the model's own times `factor`, plus `shift`. */
  factor: number;
  shift: number;
  anchored_to: number | null;
  anchors: number;
  fingerprint: string;
  own_mean: number | null;
  own_spread: number | null;
  mean: number | null;
  spread: number | null;
  note: "" | "constant" | "reference_constant" | "few" | "unreadable" | "unscorable";
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
  scale: RewardScale | null;
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
    /** Where a rule was found, in code points of the output. */
    hits?: { start: number; end: number }[];
  }[];
  other: number;
  residual?: number;
  /** Ranges of code points of the output with what the reward owes them. */
  sentences?: { start: number; end: number; effect: number }[];
  /** What each rated criterion adds, of a model with a head for each. */
  criteria?: { criterion: string; contribution: number }[];
}

export interface Reward {
  reward: number;
  std: number | null;
  criteria: Record<string, number>;
  explanation: Explanation | null;
}

export interface RewardAnswer {
  /** A difference of the rewards times `log_odds_per_reward` is in log-odds of being preferred. */
  model: { id: string; version: number; kind: ModelKind; log_odds_per_reward: number };
  rewards: Reward[];
}

// --- Gold items and standing ------------------------------------------------------------------

export type GoldFeedback = "none" | "score" | "answer";
/** In the question's own terms: which parts there are, its kind says. */
export type Tolerance = Record<string, unknown>;

export interface AgreedItem {
  item: string;
  prompt: { id: string; external_id: string; excerpt: string };
  completions: { id: string; text: string }[];
  answers: Answers;
}

export interface GoldItem extends AgreedItem {
  id: string;
  tolerance: Record<string, unknown>;
  explanation: string;
  author: string | null;
  judgment: string | null;
  answered: number;
  correct: number;
  created_at: string;
  retired_at: string | null;
}

export interface TrustPolicy {
  gold_share: number;
  repeat_share: number;
  qualification_items: number;
  threshold: number;
  window: number;
  pause: boolean;
  feedback: GoldFeedback;
  /** Live gold items. */
  golds: number;
  /** Names of the questions whose answers can be checked. */
  checkable: string[];
}

/** The share of right answers to the last gold items, with its 95 % interval. */
export interface GoldScore {
  value: number;
  low: number;
  high: number;
  n: number;
  correct: number;
}

export type StandingStatus =
  | "working"
  | "warned"
  | "qualifying"
  | "qualification_failed"
  | "paused"
  | "exempt";

export interface CheckedAnnotator {
  id: string;
  name: string;
  status: StandingStatus;
  /** What paused them: "gold", "qualify", "hand"; empty otherwise. */
  because: string;
  since: string | null;
  qualified_at: string | null;
  score: GoldScore | null;
}

/** What the project tells annotators about their own work. */
export interface Standing {
  status: StandingStatus;
  feedback: GoldFeedback;
  score: GoldScore | null;
  threshold: number | null;
  qualification: {
    needed: number;
    answered: number;
    correct: number | null;
    threshold: number;
  } | null;
  last: {
    judgment: string;
    correct: boolean;
    questions: Record<string, boolean>;
    answers: Answers;
    shown: string[];
    explanation: string;
    at: string;
  } | null;
}
