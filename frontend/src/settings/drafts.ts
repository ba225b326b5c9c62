/** Questions while they are being edited, and the way back to the wire. */

import type { Question, QuestionKind } from "../api/types";
import { kindOf } from "../kinds";

export interface Draft {
  /** Stays the same while the question is moved and renamed. */
  key: string;
  /** The name follows the title until somebody edits it, or judgments may already hold it. */
  nameFixed: boolean;
  question: Question;
}

type Base = Pick<Question, "name" | "title" | "description" | "required">;

/** A question of a kind with the usual options of that kind, and no others: the API refuses those. */
export function questionOf(kind: QuestionKind, base: Base): Question {
  const { name, title, description, required } = base;
  const shared = { name, title, description, required };
  // The registry's defaults are those of the kind, so the whole is a question of that kind.
  return { ...shared, kind, ...kindOf({ kind })?.defaults } as Question;
}

let minted = 0;
const mintKey = () => `draft-${++minted}`;

export function draftsOf(questions: readonly Question[]): Draft[] {
  return questions.map((question) => ({ key: mintKey(), nameFixed: true, question }));
}

/** A name that the API accepts, made from a title: ASCII, starting with a letter, not yet taken. */
export function nameFor(title: string, kind: QuestionKind, taken: ReadonlySet<string>): string {
  const plain = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 40);
  const stem = plain || kind;
  for (let number = 1; ; number++) {
    const name = number === 1 ? stem : `${stem}_${number}`;
    if (!taken.has(name)) return name;
  }
}

export function newDraft(kind: QuestionKind, drafts: readonly Draft[]): Draft {
  const taken = new Set(drafts.map((draft) => draft.question.name));
  const name = nameFor("", kind, taken);
  const base = {
    name,
    title: "",
    description: "",
    required: kindOf({ kind })?.isOptional !== true,
  };
  return { key: mintKey(), nameFixed: false, question: questionOf(kind, base) };
}

export const questionsOf = (drafts: readonly Draft[]): Question[] =>
  drafts.map((draft) => draft.question);

/** What one judgment is about: a pair where anything is compared, else the whole prompt. */
export const itemKindOf = (questions: readonly Question[]): "pair" | "prompt" =>
  questions.some((question) => kindOf(question)?.asksPairs) ? "pair" : "prompt";
