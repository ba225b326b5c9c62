import type { Judgment } from "../api/types";

/** One's own work in a project. */
export interface Mine {
  total: number;
  today: number;
  active_ms_today: number;
  per_hour_today: number | null;
  per_hour_week: number | null;
  /** Seven days, the last one today (UTC). */
  week: { day: string; judgments: number; active_ms: number }[];
  quota_total_left: number | null;
  quota_daily_left: number | null;
  own_figures: boolean;
}

export interface OwnAgreement {
  value: number | null;
  interval: number[] | null;
  n: number;
  reason: string | null;
}

/** One's own judgment with the beginning of its prompt. */
export interface OwnJudgment extends Judgment {
  excerpt: string;
  language: string;
}
