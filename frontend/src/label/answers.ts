import type { Answer, Answers, Question } from "../api/types";

/** Letters stand for the outputs on the screen; judgments name them by id. */
export const letterOf = (position: number) => String.fromCharCode(65 + position);

/** What the annotator has said so far; a question that nobody touched has no entry. */
export type Draft = Answers;

/** The kinds that this page can ask. */
const ASKABLE = new Set<Question["kind"]>([
  "comparison",
  "ranking",
  "rating",
  "best_worst",
  "choice",
  "comment",
]);

export const isAskable = (question: Question) => ASKABLE.has(question.kind);

const covers = (values: Record<string, unknown>, ids: readonly string[]) =>
  ids.every((id) => values[id] !== undefined);

/** Whether an answer says anything at all; what says nothing is not sent. */
export function saysSomething(answer: Answer | undefined): boolean {
  if (!answer) return false;
  if ("choice" in answer) return answer.choice !== "";
  if ("tiers" in answer) return answer.tiers.flat().length > 1;
  if ("scores" in answer) return Object.keys(answer.scores).length > 0;
  if ("best" in answer) return answer.best !== "" && answer.worst !== "";
  if ("values" in answer) {
    return Array.isArray(answer.values)
      ? answer.values.length > 0
      : Object.values(answer.values).some((chosen) => chosen.length > 0);
  }
  if ("spans" in answer) return answer.spans.length > 0;
  return answer.text.trim() !== "";
}

/** Whether a question is answered for every output that it asks about. */
export function isComplete(
  question: Question,
  answer: Answer | undefined,
  ids: readonly string[],
): boolean {
  if (!answer || !saysSomething(answer)) return false;
  if ("scores" in answer) return covers(answer.scores, ids);
  if (question.kind === "choice" && question.per_completion && "values" in answer) {
    const values = answer.values;
    return !Array.isArray(values) && ids.every((id) => (values[id]?.length ?? 0) > 0);
  }
  return true;
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
  for (const { name } of questions) {
    const answer = draft[name];
    if (answer && saysSomething(answer)) answers[name] = withoutEmptyParts(answer);
  }
  return answers;
}

function withoutEmptyParts(answer: Answer): Answer {
  if ("values" in answer && !Array.isArray(answer.values)) {
    const chosen = Object.entries(answer.values).filter(([, values]) => values.length > 0);
    return { values: Object.fromEntries(chosen) };
  }
  return answer;
}

/** With one comparison and nothing else, the key that chooses also submits. */
export function submitsAtOnce(questions: readonly Question[]): boolean {
  return questions.length === 1 && questions[0]?.kind === "comparison";
}
