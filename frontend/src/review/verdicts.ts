import type { Judgment } from "../api/types";

/** Those who gave one answer to a question. */
export interface Verdict {
  key: string;
  answer: Record<string, unknown>;
  by: Judgment[];
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
};

/** The judgments that say something now: submitted, not changed since, and not set aside. */
export const standing = (judgments: readonly Judgment[]): Judgment[] =>
  judgments.filter(
    ({ status, superseded, set_aside }) =>
      status === "submitted" && !superseded && set_aside === null,
  );

/** The answers to a question with who gave each, the most frequent first; decisions stand apart. */
export function verdictsOf(judgments: readonly Judgment[], question: string): Verdict[] {
  const found = new Map<string, Verdict>();
  for (const judgment of standing(judgments)) {
    if (judgment.annotator_kind === "adjudicated") continue;
    const answer = judgment.answers[question];
    if (!answer) continue;
    const key = JSON.stringify(sorted(answer));
    const verdict = found.get(key) ?? { key, answer: { ...answer }, by: [] };
    verdict.by.push(judgment);
    found.set(key, verdict);
  }
  return [...found.values()].sort((a, b) => b.by.length - a.by.length);
}

/** The current decision, and those before it. */
export function decisionsOf(judgments: readonly Judgment[]) {
  const all = judgments.filter(({ annotator_kind }) => annotator_kind === "adjudicated");
  return {
    current: all.find(({ superseded }) => !superseded) ?? null,
    earlier: all.filter(({ superseded }) => superseded),
  };
}
