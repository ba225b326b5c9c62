import type { ComponentType } from "react";
import type {
  Answer,
  Question,
  QuestionBase,
  QuestionKind,
  QuestionKinds,
  QueueItem,
} from "../api/types";

/** What the annotator has said so far, by question; one that nobody touched has no entry. */
export type Draft = Record<string, Answer>;

/** What every panel gets; a panel asks one question, or several where its kind asks them together. */
export interface PanelProps<Q = Question> {
  questions: readonly Q[];
  /** The outputs' ids in the order shown: the first is A. */
  ids: readonly string[];
  /** The outputs themselves, in no particular order. */
  completions: QueueItem["completions"];
  draft: Draft;
  /** Whether this panel has the keyboard. */
  active: boolean;
  /** Asks for the keyboard. */
  onActivate: () => void;
  onAnswer: (question: string, answer: Answer | undefined) => void;
}

/** What the editor of a question's own options gets. */
export interface OptionsProps<Q = Question> {
  question: Q;
  onChange: (question: Q) => void;
  /** What the server says about one of the question's fields. */
  at: (field: string) => string | undefined;
}

/** One part of a tolerance as its editor shows it; its words are `tolerance.NAME` of the kind's catalogue. */
export type ToleranceField = { name: string } & (
  | { type: "count"; most: number }
  | { type: "number"; most: number }
  | { type: "share" }
  | { type: "flag" }
  | { type: "one" | "several"; options: readonly string[] }
);

/** How the words for an answer name an output, and translate. */
export interface Wording {
  nameOf: (completion: string) => string;
  /** Finds the words of the kind's own catalogue. */
  t: (key: string, values?: Record<string, unknown>) => string;
}

/**
 * A kind of question, as the browser knows it; `Q` is its question and `A` its answer. Its names
 * and hints stand in `words.en.json` and `words.zh.json` beside it.
 */
export interface KindOf<Q, A> {
  /** As the server writes it. */
  name: QuestionKind;
  /** Its place in menus. */
  order: number;
  Panel: ComponentType<PanelProps<Q>>;
  /** The editor of its options, where it has some. */
  Options?: ComponentType<OptionsProps<Q>>;
  /** Its options as a new question has them, all of them and no others: the server refuses those. */
  defaults: Omit<Q, keyof QuestionBase | "kind">;
  /** A new question of this kind may stay unanswered. */
  isOptional?: boolean;
  /** Whether something, as an older wording may have left it, is an answer to this kind. */
  isAnswer: (value: Readonly<Record<string, unknown>>) => boolean;
  /** Whether an answer says anything at all; what says nothing is not sent. */
  saysSomething: (answer: A) => boolean;
  /** Whether an answer that says something covers all that is asked; yes unless told. */
  isComplete?: (question: Q, answer: A, ids: readonly string[]) => boolean;
  /** The answer without its empty parts. */
  toSend?: (answer: A) => A;
  /** The answer in one line. */
  words: (answer: A, wording: Wording) => string;
  /** How far an answer may be from a known one; a kind without it cannot be checked. */
  tolerance?: (question: Q) => readonly ToleranceField[];
  /** Neighbouring questions of this kind share one panel. */
  asksTogether?: boolean;
  /** Where it is asked alone, the key that answers also submits. */
  submitsAlone?: boolean;
  /** It is asked about pairs, so that the project hands out pairs. */
  asksPairs?: boolean;
}

/** A kind among others; it only ever gets questions and answers of its own. */
export type Kind = KindOf<Question, Answer>;

/** Says what a kind is, with its own question and answer types. */
export function kind<K extends QuestionKind>(
  description: KindOf<QuestionKinds[K]["question"], QuestionKinds[K]["answer"]> & { name: K },
): Kind {
  // The registry looks a kind up by its questions' own `kind`, so nothing else reaches it.
  return description as unknown as Kind;
}
