import type { Project } from "../../api/types";
import type { Adaptive } from "./queue";

export const POLICIES = ["fewest-first", "uncertain-first", "disagreement-first"] as const;

/** The settings of the queue while they are edited. */
export interface QueueDraft {
  allocation: string;
  random_share: number;
  overlap: number;
  adaptive: boolean;
  overlap_most: number;
  confidence: number;
  quota_total: number | null;
  quota_daily: number | null;
  lease_seconds: number;
}

const MORE_PLACES = 2;
const USUAL_CONFIDENCE = 0.85;

export function draftOf(project: Project): QueueDraft {
  return {
    allocation: project.allocation,
    random_share: project.random_share,
    overlap: project.overlap,
    adaptive: project.overlap_most !== null && project.confidence !== null,
    overlap_most: project.overlap_most ?? project.overlap + MORE_PLACES,
    confidence: project.confidence ?? USUAL_CONFIDENCE,
    quota_total: project.quota_total,
    quota_daily: project.quota_daily,
    lease_seconds: project.lease_seconds,
  };
}

/** What is sent: adaptive overlap that is off has neither of its settings. */
export function changeOf({ adaptive, ...draft }: QueueDraft) {
  return adaptive ? draft : { ...draft, overlap_most: null, confidence: null };
}

/** What the calculation is asked for, null where the draft is not one that can be set. */
export function adaptiveOf({ overlap, overlap_most, confidence }: QueueDraft): Adaptive | null {
  const possible =
    Number.isInteger(overlap_most) &&
    overlap_most >= overlap &&
    overlap_most <= 100 &&
    confidence >= 0.5 &&
    confidence <= 0.999;
  return possible ? { overlap_most, confidence } : null;
}
