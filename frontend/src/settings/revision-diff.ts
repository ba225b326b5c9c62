/** What changed between two wordings of a project. */

import type { Question, Revision } from "../api/types";

export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Lines of both texts in one list, by the longest common subsequence. */
export function diffLines(before: string, after: string): DiffLine[] {
  const old = before === "" ? [] : before.split("\n");
  const now = after === "" ? [] : after.split("\n");
  // common[i][j] is the length of the longest common subsequence of old[i..] and now[j..].
  const common = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    const row = common[i];
    for (let j = now.length - 1; row && j >= 0; j--) {
      row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const [left, right] = [old[i], now[j]];
    if (left !== undefined && left === right) {
      lines.push({ kind: "same", text: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: "removed", text: left });
      i++;
    } else if (right !== undefined) {
      lines.push({ kind: "added", text: right });
      j++;
    }
  }
  return lines;
}

export type QuestionChange =
  | { kind: "added"; question: Question }
  | { kind: "removed"; question: Question }
  | { kind: "changed"; question: Question; fields: { name: string; from: string; to: string }[] };

const shown = (value: unknown) =>
  typeof value === "string" ? value : value === undefined ? "–" : JSON.stringify(value);

function changedFields(before: Question, after: Question) {
  const old = new Map(Object.entries(before));
  const now = new Map(Object.entries(after));
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((name) => ({ name, from: shown(old.get(name)), to: shown(now.get(name)) }))
    .filter(({ from, to }) => from !== to);
}

/** Questions are the same question when they have the same name. */
export function questionChanges(
  before: readonly Question[],
  after: readonly Question[],
): QuestionChange[] {
  const old = new Map(before.map((question) => [question.name, question]));
  const kept = new Set(after.map((question) => question.name));
  const changes: QuestionChange[] = before
    .filter((question) => !kept.has(question.name))
    .map((question) => ({ kind: "removed", question }));
  for (const question of after) {
    const earlier = old.get(question.name);
    if (!earlier) {
      changes.push({ kind: "added", question });
      continue;
    }
    const fields = changedFields(earlier, question);
    if (fields.length > 0) changes.push({ kind: "changed", question, fields });
  }
  return changes;
}

/** Whether the same questions stand in another order. */
export function isReordered(before: Revision, after: Revision): boolean {
  const names = (revision: Revision) => revision.questions.map((question) => question.name);
  const kept = new Set(names(after));
  const old = names(before).filter((name) => kept.has(name));
  const known = new Set(names(before));
  return (
    old.join("\n") !==
    names(after)
      .filter((name) => known.has(name))
      .join("\n")
  );
}
