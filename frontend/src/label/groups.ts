import type { Question } from "../api/types";

/** Questions that one panel asks together: ratings in a row share a grid, others stand alone. */
export interface QuestionGroup {
  kind: Question["kind"];
  questions: Question[];
}

export function groupQuestions(questions: readonly Question[]): QuestionGroup[] {
  const groups: QuestionGroup[] = [];
  for (const question of questions) {
    const last = groups.at(-1);
    if (question.kind === "rating" && last?.kind === "rating") last.questions.push(question);
    else groups.push({ kind: question.kind, questions: [question] });
  }
  return groups;
}
