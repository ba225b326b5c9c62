import type { Answer, Answers, Question } from "../api/types";
import { kindOf } from "../kinds";
import type { Draft } from "../kinds/kind";

export type { Draft };

/** Letters stand for the outputs on the screen; judgments name them by id. */
export const letterOf = (position: number) => String.fromCharCode(65 + position);

/** Whether this page can ask a question; a newer server may have kinds that it does not know. */
export const isAskable = (question: Question) => kindOf(question) !== undefined;

/** Whether a question is answered for every output that it asks about. */
export function isComplete(
  question: Question,
  answer: Answer | undefined,
  ids: readonly string[],
): boolean {
  const kind = kindOf(question);
  if (!answer || !kind?.saysSomething(answer)) return false;
  return kind.isComplete?.(question, answer, ids) ?? true;
}

/** The required questions that still need an answer. */
export function missingQuestions(
  questions: readonly Question[],
  draft: Draft,
  ids: readonly string[],
): Question[] {
  return questions.filter(
    (question) => question.required && !isComplete(question, draft[question.name], ids),
  );
}

/** The answers as they are sent: those that say something, without empty parts. */
export function answersToSend(questions: readonly Question[], draft: Draft): Answers {
  const answers: Answers = {};
  for (const question of questions) {
    const kind = kindOf(question);
    const answer = draft[question.name];
    if (answer && kind?.saysSomething(answer)) {
      answers[question.name] = kind.toSend?.(answer) ?? answer;
    }
  }
  return answers;
}

/** With one comparison and nothing else, the key that chooses also submits. */
export function submitsAtOnce(questions: readonly Question[]): boolean {
  const [only, ...others] = questions;
  return only !== undefined && others.length === 0 && kindOf(only)?.submitsAlone === true;
}
